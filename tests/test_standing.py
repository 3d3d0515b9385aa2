"""Lines of the table of errors: order, means and ranges."""

import numpy as np
import pytest

import resulttables
from seqshift import standing

BASELINES = ["naive", "ridge"]


@pytest.fixture(scope="module")
def scores():
    return resulttables.make(seeds=3, baselines=BASELINES)["scores"]


def test_baselines_stand_below_the_models_of_their_domain_in_the_order_given(scores):
    found = standing.lines(scores, BASELINES[::-1], {})
    for domain in ("energy", "finance"):
        own = [line for line in found if line["run"][0] == domain]
        assert [line["run"][2] for line in own][-2:] == ["ridge", "naive"]
        assert [line["baseline"] for line in own] == [False] * 10 + [True] * 2
    assert [line["run"][0] for line in found] == ["energy"] * 12 + ["finance"] * 12


def test_errors_are_geometric_means_over_entities_with_the_range_over_seeds(scores):
    line = next(
        one for one in standing.lines(scores, BASELINES, {"energy": "MWh"})
        if one["run"] == ("energy", "natural", "lstm")
    )  # fmt: skip
    rows = scores.query(
        "domain == 'energy' and modality == 'natural' and model == 'lstm' "
        "and metric == 'rmse_test'"
    )
    seeds = np.log(rows.pivot(index="seed", columns="entity", values="value"))
    means = np.exp(seeds.mean(axis=1))
    expected = (np.exp(np.log(means).mean()), means.min(), means.max())
    assert line["cells"]["rmse_test"] == pytest.approx(expected)
    assert (line["unit"], line["seeds"], line["entities"]) == ("MWh", 3, 7)


def test_without_scores_there_is_no_line(scores):
    assert standing.lines(scores.iloc[:0], BASELINES, {}) == []
