"""Losses of quantile forecasts against loops over every value."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqshift.schemas.softgroup import LOSSES
from seqshift.softgroup.runs import losses
from softwindows import forecasts, windows

ABOUT = {"backbone": "tiny", "seed": 0, "arm": "hard_single", "leak": 0}


@pytest.fixture(scope="module")
def data():
    return windows()


@pytest.fixture(scope="module")
def quantiles(data):
    return forecasts(data)


def by_hand(quantiles, data, origin, series, start, stop):
    """Return the losses of one window and band, one value at a time."""
    scale = float(data["scale"][origin, series])
    sd = float(data["sd"][origin, series])
    found = dict.fromkeys(losses.MEASURES, 0.0)
    count = stop - start
    for step in range(start, stop):
        actual = float(data["target"][origin, series, step])
        column = [float(q) for q in quantiles[origin, series, :, step]]
        error = abs(actual - column[4])
        found["mase"] += error / scale / count
        found["mae_z"] += error / sd / count
        found["mse_z"] += (error / sd) ** 2 / count
        found["wql_den"] += abs(actual)
        found["cover80"] += (column[0] <= actual <= column[8]) / count
        found["width80"] += (column[8] - column[0]) / scale / count
        for level, value in zip(range(1, 10), column, strict=True):
            tau, miss = level / 10, actual - value
            rho = max(tau * miss, (tau - 1) * miss)
            found["sql"] += 2 * rho / 9 / scale / count
            found["wql_num"] += 2 * rho / 9
    return found


def test_every_loss_is_that_of_a_loop_over_values(data, quantiles):
    measured = losses.measure(quantiles, data)
    for origin, series, (band, span) in [
        (0, 0, (0, (0, 24))),
        (3, 5, (1, (24, 30))),
        (2, 1, (1, (24, 30))),
    ]:
        expected = by_hand(quantiles, data, origin, series, *span)
        found = dict(
            zip(losses.MEASURES, measured[:, origin, series, band], strict=True)
        )
        assert found == pytest.approx(expected, rel=1e-6)


def test_the_table_is_valid_and_puts_each_loss_at_its_window(data, quantiles):
    measured = losses.measure(quantiles, data)
    frame = LOSSES.validate(losses.table(measured, data, ABOUT))
    assert len(frame) == 4 * 6 * 2
    row = frame.set_index(["origin", "series", "step_band"]).loc[(79, "S4", "25-30")]
    assert row["sql"] == measured[1, 2, 4, 1] and row["n_steps"] == 6
    assert row["group"] == "1" and row["split"] == "test"
    assert list(frame) == list(LOSSES.columns)


def test_bands_weighted_by_steps_give_the_mean_over_the_horizon(data, quantiles):
    frame = losses.table(losses.measure(quantiles, data), data, ABOUT)
    whole = losses.pinball(quantiles, data["target"].values.astype(float))
    expected = (whole / data["scale"].values[..., None]).mean()
    assert losses.mean_sql(frame)["hard_single"] == pytest.approx(expected)


@given(st.integers(1, 800))
def test_bands_part_the_horizon(horizon):
    spans = losses.bands(horizon)
    steps = [step for _, start, stop in spans for step in range(start, stop)]
    assert steps == list(range(horizon))
    assert [label for label, _, _ in spans][0].startswith("1-")


def test_a_perfect_forecast_loses_nothing_and_covers_all(data):
    exact = np.repeat(data["target"].values[:, :, None], 9, axis=2)
    found = dict(zip(losses.MEASURES, losses.measure(exact, data), strict=True))
    for name in ("mase", "sql", "wql_num", "mae_z", "mse_z", "width80"):
        assert not found[name].any()
    assert (found["cover80"] == 1).all()


def test_errors_in_z_units_are_missing_where_there_is_no_training_era(quantiles):
    data = windows()
    data["sd"][:] = np.nan
    found = dict(zip(losses.MEASURES, losses.measure(quantiles, data), strict=True))
    assert np.isnan(found["mae_z"]).all() and np.isfinite(found["sql"]).all()


def test_the_seasonal_naive_forecast_repeats_the_last_season():
    context = np.array([[1.0, 2, 3, 4, 5, 6], [1, 2, 3, np.nan, 5, 6]])
    found = losses.seasonal_naive(context, 3, 7)
    np.testing.assert_array_equal(found[0], [4, 5, 6, 4, 5, 6, 4])
    np.testing.assert_array_equal(found[1], [6, 5, 6, 6, 5, 6, 6])


def test_agreement_is_the_median_squared_correlation_of_what_naive_leaves(data):
    draw = np.random.default_rng(0)
    naive = losses.seasonal_naive(data["context"].values, 4, 30)
    first, second = naive + draw.normal(size=(2, *naive.shape))
    squares = [
        np.corrcoef((first - naive)[o, s], (second - naive)[o, s])[0, 1] ** 2
        for o in range(4)
        for s in range(6)
    ]
    found = losses.agreement(first, second, naive)
    assert found == pytest.approx(np.median(squares))
    assert losses.agreement(first, first, naive) == pytest.approx(1)
    assert np.isnan(losses.agreement(naive, naive, naive))
