"""Slopes and differences: by hand, and corrected within their question."""

import numpy as np
import pytest
from scipy import stats

import softgrouptables as made
from seqshift.softgroup.findings import estimates, family, observations
from seqshift.softgroup.findings.evidence import pick
from seqshift.statistics.means import independent

CELL = made.CLUSTERS | {"seeds": [0]}
RULES = made.STATISTICS


def units(gain: float):
    losses = made.losses(CELL, 0, {"soft_single_selected": gain})
    names = family.members(CELL)
    return pick(
        observations.averaged(losses, made.about(CELL), "replicate", names),
        scope="all",
    )


def test_a_slope_is_that_of_each_replicate_with_their_t_interval():
    parts, places = [units(gain) for gain in (0.5, 1.0, 2.0)], np.array([0.2, 0.4, 0.8])
    found = estimates.slope(parts, places, CELL, RULES)
    tables = [one.pivot(index="unit", columns="arm", values="sql") for one in parts]
    gains = [
        100 * (one["hard_single"] - one["soft_single_selected"])
        / one["hard_single"].mean()
        for one in tables
    ]  # fmt: skip
    slopes = np.polyfit(places, np.array(gains), 1)[0]
    known = stats.ttest_1samp(slopes, 0)
    assert found["gain"] == pytest.approx(slopes.mean())
    assert found["p"] == pytest.approx(known.pvalue)
    assert (found["low"], found["high"]) == pytest.approx(
        tuple(known.confidence_interval())
    )
    assert found["units"] == 40 and found["seeds"] == 1


def row(values, margin=np.inf):
    mean = independent(np.array(values))
    return estimates.of_mean(CELL, mean, RULES, "said", len(values), margin)


def test_p_is_corrected_among_the_estimates_of_a_question():
    clear, weak = [3.0, 3.1, 2.9, 3.2], [0.2, 1.0, 0.5, 1.1]
    first, second = estimates.decide([row(clear), row(weak)], 0.05)
    assert second["p_raw"] < 0.05 and second["p_bh"] == pytest.approx(second["p_raw"])
    assert first["p_bh"] == pytest.approx(2 * first["p_raw"])
    assert first["verdict"] == "difference"
    noise = [row([-1.0, 1.1, 0.9, -0.8]) for _ in range(3)]
    among = estimates.decide([row(weak), *noise], 0.05)[0]
    assert among["p_raw"] < 0.05 < among["p_bh"]
    assert among["verdict"] == "undecided" and among["mde_pct"] > 0


def test_an_estimate_without_an_interval_is_not_testable_and_a_small_one_equivalent():
    lost, small = estimates.decide([row([1.0]), row([0.01, -0.02, 0.02], 1.0)], 0.05)
    assert lost["verdict"] == "not testable"
    assert small["verdict"] == "equivalent" and small["tost"] < 0.05
