"""The family is declared from the configuration, before a loss is read."""

import inspect
import re

import pandas as pd

import softgrouptables as made
from seqshift import storage
from seqshift.schemas.findings import FAMILY, TESTS
from seqshift.softgroup.findings import family, hypotheses

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
    files = ("softgroup", "softgroup_figures")
    text = "\n".join((repo / f"rules/{name}.smk").read_text() for name in files)
    rules = dict(re.findall(r"^rule (\w+):\n(.*?)(?=^(?:use )?rule |\Z)", text,
                            re.M | re.S))  # fmt: skip
    assert "input:" not in rules["declare_family"]
    loss = re.compile(r"score_arms|/losses\.parquet")
    readers = [name for name, body in rules.items() if loss.search(body)]
    assert readers == ["average_losses"]
    for name in (*readers, "test_arms", "tabulate"):
        assert "family=rules.declare_family.output.family" in rules[name]


def test_descriptive_data_are_named_and_outside_of_the_family():
    weekly = made.ETTH1 | {"dataset": "ett-h1-weekly", "remarks": ["descriptive: few"]}
    declared = family.declare([made.ETTH1, weekly])
    storage.validate(declared, FAMILY, "family")
    own = declared[declared["dataset"] == "ett-h1-weekly"]
    assert set(own["status"]) == {"descriptive"}
    keys = {"scope": "all", "role": "gain", "metric": "sql", "arm": "seed", "p": 0.01}
    numbers = {"gain": 2.0, "mde": 1.0, "tost_p": 0.9}
    rows = [
        {name: cell[name] for name in ("backbone", "dataset", "H")} | keys | numbers
        for cell in (made.ETTH1, weekly)
    ]
    tests = pd.DataFrame(rows).reindex(columns=list(TESTS.columns))
    tests["part"] = tests["band"] = ""
    judged = hypotheses.judge(tests, declared, 0.05).set_index("dataset")["family"]
    assert judged.to_dict() == {
        "ett-h1": "confirmatory",
        "ett-h1-weekly": "exploratory",
    }
