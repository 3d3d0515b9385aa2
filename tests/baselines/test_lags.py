"""Naive, last value, seasonal naive: they repeat what was."""

import numpy as np
import pandas as pd
import pytest

import beside
from seqshift.baselines import last_value, naive, seasonal_naive
from seqshift.dataset import Dataset


@pytest.mark.parametrize(
    ("kind", "days"), [(naive, 1), (last_value, 1), (seasonal_naive, 2)]
)
def test_load_is_repeated_after_so_many_days(kind, days):
    data = beside.load()
    frame, found = beside.predict(kind, data, {})
    table = data.features.set_index(["entity", "date"])["load"]
    past = frame["date"] - pd.Timedelta(days=days)
    expected = table.loc[list(zip(frame["entity"], past, strict=True))]
    np.testing.assert_array_equal(found[:, 0], expected)


def test_a_season_of_one_span_repeats_the_naive_volatility_and_ten_its_elder():
    data = beside.volatility()
    frame, last = beside.predict(last_value, data, {})
    np.testing.assert_allclose(last[:, 0], frame["naive_1"], rtol=1e-12)
    _, season = beside.predict(seasonal_naive, data, {})
    returns = beside.sessions()
    for place in (3, 500, len(frame) - 1):
        line = frame.iloc[place]
        at = returns.index.get_loc(line["date"])
        days = returns[line["entity"]].iloc[at - 10 : at - 5]
        expected = np.log(np.sqrt((days**2).mean()) + 1e-4)
        assert season[place, 0] == pytest.approx(expected, rel=1e-12)


def test_a_week_is_whole_at_every_horizon():
    data = beside.load(horizons=[1, 3])
    table = data.features
    for name in ("target", "naive"):
        table = table.assign(**{f"{name}_3": table[f"{name}_1"].shift(-2)})
    made = Dataset(table, data.roles, data.scaler, data.spec)
    frame, found = beside.predict(seasonal_naive, made, {})
    load = data.features.set_index(["entity", "date"])["load"]
    # Two days before the third day is the target day, not known yet: so four days,
    # which is two days before the target day.
    for column, days in ((0, 2), (1, 2)):
        past = frame["date"] - pd.Timedelta(days=days)
        expected = load.loc[list(zip(frame["entity"], past, strict=True))]
        np.testing.assert_array_equal(found[:, column], expected)
