"""The arrays of one run, and measures over drawn days."""

import numpy as np
import pandas as pd
import pytest

import errortable
from seqshift.errors import BadInput
from seqshift.metrics import errors, panel
from seqshift.statistics import blocks


def whole(run: panel.Panel, mask: np.ndarray) -> panel.Era:
    days = panel.era(run, mask)
    stop = np.array([[len(days)]])
    return panel.Era(days, blocks.Draws(len(days), np.array([[0]]), stop, 1))


def test_measures_of_a_role_equal_those_of_its_rows():
    frame = errortable.noisy(0)
    run = panel.read(frame)
    mask = run.where("temporal_test")
    found = panel.measure(run, mask, whole(run, mask))
    for place, name in enumerate(run.entities):
        rows = frame[(frame["entity"] == name) & (frame["split"] == "temporal_test")]
        error = (rows["forecast"] - rows["actual"]).to_numpy()
        naive = (rows["naive"] - rows["actual"]).to_numpy()
        assert found.count[place, 0] == len(rows)
        if len(rows):
            assert found.rmse[place, 0] == pytest.approx(errors.rmse(error))
            assert found.mae[place, 0] == pytest.approx(errors.mae(error))
            assert found.naive_rmse[place, 0] == pytest.approx(errors.rmse(naive))
            assert found.naive_mae[place, 0] == pytest.approx(errors.mae(naive))
        else:
            assert np.isnan(found.rmse[place, 0])


def test_the_order_of_rows_does_not_matter():
    frame = errortable.noisy(1)
    one, other = panel.read(frame), panel.read(frame.sample(frac=1, random_state=0))
    np.testing.assert_array_equal(one.error, other.error)
    np.testing.assert_array_equal(one.split, other.split)


def test_a_slice_is_a_part_of_its_role():
    run = panel.read(errortable.noisy(0, unseen=0))
    parts = [run.where("temporal_test", name).sum() for name in ("", "crash", "heat")]
    assert sum(parts) == run.where("temporal_test").sum()
    assert parts == [4 * 570, 4 * 40, 4 * 30]


def test_windows_without_actual_or_naive_are_left_out_for_model_and_naive_alike():
    frame = errortable.noisy(0, unseen=0)
    frame.loc[3, "actual"] = np.nan
    frame.loc[5, "naive"] = np.nan
    run = panel.read(frame)
    for values in (run.error, run.naive):
        assert np.isnan(values[0, 3, 0]) and np.isnan(values[0, 5, 0])
    assert run.where("train")[0].sum() == 800 - 2


def test_only_the_median_of_quantile_forecasts_is_judged():
    frame = errortable.noisy(0)
    low = frame.assign(quantile=0.1, forecast=-99.0)
    both = pd.concat([frame.assign(quantile=0.5), low], ignore_index=True)
    np.testing.assert_array_equal(panel.read(both).error, panel.read(frame).error)


def test_horizons_of_a_day_are_measured_together():
    frame = errortable.noisy(0)
    later = frame.assign(horizon=np.int64(2), forecast=frame["actual"] + 3)
    run = panel.read(pd.concat([frame, later], ignore_index=True))
    mask = run.where("train")
    found = panel.measure(run, mask, whole(run, mask))
    error = panel.read(frame)
    rows = error.error[0][error.where("train")[0]]
    expected = np.sqrt((rows**2).mean() / 2 + 9 / 2)
    assert found.rmse[0, 0] == pytest.approx(expected)
    assert found.count[0, 0] == 2 * len(rows)


def test_two_runs_in_one_table_are_refused():
    frame = pd.concat([errortable.noisy(0), errortable.noisy(1)], ignore_index=True)
    with pytest.raises(BadInput, match="2 runs"):
        panel.read(frame)


def test_a_forecast_that_is_not_finite_is_refused_with_its_place():
    frame = errortable.noisy(0)
    frame.loc[7, "forecast"] = np.inf
    with pytest.raises(BadInput, match="E0 for 2001-01-08 is not finite"):
        panel.read(frame)
