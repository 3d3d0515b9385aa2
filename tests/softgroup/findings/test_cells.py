"""The cells that the configuration plans, run or not."""

import pytest
import yaml

from seqshift.softgroup.findings import cells


@pytest.fixture(scope="module")
def section(repo):
    return yaml.safe_load((repo / "config/config.yaml").read_text())["softgroup"]


@pytest.fixture(scope="module")
def plan(section):
    worlds = dict.fromkeys(section["datasets"], "simulated")
    return cells.plan(section, worlds)


def test_every_data_set_is_planned_and_says_why_it_is_not_run(section, plan):
    known = {cell["dataset"]: cell for cell in plan["planned"]}
    assert set(known) == set(section["datasets"])
    run = {name for name, cell in known.items() if not cell["reason"]}
    assert run == set(section["run"]["datasets"])
    assert "no source" in known["ett-h2"]["reason"]
    assert "not among" in known["clusters-96"]["reason"]


def test_weights_that_are_not_run_are_absent_with_a_reason(plan):
    names = {one["backbone"] for one in plan["absent"]}
    assert names == {"chronos-2", "chronos-2-small", "chronos-2-synth"}
    assert all(one["reason"] for one in plan["absent"])


def test_a_cell_knows_its_unit_its_groups_and_its_calendar(plan):
    known = {cell["dataset"]: cell for cell in plan["planned"]}
    assert known["clusters"]["unit"] == "replicate"
    assert known["m4-hourly"]["unit"] == "series" and not known["m4-hourly"]["calendar"]
    ett = known["ett-h1"]
    assert (ett["unit"], ett["right"], ett["wrong"]) == ("origin", "type", "level")
    assert ett["leak"] and not known["ett-h2"]["leak"]
    assert "descriptive" in known["ett-h1-weekly"]["remarks"][0]
    assert known["clusters-192"]["sweep"]["rows"] == 192


def test_mixed_origins_are_planned_at_the_first_horizon_alone(section):
    longer = section | {
        "datasets": {"ett-h1": section["datasets"]["ett-h1"] | {"horizons": [96, 192]}}
    }
    found = cells.planned(longer, {"ett-h1": "real"})
    assert {cell["H"]: cell["leak"] for cell in found} == {96: True, 192: False}
