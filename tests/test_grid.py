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
    domains = {
        "finance": {"baselines": ["naive"]},
        "energy": {"baselines": ["naive", "ridge"]},
    }
    baselines = list(grid.baselines(experiment, domains))
    assert [(run["domain"], run["model"]) for run in baselines] == [
        *(("finance", "naive"), ("energy", "naive"), ("energy", "ridge"))
    ]
    assert {(run["modality"], run["seed"]) for run in baselines} == {("natural", 0)}


def test_contrasts_need_a_natural_twin_of_another_seed():
    experiment = {
        "domains": ["energy"],
        "modalities": ["natural", "mixup", "half"],
        "models": ["mlp"],
        "seeds": [0, 4],
    }
    kinds = {name: {"kind": "natural"} for name in ("natural", "half")}
    kinds["mixup"] = {"kind": "mixup"}
    found = list(grid.contrasts(experiment, kinds))
    assert [(run["modality"], run["seed"]) for run in found] == [
        ("mixup", 0),
        ("mixup", 4),
    ]
    assert not list(grid.contrasts(experiment | {"seeds": [0]}, kinds))
    assert not list(grid.contrasts(experiment | {"modalities": ["mixup"]}, kinds))


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
        "catalogue": {"tube": {}, "gauge": {}},
        "worlds": {"moon": {}, "mars": {}},
        "sources": {
            "air": {"kind": "tube", "origin": "simulate", "world": "moon"},
            "sea": {"kind": "gauge", "origin": "mirror"},
        },
        "domains": {
            "wind": {"sources": {"speed": ["air"]}, "baselines": ["naive"]},
            "tide": {"sources": {}, "baselines": ["naive", "ridge"]},
        },
        "baselines": {"naive": {}, "ridge": {}},
        "modalities": {"natural": {}},
        "models": {"mlp": {}, "lstm": {}, "mlp-wide": {}},
        "ablations": {"mlp-wide": "mlp", "lstm": "mlp"},
        "experiments": {
            "main": {
                "domains": ["wind"],
                "modalities": ["natural"],
                "models": ["mlp"],
                "seeds": [0],
            },
        },
    }
    config["experiments"]["ablations"] = {
        **config["experiments"]["main"],
        "models": ["mlp", "mlp-wide"],
    }
    used = grid.used(config)
    assert list(used["models"]) == ["mlp", "mlp-wide"]
    assert used["ablations"] == {"mlp-wide": "mlp"}
    assert list(used["domains"]) == ["wind"]
    assert list(used["baselines"]) == ["naive"]
    assert list(used["sources"]) == ["air"]
    assert list(used["catalogue"]) == ["tube"]
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


KNOWN = {
    "title": "Tide gauges",
    "coverage": "2001 to today",
    "tried": {"mirror": [], "imitation": True},
    "url": "https://tides.example/{name}.csv",
    "key": "TIDE_API_KEY",
    "limits": [[4, 1]],
    "licence": "CC0",
    "redistributable": True,
    "pins": {"a.csv": "0" * 64},
}


def sea(**own) -> dict:
    """Return what a job must know of a source of the kind above."""
    config = {"catalogue": {"gauge": KNOWN}, "pins": "strict"}
    return grid.source(config | {"sources": {"sea": {"kind": "gauge"} | own}}, "sea")


def test_a_downloaded_source_knows_all_that_its_client_needs():
    spec = sea(origin="download", licence="ours", query={"names": ["a"]})
    assert spec["url"] == KNOWN["url"] and spec["limits"] == [[4, 1]]
    assert spec["licence"] == "ours" and spec["query"] == {"names": ["a"]}
    assert spec["pins"] == KNOWN["pins"] and spec["pin_policy"] == "strict"
    assert list(spec) == sorted(spec)


@pytest.mark.parametrize("origin", ["download", "mirror", "simulate"])
def test_what_is_only_for_a_reader_is_no_part_of_a_job(origin):
    assert not {"title", "coverage", "tried"} & sea(origin=origin).keys()


def test_a_source_that_asks_no_host_does_not_depend_on_its_address():
    made, copied = sea(origin="simulate", pins={"a": "1"}), sea(origin="mirror")
    for spec in (made, copied):
        assert not {"url", "key", "limits", "pins", "pin_policy"} & spec.keys()
    assert copied["licence"] == "CC0"
    assert "licence" not in made, "simulated files have a licence of their own"


def test_a_mirrored_source_has_the_pins_of_its_own_entry():
    spec = sea(origin="mirror", pins={"a.csv.gz": "1" * 64})
    assert spec["pins"] == {"a.csv.gz": "1" * 64}
