"""The rules of backbones and windows as Snakemake sees them."""

import pytest

import study

FOLDER = "results/softgroup/backbones"
REAL = ("--configfile", "config/pilot.yaml", "config/paper.yaml")


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    return study.copy(tmp_path_factory.mktemp("clone"))


def rules(jobs):
    return sorted(rule for rule, _ in jobs)


def test_a_backbone_is_trained_or_taken_and_then_judged(clone):
    trained = study.planned(clone, f"{FOLDER}/tiny/seed=3/gate.json")
    wildcards = "backbone=tiny, seed=3"
    names = ("synthesize_priors", "train_backbone", "gate_backbone")
    assert trained == {(name, wildcards) for name in names}
    taken = study.planned(clone, f"{FOLDER}/chronos-2/seed=0/gate.json")
    assert rules(taken) == ["gate_backbone", "take_weights"]


def test_only_a_backbone_that_names_a_gpu_asks_for_one(clone):
    files = [f"{FOLDER}/{name}/seed=0/train.json" for name in ("tiny", "large")]
    done = study.snakemake(clone, *files, "-n")
    assert done.returncode == 0, done.stdout
    asked = [line for line in done.stdout.splitlines() if "gpu=" in line]
    assert sorted("gpu=1" in line for line in asked) == [False, True]


def test_windows_are_cut_from_the_source_of_their_dataset(clone):
    folder = "results/softgroup"
    jobs = study.planned(clone, f"{folder}/m4-hourly/horizon=48/test.nc")
    dataset = "dataset=m4-hourly, horizon=48, split=test"
    cut = {("obtain", "source=m4"), ("parse", "source=m4"), ("cut_windows", dataset)}
    assert jobs == cut
    jobs = study.planned(clone, f"{folder}/clusters/horizon=96/validation.nc")
    assert rules(jobs) == ["cut_windows"]


def test_a_dataset_without_a_source_is_named_and_what_to_do(clone):
    done = study.snakemake(clone, "results/softgroup/ett-h2/horizon=96/test.nc", "-n")
    assert done.returncode != 0
    assert "softgroup.datasets.ett-h2 has no source; name one, or" in done.stdout


def test_real_files_make_every_dataset_of_the_pilot_but_those_not_in_the_mirror(clone):
    names = ["ett-h1/horizon=720", "m4-seed50/horizon=48", "eia930-weekly/horizon=8"]
    files = [f"results/softgroup/{name}/validation.nc" for name in names]
    jobs = study.planned(clone, *files, *REAL)
    assert rules(jobs).count("cut_windows") == 3 and rules(jobs).count("obtain") == 3


@pytest.mark.parametrize(
    "name",
    [
        "clusters/horizon=96/tiny/selected.json",
        "ett-h1/horizon=96/tiny/leak.parquet",
        "ett-h1/horizon=96/tiny/curve.parquet",
    ],
)
def test_every_seed_has_passed_its_gate_before_it_forecasts(clone, name):
    jobs = study.planned(clone, f"results/softgroup/{name}")
    assert rules(jobs).count("gate_backbone") == 5
