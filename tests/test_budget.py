"""The budget as Snakemake keeps it: before the first job, for what is left to do."""

import re

import pytest

import study

RUN = "results/finance/natural/mlp/seed=0"


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    return study.copy(tmp_path_factory.mktemp("budget") / "clone")


def call(folder, hours, *arguments):
    """Run Snakemake on the smoke configuration with a budget in GPU-hours."""
    overlay = folder / "config/budget.yaml"
    overlay.write_text(f"budget: {{gpu_hours: {hours}}}\n")
    return study.snakemake(folder, *arguments, *study.SMOKE, "config/budget.yaml")


def files(folder):
    return [path for path in (folder / "results").rglob("*") if path.is_file()]


def test_a_run_beyond_its_budget_stops_before_the_first_job(clone):
    done = call(clone, "0.000001", "all")
    assert done.returncode != 0
    sentence = [line for line in done.stdout.splitlines() if "budget.gpu_hours" in line]
    assert len(sentence) == 1 and "nothing was run" in sentence[0]
    assert re.search(r"\| rule +\| jobs \| GPU-hours \|", done.stdout)
    assert "Traceback" not in done.stdout
    assert files(clone) == []


def test_a_dry_run_tells_what_would_run_whatever_the_budget(clone):
    done = call(clone, "0.000001", "all", "-n")
    assert done.returncode == 0, done.stdout
    assert "gpu_seconds=" in done.stdout


def test_only_what_is_left_counts_against_the_budget(clone):
    # Each of the small jobs is predicted to take about its start of ten seconds:
    # the budget is enough for tuning and training, or for the forecast after them.
    enough = 25 / 3600
    assert call(clone, enough, f"{RUN}/forecasts.parquet").returncode != 0
    assert files(clone) == []
    done = call(clone, enough, f"{RUN}/checkpoint.safetensors")
    assert done.returncode == 0, done.stdout[-4000:]
    done = call(clone, enough, f"{RUN}/forecasts.parquet")
    assert done.returncode == 0, done.stdout[-4000:]
    assert (clone / RUN / "forecasts.parquet").exists()
    # Nothing is left, and touching computes nothing.
    assert call(clone, 0, f"{RUN}/forecasts.parquet").returncode == 0
    assert call(clone, 0, f"{RUN}/forecasts.parquet", "--touch").returncode == 0
