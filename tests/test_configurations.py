"""The configurations as a user merges them: valid, complete, of the stated sizes."""

import pytest
import yaml
from jsonschema import Draft202012Validator
from snakemake.utils import update_config

from seqshift import checks, grid, universe

STACKS = [
    [],
    ["smoke"],
    ["pilot"],
    ["pilot", "laptop"],
    ["pilot", "paper"],
    ["official"],
    ["official", "paper"],
    ["official", "simulated"],
    ["official", "simulated", "paper"],
]


@pytest.fixture
def merged(repo):
    """Return a function of overlays: the resolved configuration that is reached."""
    schema = yaml.safe_load((repo / "config/schema.yaml").read_text())

    def of(*names):
        config = {}
        for name in ("sources", "config", *names):
            update_config(
                config, yaml.safe_load((repo / f"config/{name}.yaml").read_text())
            )
        Draft202012Validator(schema).validate(config)
        config = universe.resolve(config, repo)
        checks.check(config)
        return grid.used(config)

    return of


def counts(config, domain):
    entities = config["domains"][domain]["entities"]
    return len(entities["seen"]), len(entities["unseen"])


@pytest.mark.parametrize("names", STACKS, ids="+".join)
def test_every_stack_of_overlays_is_valid(merged, names):
    config = merged(*names)
    for domain in config["domains"].values():
        both = domain["entities"]["seen"] + domain["entities"]["unseen"]
        assert set(both) <= set(domain.get("regions", both))


@pytest.mark.parametrize(
    ("overlay", "states"), [("pilot", (14, 2)), ("official", (43, 5))]
)
def test_real_data_are_of_the_stated_sizes(merged, overlay, states):
    config = merged(overlay)
    assert counts(config, "finance") == counts(config, "finance-volatility") == (61, 5)
    assert counts(config, "energy") == states


def test_official_sources_are_downloaded(merged):
    sources = merged("official")["sources"]
    assert {spec["kind"] for spec in sources.values()} == {
        *("sharadar", "vix", "pudl", "nclimgrid", "cpc", "eia860m")
    }
    assert {spec["origin"] for spec in sources.values()} == {"download"}


def test_the_simulated_study_is_the_official_one_with_other_files(merged):
    official, simulated = merged("official"), merged("official", "simulated")
    assert simulated["domains"] == official["domains"]
    for name, spec in simulated["sources"].items():
        assert spec["origin"] == "simulate"
        assert spec | {"origin": "download"} == official["sources"][name]


def test_a_simulated_world_covers_entities_and_eras_of_its_domain(merged):
    config = merged("official", "simulated")
    for world, domain in {"market": "finance", "grid": "energy"}.items():
        spec, task = config["worlds"][world], config["domains"][domain]
        entities = task["entities"]["seen"] + task["entities"]["unseen"]
        assert spec["entities"] == sorted(entities)
        years = [spec[f"{era}_years"] for era in ("train", "val", "test")]
        start = int(spec["start"][:4])
        assert spec["start"] <= task["start"]
        assert start + sum(years[:2]) == int(task["splits"]["test"][0][:4])
        assert start + sum(years) - 1 == int(task["end"][:4])


def test_the_paper_changes_sizes_and_seeds_alone(merged):
    plain, paper = merged("official"), merged("official", "paper")
    for section in ("sources", "worlds"):
        assert paper[section] == plain[section]
    for name, spec in paper["domains"].items():
        same = {"attribution": spec["attribution"]}
        assert spec == plain["domains"][name] | same
    assert len(paper["experiments"]["main"]["seeds"]) == 10
