import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqshift import grid

VALUES = st.recursive(
    st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES)
def test_canonical_keeps_the_value_and_forgets_the_order_of_keys(value):
    def turned(item):
        if isinstance(item, dict):
            return {key: turned(item[key]) for key in reversed(list(item))}
        return [turned(part) for part in item] if isinstance(item, list) else item

    assert grid.canonical(value) == value
    assert repr(grid.canonical(value)) == repr(grid.canonical(turned(value)))


def test_runs_are_the_product_of_the_lists():
    experiment = {
        "domains": ["finance", "energy"],
        "modalities": ["natural"],
        "models": ["mlp", "lstm"],
        "seeds": [0, 3],
    }
    runs = list(grid.runs(experiment))
    assert len(runs) == 8
    assert {run["seed"] for run in runs} == {0, 3}
    baselines = list(grid.baselines(experiment))
    assert [run["model"] for run in baselines] == ["naive", "naive"]


def test_contrasts_need_a_natural_twin_of_another_seed():
    experiment = {
        "domains": ["energy"],
        "modalities": ["natural", "mixup"],
        "models": ["mlp"],
        "seeds": [0, 4],
    }
    found = list(grid.contrasts(experiment))
    assert [(run["modality"], run["seed"]) for run in found] == [
        ("mixup", 0),
        ("mixup", 4),
    ]
    assert not list(grid.contrasts(experiment | {"seeds": [0]}))
    assert not list(grid.contrasts(experiment | {"modalities": ["mixup"]}))


def test_the_other_seed_is_one_of_the_same_natural_run():
    lists = {"domains": ["energy"], "modalities": ["natural"], "models": ["mlp"]}
    grids = {
        "main": lists | {"seeds": [0, 4]},
        "more": lists | {"seeds": [2]},
        "elsewhere": lists | {"domains": ["finance"], "seeds": [3]},
    }
    found = [grid.next_seed(grids, "energy", "mlp", seed) for seed in (0, 2, 4)]
    assert found == [2, 4, 0]


def test_unused_entries_of_a_catalogue_are_left_out():
    config = {
        "mirror": "there",
        "worlds": {"moon": {}, "mars": {}},
        "sources": {
            "air": {"origin": "simulate", "world": "moon"},
            "sea": {"origin": "mirror"},
        },
        "domains": {"wind": {"sources": {"speed": ["air"]}}, "tide": {"sources": {}}},
        "modalities": {"natural": {}},
        "models": {"mlp": {}, "lstm": {}},
        "experiments": {
            "main": {
                "domains": ["wind"],
                "modalities": ["natural"],
                "models": ["mlp"],
                "seeds": [0],
            }
        },
    }
    used = grid.used(config)
    assert list(used["models"]) == ["mlp"]
    assert list(used["domains"]) == ["wind"]
    assert list(used["sources"]) == ["air"]
    assert list(used["worlds"]) == ["moon"]
    assert used["mirror"] == ""


def test_the_path_of_a_run_tells_its_keys():
    path = "results/energy/mixup/lstm/seed=12/history.csv"
    assert grid.keys(path) == {
        "domain": "energy",
        "modality": "mixup",
        "model": "lstm",
        "seed": 12,
    }


def test_a_path_without_a_seed_is_refused():
    with pytest.raises(ValueError, match="not the path of a run"):
        grid.keys("results/energy/mixup/lstm/final/history.csv")
