"""Checks of arms, leak and curve of softgroup."""

import copy

import pytest
import yaml

from seqshift import armscheck
from seqshift.errors import BadInput


@pytest.fixture
def section(repo):
    return yaml.safe_load((repo / "config/config.yaml").read_text())["softgroup"]


def test_a_set_is_chosen_by_data_set_or_by_data_set_and_horizon():
    spec = {
        "use": {"full": ["clusters", "ett-h1/96"]},
        "otherwise": "core",
        "sets": {"full": {"a": 1}, "core": {"b": 2}},
    }
    assert armscheck.chosen(spec, "clusters", 96) == {"a": 1}
    assert armscheck.chosen(spec, "ett-h1", 96) == {"a": 1}
    assert armscheck.chosen(spec, "ett-h1", 720) == {"b": 2}


def test_the_shipped_section_is_fine(section):
    armscheck.check(section)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("arms", "otherwise"), "most", "unknown set of softgroup.arms: 'most'"),
        (("arms", "use"), {"all": []}, "unknown set of softgroup.arms: 'all'"),
        (("arms", "use"), {"full": ["ett-h9/96"]}, "arms.use: 'ett-h9/96'"),
        (("arms", "sets", "core", "controls"), [3], "does not run at beta 3"),
        (("arms", "sets", "core", "single"), {"dist": [0]}, "not run at beta 2"),
        (("arms", "min_overlap"), {"clusters": 16}, "min_overlap lacks ett"),
        (("leak", "datasets"), ["clusters"], "no consecutive origins"),
        (("curve", "datasets"), ["ett-h9"], "softgroup.curve: 'ett-h9'"),
    ],
)
def test_a_contradiction_is_named(section, path, value, said):
    changed = copy.deepcopy(section)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises(BadInput, match=said):
        armscheck.check(changed)


def test_a_set_of_checks_alone_is_refused(section):
    changed = copy.deepcopy(section)
    ends = {"single": {"corr-abs": [0, float("inf")]}, "controls": []}
    changed["arms"]["sets"]["core"] |= ends
    with pytest.raises(BadInput, match="no arm could be selected"):
        armscheck.check(changed)
