"""Claims about batches of one origin: each verdict by rows that are set by hand."""

import numpy as np
import pandas as pd
import pytest

import softgrouptables as made
from seqshift.softgroup.findings import mechanism
from softgroupevidence import arm_row, evidence

CELL = made.ETTH1
WEEKLY = CELL | {"dataset": "ett-h1-weekly", "remarks": ["descriptive: few units"]}


@pytest.mark.parametrize(
    ("numbers", "verdict"),
    [
        ({}, "confirmed"),
        ({"verdict": "equivalent", "gain": 0.2}, "partly"),
        ({"verdict": "harm", "gain": -2.0}, "refuted"),
        ({"verdict": "equivalent", "gain": -0.2}, "refuted"),
        ({"verdict": "undecided", "q": 0.4}, "refuted"),
        ({"verdict": "not testable", "q": np.nan, "p": np.nan}, "not testable"),
    ],
)
def test_only_a_gain_can_confirm_significance(numbers, verdict):
    found = mechanism.significant(
        evidence(CELL, [arm_row(CELL, "seed", **numbers)]), CELL
    )
    assert found["verdict"] == verdict, found["text"]


def test_the_p_that_is_called_ewc_is_that_of_ewc():
    row = arm_row(CELL, "seed", p=0.03, unit_p=0.0004)
    text = mechanism.significant(evidence(CELL, [row]), CELL)["text"]
    assert "p 0.0004 by EWC" in text and "q 0.002" in text


def test_descriptive_data_do_not_judge_significance():
    found = mechanism.significant(evidence(WEEKLY, [arm_row(WEEKLY, "seed")]), WEEKLY)
    assert found["verdict"] == "not testable" and "descriptive" in found["text"]


def smoothed(dose: str, shrink: str, average: str, whole="benefit") -> dict:
    arm = "soft_single_selected"
    bases = ("ctrl_dose_selected", *mechanism.SMOOTHERS)
    nets = [
        arm_row(CELL, arm, role="net", base=base, verdict=verdict, mde=mde)
        for base, verdict, mde in zip(bases, (dose, shrink, average), (1.0, 2.5, 1.7),
                                      strict=True)
    ]  # fmt: skip
    rows = [arm_row(CELL, arm, verdict=whole), *nets]
    return mechanism.smoothing(evidence(CELL, rows), CELL)


@pytest.mark.parametrize(
    ("dose", "shrink", "average", "verdict"),
    [
        ("benefit", "benefit", "benefit", "refuted"),
        ("undecided", "benefit", "benefit", "partly"),
        ("undecided", "equivalent", "benefit", "confirmed"),
        ("undecided", "benefit", "harm", "confirmed"),
        ("undecided", "undecided", "benefit", "not testable"),
        ("equivalent", "undecided", "undecided", "not testable"),
    ],
)
def test_smoothing_is_the_reason_only_where_it_is_shown_to_do_as_well(
    dose, shrink, average, verdict
):
    found = smoothed(dose, shrink, average)
    assert found["verdict"] == verdict, found["text"]


def test_smoothing_that_nobody_could_tell_apart_states_what_could_be_found():
    found = smoothed("undecided", "undecided", "benefit")
    assert "MDE 2.50 %" in found["text"]
    assert found["base"] == "ctrl_shrink10" and found["mde_pct"] == 2.5


def alike(pearson: float, agreement: float, least: float) -> dict:
    arms = {"hard_single": 1.0, "seed": pearson, "hard_joint": least}
    keys = {name: CELL[name] for name in ("backbone", "dataset", "H")}
    rows = pd.DataFrame([
        keys | {"arm": arm, "pearson": value, "agreement": agreement}
        for arm, value in arms.items()
    ])  # fmt: skip
    return mechanism.identical(evidence(CELL, [], agreement=rows), CELL)


def test_likeness_is_judged_by_what_is_known_alone():
    assert alike(0.99, 0.99, 0.985)["verdict"] == "confirmed"
    assert alike(0.99, 0.7, 0.985)["verdict"] == "partly"
    assert alike(0.9, 0.7, 0.985)["verdict"] == "refuted"
    assert alike(0.99, np.nan, 0.985)["verdict"] == "not testable"


def test_likeness_tells_nothing_only_where_all_arms_are_alike():
    assert "tells no arm" in alike(0.99, 0.7, 0.985)["text"]
    assert "tells no arm" not in alike(0.99, 0.7, 0.6)["text"]
