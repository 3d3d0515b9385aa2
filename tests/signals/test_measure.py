"""The assembly of windows and forecasts, and the table of all signals."""

import numpy as np
import pandas as pd
import pytest

from seqshift.errors import BadInput
from seqshift.signals import distances, inputs, measure

SPEC = {"penalty": 5, "bins": 10, "samples": 256, "shrinkage": 0.1, "seed": 0}
DAYS = pd.date_range("2010-01-01", "2014-12-31", freq="D")


def world(seeds=2, features=2):
    """Return last rows, their frame and forecasts; the test era begins in 2014."""
    rng = np.random.default_rng(0)
    role = np.select(
        [DAYS.year == 2013, DAYS.year == 2014, DAYS.month == 6],
        ["val", "temporal_test", "id_test"],
        "train",
    )
    frames, xs = [], []
    for entity in ("A", "B"):
        part = pd.DataFrame({"entity": entity, "date": DAYS, "role": role})
        xs.append(rng.normal(size=(len(DAYS), features)))
        frames.append(part.assign(origin=DAYS - pd.Timedelta(days=1)))
    frame, x = pd.concat(frames, ignore_index=True), np.vstack(xs)
    actual = 10 * rng.normal(size=len(frame))
    parts = [
        frame.assign(seed=seed, actual=actual, horizon=1, quantile=np.nan,
                     forecast=actual + seed + rng.normal(size=len(frame)))
        for seed in range(seeds)
    ]  # fmt: skip
    return x, frame, pd.concat(parts)


def test_forecasts_are_joined_to_their_windows_in_units_of_the_train_target():
    x, frame, forecasts = world()
    mixed = forecasts.sample(frac=1, random_state=0)
    found = inputs.assemble(x, frame, mixed)
    assert found.seeds == [0, 1] and found.forecast.shape == (2, len(frame))
    one = forecasts[(forecasts["seed"] == 1) & (forecasts["entity"] == "A")]
    scale = one.loc[one["role"] == "train", "actual"].std(ddof=0)
    own = found.entity == "A"
    np.testing.assert_allclose(found.forecast[1, own], one["forecast"] / scale)
    gap = np.abs(one["forecast"] - one["actual"]) / scale
    np.testing.assert_allclose(found.loss[1, own], gap)
    np.testing.assert_array_equal(found.x[own], x[: own.sum()])


def test_no_common_window_is_refused_in_one_sentence():
    x, frame, forecasts = world()
    with pytest.raises(BadInput, match="run the rule forecast again"):
        inputs.assemble(x, frame.assign(entity="C"), forecasts)


def test_a_quarter_is_compared_with_train_windows_of_its_season():
    found = inputs.assemble(*world())
    rows = pd.DataFrame(measure.compared(found, SPEC), columns=measure.COLUMNS)
    assert set(rows["period"]) == {f"2014Q{q}" for q in range(1, 5)}
    assert np.isfinite(rows["value"]).all()
    own = found.entity == "B"
    past = own & (found.role == "train") & (found.season == 3)
    now = own & (found.period == "2014Q3")
    want = distances.ks(found.x[past], found.x[now])
    chosen = rows[(rows["entity"] == "B") & (rows["period"] == "2014Q3")]
    assert chosen.loc[chosen["signal"] == "ks", "value"].tolist() == [want] * 2
    apart = chosen.loc[chosen["signal"] == "prediction-ks", "value"]
    assert apart.nunique() == 2


def test_one_seed_has_no_disagreement():
    found = inputs.assemble(*world(seeds=1))
    rows = pd.DataFrame(measure.compared(found, SPEC), columns=measure.COLUMNS)
    lost = rows[rows["value"].isna()]
    assert set(lost["signal"]) == {"disagreement"}


def test_forms_of_drift_come_from_the_test_quarters():
    quarters = pd.DataFrame({
        "seed": 0, "entity": "A", "variant": ["ig", "ig", "untrained"],
        "period": ["2010Q1", "2014Q1", "2014Q1"], "drift": [0.5, 0.02, 0.04],
        "role": ["reference", "test", "test"], "null_mean": 0.01, "z": 3.0,
    })  # fmt: skip
    found = measure.drifted(quarters).set_index("signal")["value"]
    assert found["cos-drift"] == 0.02 and found["cos-drift-z"] == 3
    assert found["cos-drift-ratio"] == pytest.approx(np.log(2))
    assert found["untrained"] == 0.04 and len(found) == 4
