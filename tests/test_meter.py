"""What a job measures of itself."""

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace

import pytest
import torch
from snakemake.iocontainers import OutputFiles, Params, Wildcards

from seqshift import meter, storage
from seqshift.schemas.costs import JOB


def script(path, **wildcards) -> SimpleNamespace:
    return SimpleNamespace(
        rule="train",
        threads=1,
        wildcards=Wildcards(fromdict=wildcards),
        params=Params(fromdict={"code": "0123"}),
        output=OutputFiles(fromdict={"cost": str(path)}),
    )


RUN = {"domain": "energy", "modality": "natural", "model": "mlp", "seed": "3"}


def test_a_job_writes_one_row_that_validates(tmp_path):
    path = tmp_path / "cost.csv"
    with meter.measure() as reading:
        torch.randn(200, 200) @ torch.randn(200, 200)
    meter.write(script(path, **RUN), reading, windows=10, held=2, passes=4)
    (row,) = storage.read_csv(path, JOB).to_dict("records")
    assert {name: str(row[name]) for name in RUN} == RUN
    assert (row["rule"], row["windows"], row["held"], row["passes"]) == (
        "train", 10, 2, 4,
    )  # fmt: skip
    assert row["seconds"] > 0 and row["cpu_seconds"] >= 0
    assert row["memory_bytes"] > 10e6  # the interpreter with torch


def test_keys_that_are_no_wildcards_are_said(tmp_path):
    path = tmp_path / "cost.csv"
    job = script(path, domain="energy", model="mlp")
    reading = meter.Reading(seconds=1.0, cpu_seconds=1.0)
    meter.write(job, reading, 1, 0, 1, modality="natural", seed=1000)
    assert storage.read_csv(path, JOB)["seed"].tolist() == [1000]


def test_a_seed_of_several_bears_its_share_and_its_own_seconds(tmp_path):
    whole = meter.Reading(30.0, cpu_seconds=8.0, joules=100.0, precision="tf32")
    job = script("none", domain="energy", modality="natural", model="mlp")
    job.rule, paths = "train_seeds", [tmp_path / "0.csv", tmp_path / "1.csv"]
    for seed, path in enumerate(paths):
        own = whole.share(2, seconds=12.5)
        meter.write(job, own, 1, 0, 1, path, rule="train", seed=seed)
        row = storage.read_csv(path, JOB).iloc[0]
        assert (row["rule"], row["seed"], row["seconds"]) == ("train", seed, 12.5)
        assert (row["cpu_seconds"], row["joules"]) == (4.0, 50.0)
        assert row["precision"] == "tf32"


def test_the_digest_of_the_facts_does_not_hold_the_number_of_the_cluster_job(
    tmp_path, monkeypatch
):
    found = []
    for number in ("1", "2"):
        monkeypatch.setenv("SLURM_JOB_ID", number)
        meter.write(script(tmp_path / "c.csv", **RUN), meter.Reading(1.0, 1.0), 1, 0, 1)
        found.append(storage.read_csv(tmp_path / "c.csv", JOB)["facts"].item())
    assert found[0] == found[1]


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_without_a_gpu_its_figures_are_missing(tmp_path):
    path = tmp_path / "cost.csv"
    with meter.measure() as reading:
        pass
    meter.write(script(path, **RUN), reading, 1, 0, 1)
    row = storage.read_csv(path, JOB).iloc[0]
    assert row["device"] == "cpu"
    assert row[["cuda_allocated_bytes", "cuda_reserved_bytes", "joules"]].isna().all()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
def test_on_a_gpu_memory_is_measured_where_it_is_used(tmp_path):
    path = tmp_path / "cost.csv"
    with meter.measure() as reading:
        torch.zeros(1_000_000, device="cuda").sum().item()
    meter.write(script(path, **RUN), reading, 1, 0, 1)
    row = storage.read_csv(path, JOB).iloc[0]
    assert row["device"] == "cuda"
    assert row["cuda_reserved_bytes"] >= row["cuda_allocated_bytes"] >= 4e6


class DriverError(Exception):
    """What the package raises where there is no driver."""


def driver(monkeypatch, millijoules: int, start=lambda: None):
    """Put a package in place of nvidia-ml-py; return the names it was asked for."""
    asked = []
    package = ModuleType("pynvml")
    package.__spec__ = ModuleSpec("pynvml", None)
    package.NVMLError = DriverError
    package.nvmlInit = start
    package.nvmlDeviceGetHandleByIndex = lambda number: asked.append(number)
    package.nvmlDeviceGetHandleByUUID = lambda name: asked.append(name)
    package.nvmlDeviceGetTotalEnergyConsumption = lambda handle: millijoules
    monkeypatch.setitem(sys.modules, "pynvml", package)
    return asked


@pytest.mark.parametrize(
    ("visible", "name"), [(None, 0), ("2,3", 2), ("GPU-ab-cd", "GPU-ab-cd")]
)
def test_energy_is_asked_of_the_gpu_that_the_job_sees(monkeypatch, visible, name):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if visible:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    asked = driver(monkeypatch, 4500)
    assert meter.joules() == 4.5
    assert asked == [name]


def test_energy_is_missing_where_there_is_no_driver(monkeypatch):
    def fail():
        raise DriverError

    driver(monkeypatch, 0, start=fail)
    assert meter.joules() != meter.joules()
