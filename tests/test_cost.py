"""Predicted seconds, the budget, and the tables of a dry run."""

import subprocess
import sys

import pytest

import smallcost
from seqshift import cost, workload
from seqshift.cost import Job
from seqshift.errors import BadInput
from smallcost import ACCOUNTING, run

JOBS = [Job("tune", "mlp", 7200), Job("train", "mlp", 1800), Job("train", "lstm", 5400)]
DRY = """
[Sat Nov 28 03:00:00 2026]
rule train:
    input: a
    output: b
    wildcards: domain=finance, modality=natural, model=cross-entity, seed=0
    resources: tmpdir=/tmp, gpu=1, gpu_model=a100, gpu_seconds=420, runtime=21

[Sat Nov 28 03:00:00 2026]
localrule score:
    wildcards: domain=finance, modality=natural, model=mlp, seed=0
    resources: tmpdir=/tmp

rule tune:
    wildcards: domain=finance, model=mlp
    resources: gpu_seconds=60, tmpdir=/tmp

This was a dry-run (flag -n).
"""


@pytest.fixture
def priced():
    return smallcost.config()


def test_seconds_are_work_over_throughput_with_batches_and_a_start():
    assert cost.priced(ACCOUNTING, "fast", "mlp", 8_000_000_000, 6) == 5 + 4 + 3
    assert cost.priced(ACCOUNTING, "cpu", "mlp", 8_000_000_000, 6) == 5 + 8


def test_a_job_is_priced_by_the_work_expected_of_it(priced):
    work = workload.operations(priced, workload.expected(priced, "train", run()), run())
    exact = 5 + work[0] / 2e9 + work[1] * 0.5
    assert exact <= cost.seconds(priced, "train", run()) < exact + 1


def test_an_unknown_kind_is_never_free(priced):
    assert cost.seconds(priced, "train", run("gru")) == 90 * 60


def test_a_time_limit_is_generous_has_a_least_and_grows_with_attempts(priced):
    assert cost.minutes(priced, "train", run("gru"), 1) == 270
    assert cost.minutes(priced, "train", run("gru"), 2) == 540
    assert cost.minutes(priced, "forecast", run(), 1) == 10


def test_a_budget_that_suffices_or_is_absent_stops_nothing():
    cost.keep_within({"gpu_hours": 4.0}, JOBS)
    cost.keep_within(None, JOBS)
    cost.keep_within({"gpu_hours": 0}, [])


def test_a_budget_that_is_too_small_says_so_with_a_table():
    with pytest.raises(BadInput) as error:
        cost.keep_within({"gpu_hours": 3.9}, JOBS)
    sentence, _, table = str(error.value).partition("\n\n")
    assert "3 GPU jobs" in sentence and "4 GPU-hours" in sentence
    assert "budget.gpu_hours = 3.9" in sentence and "nothing was run" in sentence
    assert table.splitlines() == [
        "| rule  | jobs | GPU-hours | longest job (h) |",
        "| ----- | ---: | --------: | --------------: |",
        "| train |    2 |     2.000 |           1.500 |",
        "| tune  |    1 |     2.000 |           2.000 |",
        "| total |    3 |     4.000 |           2.000 |",
    ]


def test_a_dry_run_is_read_by_rule_and_model():
    assert cost.read(DRY) == [Job("train", "cross-entity", 420), Job("tune", "mlp", 60)]
    assert cost.read("Nothing to be done.") == []


def test_what_is_no_dry_run_is_refused():
    with pytest.raises(BadInput, match="not the output of a dry run"):
        cost.read("MissingInputException in rule train")


def test_a_page_keeps_all_but_the_text_between_its_marks(tmp_path):
    path = tmp_path / "cost.md"
    path.write_text(f"before\n\n{cost.START}old\n{cost.END}\nafter\n")
    cost.main([str(path)], DRY)
    text = path.read_text()
    assert text.startswith("before\n") and text.endswith(f"{cost.END}\nafter\n")
    assert "| cross-entity |    1 |     0.117 |" in text and "old" not in text
    cost.main([str(path)], DRY)
    assert path.read_text() == text


def test_a_page_without_marks_is_refused():
    with pytest.raises(BadInput, match="lacks the line"):
        cost.page("no mark", JOBS)


@pytest.mark.parametrize(("text", "code"), [(DRY, 0), ("no dry run", 1)])
def test_the_command_prints_tables_or_one_sentence(repo, text, code):
    command = [sys.executable, "-m", "seqshift.cost"]
    done = subprocess.run(
        command, input=text, capture_output=True, text=True,
        env={"PYTHONPATH": str(repo / "src")},
    )  # fmt: skip
    assert done.returncode == code
    assert ("| total " in done.stdout) == (code == 0)
    assert done.stderr.count("\n") == code and "Traceback" not in done.stderr
