"""What the jobs of the study do with a backbone, from files to tables."""

import os

import numpy as np
import pytest

import panelworlds
from seqshift import storage
from seqshift.schemas import softgroup as schemas
from seqshift.schemas.raw import TABLES
from seqshift.softgroup.data import cutting
from seqshift.softgroup.runs import arms, scoring, selection, study
from seqshift.sources import ett
from softmodels import pipeline
from softwindows import windows

SPEC = {
    "set": {
        "single": {"corr-abs": [0, 1, 2], "dist": [2]},
        "wrong": {"corr-abs": [1]},
        "controls": [1],
    },
    "min_overlap": 16,
    "validation": 3,
    "dose": {"origins": 2, "tolerance": 0.001},
    "probes": 1,
    "rows": 48,
    "seed": 0,
}
RUN = {"backbone": "nano", "seed": 4}
LEAK = {
    "block": 24,
    "blocks": 1,
    "leads": [8],
    "map": "affine",
    "beta": 5,
    "replica": 150,
    "first": [100],
    "min_overlap": 16,
}
CURVE = {"origins": 30, "sizes": [50], "draws": 2, "seed": 0}


@pytest.fixture(scope="module")
def model():
    return pipeline(context=64)


@pytest.fixture(scope="module")
def test_windows():
    return windows(origins=5, horizon=30)


@pytest.fixture(scope="module")
def validated(model):
    made = windows(origins=5, horizon=30, split="validation", seed=7)
    return made, *scoring.validate(model, made, SPEC, RUN)


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    """Return what the windows of a simulated file of ETT are cut by."""
    folder = tmp_path_factory.mktemp("ett")
    table = panelworlds.table(ett, folder, panelworlds.METERS)
    storage.write_table(table, folder / "ett.parquet", TABLES[ett.TABLE])
    spec = {"kind": "ett", "source": "ett", "file": "ETTh1", "cadence": "native"}
    spec |= {"season": 24, "stride": 24, "context": 96, "seed": 0}
    return {
        "name": "ett-h1",
        "spec": spec | {"bounds": [200, 300, 480]},
        "split": "test",
        "horizon": 24,
        "tables": [str(folder / "ett.parquet")],
        "world": "simulated",
    }


def test_validation_scores_candidates_on_a_spread_of_origins(validated):
    made, losses, mass = validated
    schemas.LOSSES.validate(losses)
    schemas.MASS.validate(mass)
    assert losses["origin"].unique().tolist() == made["origin"].values[::2].tolist()
    assert set(losses["split"]) == {"val"}
    candidates = arms.candidates(SPEC["set"], study.rows_of(made, 16))
    chosen = {arm.id for arm in candidates if arms.selectable(arm)}
    assert set(losses["arm"]) == chosen | {"hard_single"}
    assert "soft_single_corr-abs_b0" in set(mass["arm"])
    assert not any(mass["arm"].str.startswith("soft_wrong"))


def test_scores_hold_every_arm_and_every_probe_is_zero(model, test_windows, validated):
    made, losses, _ = validated
    candidates = arms.candidates(SPEC["set"], study.rows_of(made, 16))
    selected = selection.selected(selection.select(losses, candidates))
    found, facts, probe = scoring.score(model, test_windows, made, SPEC, selected, RUN)
    schemas.LOSSES.validate(found)
    schemas.AGREEMENT.validate(facts)
    schemas.PROBE.validate(probe)
    assert set(found["arm"]) == set(facts["arm"]) == set(probe["arm"]) - {"leak_all"}
    assert {"soft_single_selected", "soft_wrong_selected"} <= set(found["arm"])
    assert set(found["split"]) == {"test"} and set(found["seed"]) == {4}
    assert (probe.loc[probe["leak"] == 0, "difference"] == 0).all()


def test_the_same_seed_gives_the_same_scores(model, test_windows, validated):
    made, selected = validated[0], {"single": "soft_single_corr-abs_b2"}
    first, second = (
        scoring.score(model, test_windows, made, SPEC, selected, RUN) for _ in range(2)
    )
    for one, other in zip(first, second, strict=True):
        assert one.equals(other)


def test_the_leak_is_traced_in_both_designs_and_in_the_replica(model, cut):
    (found,) = scoring.trace_leak(model, cut, LEAK, RUN)
    schemas.LEAK.validate(found)
    assert set(found["design"]) == {"block", "short", "replica", "first"}
    assert found["series"].nunique() == 7 + 1  # and all
    whole = found[(found["design"] == "first") & (found["variant"] == "hard")]
    origins = 150 - 96 - 24 + 1
    assert whole["windows"].tolist() == [100, 7 * origins]
    assert (found["context"] == np.where(found["design"] == "short", 32, 64)).all()


def test_the_curve_runs_over_consecutive_origins(model, cut):
    (found,) = scoring.trace_curve(model, cut, CURVE, SPEC, RUN)
    schemas.CURVE.validate(found)
    assert found["windows"].max() == 7 * 30
    assert set(found["arm"]) == {"hard_joint", "seed"}
    one = cutting.cut(**scoring.consecutive(cut))
    assert (np.diff(one["origin"]) == 1).all()


def test_a_backbone_is_loaded_without_a_network(tmp_path, monkeypatch):
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    pipeline(context=64).save_pretrained(tmp_path)
    model = scoring.load(tmp_path)
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert model.model_context_length == 64


def test_a_job_joins_the_tables_of_all_seeds_of_a_backbone(tmp_path, cut):
    folders = {seed: tmp_path / f"seed={seed}" for seed in (0, 3)}
    alone = {}
    for seed, folder in folders.items():
        pipeline(context=64, seed=seed).save_pretrained(folder)
        run = {"backbone": "nano", "seed": seed}
        alone[seed] = scoring.trace_curve(scoring.load(folder), cut, CURVE, SPEC, run)
    (found,) = scoring.each_seed(
        [str(folder / "model.safetensors") for folder in folders.values()],
        "nano",
        "cpu",
        lambda model, run: scoring.trace_curve(model, cut, CURVE, SPEC, run),
    )
    schemas.CURVE.validate(found)
    for seed, own in found.groupby("seed"):
        assert own.reset_index(drop=True).equals(alone[seed][0])
    assert not alone[0][0]["gain_pct"].equals(alone[3][0]["gain_pct"])
