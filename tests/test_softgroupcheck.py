import copy

import pytest
import yaml

from seqshift import checks, softgroupcheck
from seqshift.errors import BadInput


@pytest.fixture(scope="module")
def demo(repo):
    files = [repo / "config" / name for name in ("sources.yaml", "config.yaml")]
    known, config = (yaml.safe_load(path.read_text()) for path in files)
    return known | config


def check(config):
    softgroupcheck.check(config, checks.kinds("softgroup/data/datasets"))


def altered(demo, path, value):
    config = copy.deepcopy(demo)
    place = config["softgroup"]
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    return config


def test_the_demo_is_accepted(demo):
    check(demo)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (["run", "backbones"], ["tyny"], "softgroup.run.backbones: 'tyny'.*tiny"),
        (
            ["run", "datasets"],
            ["ett"],
            "softgroup.run.datasets: 'ett'.*clusters, .*ett-h1",
        ),
        (
            ["backbones", "tiny", "size"],
            "big",
            "size of softgroup.backbones.tiny: 'big'.*",
        ),
        (
            ["backbones", "tiny", "context"],
            250,
            "tiny.context: 250 steps are no whole n",
        ),
        (
            ["backbones", "tiny", "horizon"],
            100,
            "tiny.horizon: 100 steps are no whole nu",
        ),
        (
            ["backbones", "tiny", "length"],
            300,
            "hold no window of context . horizon = 352",
        ),
        (
            ["backbones", "chronos-2", "seeds"],
            [0, 1],
            "chronos-2.seeds: weights that are",
        ),
        (
            ["datasets", "ett-h1", "kind"],
            "etd",
            "ett-h1: 'etd': choose .*clusters, eia930",
        ),
        (["datasets", "ett-h1", "source"], "ettt", "ett-h1: 'ettt': choose one of ett"),
        (
            ["datasets", "ett-h1", "source"],
            "m4",
            "m4 is of kind m4 and the dataset of ki",
        ),
        (
            ["datasets", "ett-h1", "bounds"],
            [300, 700, 1000],
            "context of 512; shorten it",
        ),
        (
            ["datasets", "ett-h1", "horizons"],
            [400],
            "360 steps of validation hold 0 targ",
        ),
        (
            ["datasets", "ett-h1", "stride"],
            800,
            "792 steps of test hold 1 targets of 96 a",
        ),
        (
            ["datasets", "ett-h1", "bounds"],
            [900, 700, 2000],
            "-200 steps of validation h",
        ),
        (
            ["datasets", "clusters", "replicates"],
            4001,
            "seeds of validation and test over",
        ),
        (
            ["datasets", "clusters", "short_steps"],
            [64, 24],
            "64 and 24 should rise and end",
        ),
        (
            ["datasets", "clusters", "short_steps"],
            [24, 300],
            "end within the context of 256",
        ),
    ],
)
def test_a_contradiction_is_one_clear_sentence(demo, path, value, words):
    with pytest.raises(BadInput, match=words) as caught:
        check(altered(demo, path, value))
    assert "\n" not in str(caught.value)


def test_a_dataset_may_have_no_source_and_one_that_is_not_run_none_at_hand(demo):
    config = altered(demo, ["run", "datasets"], ["clusters", "ett-h2"])
    config["sources"]["ett"]["world"] = "moon"
    check(config)
    with pytest.raises(BadInput, match="world of sources.ett: 'moon'"):
        check(config | {"softgroup": demo["softgroup"]})


def test_every_kind_has_an_entry(demo):
    kinds = {spec["kind"] for spec in demo["softgroup"]["datasets"].values()}
    assert kinds == set(checks.kinds("softgroup/data/datasets"))
