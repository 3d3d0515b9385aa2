"""E7: where a configuration of substantial benefit may be said to be."""

import pytest

import softgrouptables as made
from seqshift.softgroup.findings import across
from softgroupevidence import arm_row, evidence

ARM = "soft_single_selected"
WEEKLY = made.ETTH1 | {"dataset": "ett-h1-weekly", "remarks": ["descriptive: few"]}


def answered(cells: list[dict], gain: str, net: str) -> list[dict]:
    signs = {"harm": -1, "equivalent": 0.1}
    rows = []
    for cell in cells:
        for role, base, verdict in (("gain", "hard_single", gain),
                                    ("net", across.DOSE, net)):  # fmt: skip
            size = 2.0 * signs.get(verdict, 1)
            rows.append(arm_row(cell, ARM, role=role, base=base, verdict=verdict,
                               gain=size))  # fmt: skip
    return list(across.substantial(evidence(cells[0], rows), cells))


@pytest.mark.parametrize(
    ("gain", "net", "verdict"),
    [
        ("benefit", "benefit", "yes"),
        ("harm", "benefit", "undecided"),
        ("undecided", "benefit", "undecided"),
        ("benefit", "undecided", "undecided"),
        ("equivalent", "equivalent", "no"),
    ],
)
def test_yes_takes_a_gain_over_the_baseline_and_over_the_constant(gain, net, verdict):
    *_, rule = answered([made.ETTH1], gain, net)
    assert rule["data"] == "all real data" and rule["verdict"] == verdict


def test_an_arm_that_loses_to_the_baseline_is_no_benefit_in_its_cell():
    cell, _ = answered([made.ETTH1], "harm", "benefit")
    assert cell["verdict"] == "harm" and "over single series -2.00 %" in cell["text"]


@pytest.mark.parametrize("cell", [made.M4, WEEKLY], ids=["undated", "descriptive"])
def test_undated_and_descriptive_data_do_not_decide(cell):
    *_, alone = answered([cell], "benefit", "benefit")
    assert alone["verdict"] == "not testable" and cell["dataset"] in alone["text"]
    *_, joined = answered([made.ETTH1, cell], "benefit", "benefit")
    decided, left = joined["text"].split("left out")
    assert joined["verdict"] == "yes"
    assert cell["dataset"] not in decided.replace("ett-h1 ", "")
    assert cell["dataset"] in left
