"""What holds for every baseline: the form of a run, and no look ahead."""

import numpy as np
import pandas as pd
import pytest

import beside
from seqshift import forecasting, registry, storage
from seqshift.dataset import Dataset
from seqshift.errors import BadInput
from seqshift.schemas import results

PLAIN = [name for name in beside.CALM if name != "har"]


@pytest.fixture(scope="module")
def dataset():
    return {"load": beside.load(), "volatility": beside.volatility()}


def test_every_baseline_of_the_package_is_tested_here():
    assert {*beside.CALM, "lightgbm"} == set(registry.choices("baselines"))


@pytest.mark.parametrize("name", beside.CALM)
def test_a_baseline_forecasts_every_window_once_in_raw_units(dataset, name, tmp_path):
    data = dataset["volatility"]
    spec = beside.CALM[name][1] | {"kind": name}
    table = forecasting.baseline(name, spec, data, "finance-volatility")
    storage.write_table(table, tmp_path / "forecasts.parquet", results.FORECASTS)
    _, frame = data.cut(*forecasting.SCORED)
    assert len(table) == len(frame)
    assert set(table["model"]) == {name} and set(table["modality"]) == {"natural"}
    assert set(table["seed"]) == {0}
    np.testing.assert_array_equal(table["actual"], frame["target_1"])
    error = (table["forecast"] - table["actual"]).abs()
    assert error.mean() < 1.0, "raw units are logs of volatility"


@pytest.mark.parametrize("name", beside.CALM)
def test_the_future_changes_no_forecast_of_volatility(dataset, name):
    kind, spec = beside.CALM[name]
    day = pd.Timestamp("2004-03-01")
    returns = beside.sessions().copy()
    returns[day:] = 3 * returns[day:].to_numpy()[::-1]
    frame, before = beside.predict(kind, dataset["volatility"], spec)
    _, after = beside.predict(kind, beside.volatility(returns), spec)
    early = (frame["date"] <= day).to_numpy()
    np.testing.assert_array_equal(before[early], after[early])
    assert (before[~early] != after[~early]).any()


@pytest.mark.parametrize("name", PLAIN)
def test_the_future_changes_no_forecast_of_load(dataset, name):
    kind, spec = beside.CALM[name]
    data, day = dataset["load"], pd.Timestamp("2004-03-01")
    table = data.features.copy()
    later, own = table["date"] > day, table["date"] >= day
    table.loc[own, ["load", "target_1"]] *= 7.0
    table.loc[later, ["temp", "flag", "naive_1"]] -= 5.0
    other = Dataset(table, data.roles, data.scaler, data.spec)
    frame, before = beside.predict(kind, data, spec)
    _, after = beside.predict(kind, other, spec)
    early = (frame["date"] <= day).to_numpy()
    np.testing.assert_array_equal(before[early], after[early])
    assert (before[~early] != after[~early]).any()


@pytest.mark.parametrize("name", ["ridge", "har"])
def test_what_is_not_trained_on_changes_no_coefficient(dataset, name):
    kind = beside.CALM[name][0]
    spec = {"penalties": [1.0], "means": [10, 22]}
    returns = beside.sessions().copy()
    returns["2003-02-03":] *= 5.0  # the validation and test eras behind the embargo
    data, other = dataset["volatility"], beside.volatility(returns)
    assert data.scaler == other.scaler
    frame, before = beside.predict(kind, data, spec)
    _, after = beside.predict(kind, other, spec)
    train = (frame["role"] == "train").to_numpy()
    np.testing.assert_array_equal(before[train], after[train])
    assert (before[~train] != after[~train]).any()


@pytest.mark.parametrize("name", ["ridge", "har"])
def test_an_unseen_entity_changes_no_coefficient(dataset, name):
    kind, spec = beside.CALM[name]
    returns = beside.sessions().copy()
    returns["DD"] = 9.0 * returns["DD"].to_numpy()[::-1]
    frame, before = beside.predict(kind, dataset["volatility"], spec)
    made = beside.volatility(returns)
    # The index of the made-up market holds all companies: keep the old one.
    made.features["vix"] = dataset["volatility"].features["vix"]
    made.scaler["shared"]["vix"] = dataset["volatility"].scaler["shared"]["vix"]
    _, after = beside.predict(kind, made, spec)
    seen = (frame["entity"] != "DD").to_numpy()
    np.testing.assert_array_equal(before[seen], after[seen])
    assert (before[~seen] != after[~seen]).any()


def test_a_forecast_that_is_not_finite_is_refused_with_entity_and_day(dataset):
    data = dataset["load"]
    spec = data.spec | {"season": 800}
    late = Dataset(data.features, data.roles, data.scaler, spec)
    with pytest.raises(BadInput, match="for EAST on 2001-01-05 is not finite; .*take"):
        forecasting.baseline("weekly", {"kind": "seasonal-naive"}, late, "energy")


def test_an_unknown_kind_lists_the_choices(dataset):
    with pytest.raises(BadInput, match="'arima': choose one of har, last-value"):
        forecasting.baseline("x", {"kind": "arima"}, dataset["load"], "energy")
