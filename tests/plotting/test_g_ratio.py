"""The G-Ratio figure."""

import numpy as np
import pytest

import resulttables
from seqshift.plotting import g_ratio


@pytest.fixture
def tests():
    tables = resulttables.make(domains=("energy",), models=("mlp", "lstm"), seeds=2)
    return tables["tests"]


def test_one_hopeless_interval_does_not_squeeze_the_others(tests):
    rows = (tests["metric"] == "g_ratio") & (tests["model"] == "mlp")
    tests.loc[rows, ["low", "high"]] = [1e-9, 1e9]
    tests.loc[rows, ["estimate", "status"]] = [1.2, "ok"]
    (panel,) = g_ratio.draw({"tests": tests}).axes
    low, high = panel.get_xlim()
    assert 0.1 < low < high < 20
    arrows = {line.get_marker() for line in panel.lines} & {"<", ">"}
    assert arrows == {"<", ">"}


def test_the_naive_forecast_has_a_row_even_if_it_was_not_scored(tests):
    for table in (tests, tests[tests["model"] != "naive"]):
        (panel,) = g_ratio.draw({"tests": table}).axes
        labels = [label.get_text() for label in panel.get_yticklabels()]
        assert labels == ["mlp", "lstm", "naive"]
    assert "no run" in [text.get_text() for text in panel.texts]


def test_both_columns_of_each_run_are_drawn_at_their_estimates(tests):
    own = tests[(tests["metric"] == "g_ratio") & (tests["axis"] == "temporal")]
    (panel,) = g_ratio.draw({"tests": tests}).axes
    points = [line for line in panel.lines if line.get_marker() in ("o", "s")]
    drawn = [line.get_xdata()[0] for line in points]
    expected = own[["estimate", "estimate_seed"]].to_numpy().ravel()
    expected = expected[np.isfinite(expected)]
    assert np.allclose(np.sort(drawn), np.sort(expected))
