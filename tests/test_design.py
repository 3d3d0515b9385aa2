"""Flattened windows and values of the past."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

import beside
from seqshift import design
from seqshift.dataset import Dataset

SIZE = st.integers(1, 9)


def test_a_row_is_the_window_lag_by_lag_with_its_calendar():
    data = beside.load()
    cut, frame = data.cut("val")
    rows = design.flat(cut)
    assert rows.shape == (len(frame), 4 * (3 + 4)) and rows.dtype == np.float64
    place = 17
    day = frame["date"][place]
    for lag in range(4):
        led = day - pd.Timedelta(days=3 - lag)  # the day of the led features
        turns = np.array([led.dayofyear / 365.25, led.dayofweek / 7]) * 2 * np.pi
        expected = [*cut.x[place, lag], *np.sin(turns), *np.cos(turns)]
        got = rows[place, 7 * lag : 7 * lag + 7]
        np.testing.assert_allclose(got, expected, atol=1e-5)


def counting(horizon: int, span: int) -> tuple[Dataset, pd.DataFrame]:
    """Return data in which a value is the step at which it begins, and a frame."""
    steps = np.arange(40)
    days = pd.date_range("2001-01-01", periods=40)
    table = pd.DataFrame({"entity": "AA", "date": days, "step": steps + 7})
    table[f"target_{horizon}"] = steps + 7.0 + horizon - 1
    target = {"horizons": [horizon], "span": span}
    return Dataset(table, table, {}, {"target": target}), table[["entity", "date"]]


@given(horizon=SIZE, span=SIZE, season=SIZE)
def test_a_repeated_value_is_the_newest_known_at_the_same_season(horizon, span, season):
    data, frame = counting(horizon, span)
    found = design.repeat(data, frame, season)[:, 0]
    for step, begins in zip(data.features["step"], found, strict=True):
        if np.isnan(begins):
            assert step - 7 < horizon + span + season
            continue
        assert begins + span - 1 < step, "its last day lies in the future"
        assert (step + horizon - 1 - begins) % season == 0
        assert begins + season + span - 1 >= step, "a newer one was known"


def test_a_step_that_is_not_there_gives_no_value():
    data, frame = counting(1, 1)
    holed = data.features.drop(index=[20])
    found = design.before(holed, frame.drop(index=[20]), "target_1", 3)
    missing = frame.drop(index=[20]).index[np.isnan(found)]
    assert list(missing) == [0, 1, 2, 23]


def test_values_of_one_entity_never_stand_for_another():
    data = beside.load()
    frame = data.cut("val")[1]
    found = design.before(data.features, frame, "load", 1)
    table = data.features.set_index(["entity", "date"])["load"]
    past = frame["date"] - pd.Timedelta(days=1)
    expected = [table[key] for key in zip(frame["entity"], past, strict=True)]
    np.testing.assert_array_equal(found, expected)
