"""Boosted trees: an extra, absent or present."""

import sys

import numpy as np
import pandas as pd
import pytest

import beside
from seqshift import design, scaling
from seqshift.baselines import lightgbm
from seqshift.errors import BadInput


@pytest.fixture
def library():
    return pytest.importorskip("lightgbm", reason="run make extras EXTRAS=lightgbm")


def test_without_the_package_the_way_to_install_it_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    with pytest.raises(BadInput, match="make extras EXTRAS=lightgbm.*`baselines`"):
        beside.predict(lightgbm, beside.load(), beside.TREES)


def test_the_same_data_give_the_same_bytes(library):
    data = beside.load()
    first, second = (beside.predict(lightgbm, data, beside.TREES)[1] for _ in "ab")
    assert first.tobytes() == second.tobytes()


def test_trees_forecast_better_than_the_last_value(library):
    frame, found = beside.predict(lightgbm, beside.load(), beside.TREES)
    test = (frame["role"] == "temporal_test").to_numpy()
    error = np.abs(found[test, 0] - frame["target_1"][test]).mean()
    assert error < 0.9 * np.abs(frame["naive_1"] - frame["target_1"])[test].mean()


def test_growth_stops_when_the_validation_error_no_longer_falls(library, capsys):
    beside.predict(lightgbm, beside.load(), beside.TREES | {"trees": 2000})
    grown = int(capsys.readouterr().out.split("lightgbm: ")[1].split()[0])
    assert 1 < grown < 1000


def test_the_future_changes_no_forecast(library):
    day = pd.Timestamp("2004-03-01")
    returns = beside.sessions().copy()
    returns[day:] *= 3.0
    frame, before = beside.predict(lightgbm, beside.volatility(), beside.TREES)
    _, after = beside.predict(lightgbm, beside.volatility(returns), beside.TREES)
    early = (frame["date"] <= day).to_numpy()
    np.testing.assert_array_equal(before[early], after[early])
    assert (before[~early] != after[~early]).any()


def test_one_booster_of_the_library_gives_the_same_forecast(library):
    data = beside.load()
    frame, found = beside.predict(lightgbm, data, beside.TREES | {"patience": 60})
    train, val = data.windows("train"), data.windows("val")
    known = library.Dataset(design.flat(train), train.target[:, 0])
    own = {"objective": "regression", "num_leaves": 7, "learning_rate": 0.2}
    own |= {"num_threads": 1, "verbosity": -1, "seed": 0}
    booster = library.train(own, known, 60)
    errors = [
        np.square(booster.predict(design.flat(val), num_iteration=n)
                  - val.target[:, 0]).mean()
        for n in range(1, 61)
    ]  # fmt: skip
    best = int(np.argmin(errors)) + 1
    rows = design.flat(data.cut(*beside.SCORED)[0])
    z = booster.predict(rows, num_iteration=best)
    expected = scaling.unscale(z, frame["entity"].to_numpy(), data.scaler)
    np.testing.assert_allclose(found[:, 0], expected, rtol=1e-6)
