"""The family is declared from the configuration, before a loss is read."""

import inspect
import re

import softgrouptables as made
from seqshift import storage
from seqshift.schemas.findings import FAMILY
from seqshift.softgroup import family

CELLS = [made.CLUSTERS, made.ETTH1, made.M4, made.ETTH2]


def test_the_declared_arms_of_ett_are_those_of_the_plan():
    assert family.members(made.ETTH1) == [
        "hard_level",
        "hard_type",
        "hard_joint",
        "soft_single_selected",
        "soft_level_selected",
        "seed",
    ]
    assert family.members(made.M4) == ["hard_joint", "soft_single_selected", "seed"]


def test_cells_without_data_are_declared_with_the_reason():
    declared = family.declare(CELLS)
    storage.validate(declared, FAMILY, "family")
    lost = declared[declared["status"] == "not available"]
    assert set(lost["dataset"]) == {"ett-h2"} and len(lost) == 6
    assert set(lost["reason"]) == {made.ETTH2["reason"]}


def test_no_loss_is_needed_and_every_loss_is_read_after_the_family(repo):
    assert list(inspect.signature(family.declare).parameters) == ["cells"]
    text = (repo / "rules/softgroup.smk").read_text()
    rules = dict(re.findall(r"^rule (\w+):\n(.*?)(?=^(?:use )?rule |\Z)", text,
                            re.M | re.S))  # fmt: skip
    assert "input:" not in rules["declare_family"]
    readers = [name for name, body in rules.items() if "losses.parquet" in body]
    assert readers == ["average_losses"]
    for name in (*readers, "test_arms", "tabulate"):
        assert "family=rules.declare_family.output.family" in rules[name]
