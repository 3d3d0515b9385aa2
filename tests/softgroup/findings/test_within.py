"""Answers of one data set: verdicts are those of what was fixed before the test."""

from dataclasses import replace

import numpy as np
import pytest

import softgroupstudy
from seqshift.softgroup.findings import within
from seqshift.softgroup.findings.evidence import pick

SELECTED = "soft_single_selected"


@pytest.fixture(scope="module")
def evidence():
    return softgroupstudy.make()["evidence"]


def changed(evidence, cell: dict, values: dict, **where):
    """Return the evidence with other values in the rows of TESTS of a cell."""
    tests = evidence.tests.copy()
    at = pick(tests, dataset=cell["dataset"], **where).index
    for name, value in values.items():
        tests.loc[at, name] = value
    return replace(evidence, tests=tests)


def test_the_verdict_on_sharpness_is_that_of_the_beta_of_validation(evidence):
    cell = evidence.cells[0]
    kinds = evidence.tests["role"] == "kind"
    tests = evidence.tests.assign(
        base=evidence.tests["base"].where(~kinds, "soft_single_corr-abs_binf")
    )
    found = within.sharpness(replace(evidence, tests=tests), cell)
    assert found["arm"] == "soft_single_corr-abs_binf"
    assert found["verdict"] == "equivalent"
    assert "least loss at beta inf" not in found["text"]


def test_benefit_and_harm_side_by_side_are_a_difference(evidence):
    where = {"arm": SELECTED, "scope": "part", "role": "gain"}
    cell = next(one for one in evidence.cells if one["dataset"] == "ett-h1")
    parts = {"HUFL": ("benefit", 2.0), "OT": ("harm", -3.0)}
    known = changed(evidence, cell, {"verdict": "undecided"}, **where)
    for part, (verdict, gain) in parts.items():
        values = {"verdict": verdict, "gain": gain}
        known = changed(known, cell, values, part=part, **where)
    found = within.parts(known, cell)
    assert found["verdict"] == "difference" and found["estimate_pct"] == -3
    assert "benefit: HUFL" in found["text"] and "harm: OT" in found["text"]


def test_kinds_that_cannot_be_tested_are_not_called_alike(evidence):
    cell = next(one for one in evidence.cells if one["dataset"] == "m4-hourly")
    lost = {name: np.nan for name in ("low", "high", "p", "q", "mde", "tost_p")}
    known = changed(evidence, cell, lost | {"note": "too few"}, role="kind")
    found = within.kinds(known, cell)
    assert (found["verdict"], found["text"]) == ("not testable", "too few")


def test_the_answer_on_steps_is_the_slope_and_not_the_whole_gain(evidence):
    cell = next(one for one in evidence.cells if one["dataset"] == "ett-h1")
    found = within.steps(evidence, [cell])[0]
    units = pick(evidence.units["tiny", "ett-h1", 96], scope="band")
    mean = units.groupby(["arm", "band"])["sql"].mean().unstack("band")
    gain = 100 * (1 - mean.loc[SELECTED] / mean.loc["hard_single"])
    place = np.array([12.5, 36.5, 60.5, 84.5]) / 100
    by_hand = np.polyfit(place, gain[["1-24", "25-48", "49-72", "73-96"]], 1)[0]
    assert found["estimate_pct"] == pytest.approx(by_hand)
    assert found["ci_lo"] < by_hand < found["ci_hi"] and found["mde_pct"] > 0
    assert found["p_raw"] <= found["p_bh"] and np.isnan(found["tost"])
    assert found["verdict"] == ("difference" if found["p_bh"] < 0.05 else "undecided")
    whole = evidence.one(cell, SELECTED)
    assert f"all steps {whole['gain']:+.2f}" in found["text"]
    loud = {"verdict": "benefit", "q": 0.0, "p": 0.0}
    known = changed(evidence, cell, loud, arm=SELECTED, scope="all")
    assert within.steps(known, [cell])[0]["verdict"] == found["verdict"]
