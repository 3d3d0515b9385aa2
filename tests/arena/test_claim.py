"""The claim on tables whose verdict is known, and thresholds that travel."""

import numpy as np
import pytest

from arenatables import SPEC, inverted, make, truth, useless
from seqshift.arena import claim, judge, transfer


def verdict(**how):
    cells = judge.cells(judge.domains(*make(**how)), SPEC)
    moved = transfer.transfer(cells, SPEC)
    return claim.claim(cells, moved, SPEC).set_index(["part", "scope"]), moved


def drifts(form):
    return {"cos-drift": form, "cos-drift-ratio": form}


def test_a_perfect_signal_is_supported_in_all_four_parts():
    rows, _ = verdict()
    whole = rows.xs("all", level="scope")["outcome"]
    assert whole.drop("claim").eq("held").all()
    assert whole["claim"] == "supported"
    assert rows.loc[("claim", "all"), "detail"] == "supported"


def test_an_inverted_signal_is_not_supported_and_loses_to_its_rival():
    rows, _ = verdict(**drifts(inverted), untrained=truth)
    assert rows.loc[("i", "all"), "outcome"] == "failed"
    assert rows.loc[("ii", "all"), "outcome"] == "failed"
    assert rows.loc[("iii", "all"), "outcome"] == "failed"
    assert rows.loc[("iv", "all"), "outcome"] == "failed"
    said = rows.loc[("claim", "all"), "detail"]
    assert said == "not supported; Cos-Drift loses to untrained"


def test_a_useless_signal_is_not_supported():
    rows, _ = verdict(**drifts(useless), untrained=truth)
    assert rows.loc[("claim", "all"), "outcome"] == "not supported"


def test_a_single_domain_cannot_tell_whether_a_threshold_travels():
    rows, moved = verdict(domains=("energy",))
    assert moved.empty
    assert rows.loc[("i", "all"), "outcome"] == "held"
    assert rows.loc[("iii", "all"), "outcome"] == "not testable"
    assert rows.loc[("iv", "all"), "outcome"] == "not testable"
    assert rows.loc[("claim", "all"), "detail"] == "not testable"


def test_too_few_failures_leave_every_part_open():
    rows, moved = verdict(fail=0.0)
    assert (rows["outcome"] == "not testable").all()
    assert (moved["status"] == "not_testable").all()
    assert "energy: 0 positives, fewer than 5" in moved["reason"].iloc[0]


def test_unequal_slopes_are_an_interaction():
    signals, scores = make()
    steep = (signals["domain"] == "finance") & (signals["signal"] == "cos-drift-ratio")
    signals.loc[steep, "value"] *= 10
    cells = judge.cells(judge.domains(signals, scores), SPEC)
    rows = claim.claim(cells, transfer.transfer(cells, SPEC), SPEC)
    rows = rows.set_index(["part", "scope"])
    assert rows.loc[("iv", "energy"), "outcome"] == "held"
    assert rows.loc[("iv", "finance"), "outcome"] == "held"
    assert rows.loc[("iv", "energy against finance"), "outcome"] == "failed"
    assert rows.loc[("iv", "all"), "outcome"] == "failed"
    # The same units separate failures in each domain, at another level in each.
    assert rows.loc[("i", "all"), "outcome"] == "held"


def test_a_level_of_its_own_keeps_a_threshold_from_travelling():
    signals, scores = make()
    rows = (signals["domain"] == "finance") & (signals["signal"] == "cos-drift-ratio")
    signals.loc[rows, "value"] += 100
    cells = judge.cells(judge.domains(signals, scores), SPEC)
    moved = transfer.transfer(cells, SPEC).set_index(
        ["source", "label", "lead", "signal"]
    )
    assert moved.loc[("energy", "g-seed", 1, "cos-drift-ratio"), "accuracy"] == 0.5
    assert moved.loc[("energy", "g-seed", 1, "cos-drift"), "accuracy"] > 0.9


def test_youden_takes_the_value_that_separates_best():
    values, positive = np.array([1.0, 2, 3, 4, 5]), np.array([0, 0, 1, 0, 1], bool)
    limits = [
        (values[positive] >= limit).mean() - (values[~positive] >= limit).mean()
        for limit in values
    ]
    assert transfer.youden(values, positive) == values[::-1][np.argmax(limits[::-1])]


def test_thresholds_travel_in_both_directions_and_at_leads_above_zero():
    _, moved = verdict()
    assert set(moved["lead"]) == {1}
    assert set(zip(moved["source"], moved["domain"], strict=True)) == {
        ("energy", "finance"),
        ("finance", "energy"),
    }


@pytest.mark.parametrize("seed", range(3))
def test_the_same_tables_give_the_same_rows(seed):
    first, _ = verdict(seed=seed)
    again, _ = verdict(seed=seed)
    assert first.equals(again)
