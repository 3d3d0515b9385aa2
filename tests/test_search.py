"""Workers that share a study, and workers that are killed."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time

import optuna
import pytest
from optuna.trial import TrialState

from seqshift import journal, search
from seqshift.errors import BadInput

PRUNER = optuna.pruners.NopPruner()


@pytest.fixture(autouse=True)
def quiet():
    optuna.logging.set_verbosity(optuna.logging.WARNING)


def sampler(index):
    return optuna.samplers.TPESampler(seed=index, n_startup_trials=3)


def square(trial, _):
    return trial.suggest_float("x", -1, 1) ** 2, TrialState.COMPLETE


def asked(trials, attempt=square):
    return search.Search(trials, sampler, attempt, PRUNER)


def rows(study):
    return [(one.params, one.value) for one in journal.kept(study)]


def test_a_trial_is_a_function_of_those_before_it(tmp_path):
    whole = rows(search.run(asked(8), tmp_path / "a.journal", "key"))
    search.run(asked(5), tmp_path / "b.journal", "key")
    assert rows(search.run(asked(8), tmp_path / "b.journal", "key")) == whole


def test_a_study_that_is_over_makes_no_trial(tmp_path):
    path = tmp_path / "a.journal"
    whole = rows(search.run(asked(3), path, "key"))
    assert rows(search.run(asked(3, None), path, "key")) == whole


def test_several_workers_make_each_trial_once(tmp_path):
    all_at_work, known = multiprocessing.get_context("fork").Barrier(3), set()

    def attempt(trial, _):
        if os.getpid() not in known:
            known.add(os.getpid())
            all_at_work.wait()
        trial.set_user_attr("worker", os.getpid())
        return square(trial, _)

    kind = optuna.samplers.RandomSampler  # a value tells the index of its trial
    shared = search.Search(30, kind, attempt, PRUNER)
    study = search.run(shared, tmp_path / "a.journal", "key", workers=3)
    trials = journal.kept(study)
    assert {one.state for one in trials} == {TrialState.COMPLETE}
    assert len({one.user_attrs["worker"] for one in trials}) == 3
    alone = [optuna.create_study(sampler=kind(n)).ask() for n in range(30)]
    expected = [one.suggest_float("x", -1, 1) for one in alone]
    assert [one.params["x"] for one in trials] == expected


def test_processes_of_other_jobs_may_join_a_study(tmp_path):
    path = tmp_path / "a.journal"
    search.run(asked(0), path, "key")

    def join():
        def attempt(trial, _):
            time.sleep(0.01)
            return square(trial, _)

        search.work(journal.study(path, "key", PRUNER), asked(20, attempt))

    context = multiprocessing.get_context("fork")
    crew = [context.Process(target=join) for _ in range(3)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    assert [one.exitcode for one in crew] == [0] * 3
    assert len(rows(search.run(asked(20, None), path, "key"))) == 20


def test_the_trial_of_a_killed_worker_is_done_again_by_the_others(tmp_path):
    once = tmp_path / "killed"

    def attempt(trial, _):
        time.sleep(0.02)
        if trial.number >= 2 and not once.exists():
            once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return square(trial, _)

    study = search.run(asked(9, attempt), tmp_path / "a.journal", "key", workers=2)
    assert once.exists()
    assert [one.state for one in journal.kept(study)] == [TrialState.COMPLETE] * 9


def test_workers_that_are_always_killed_end_the_study_with_one_sentence(tmp_path):
    def attempt(trial, _):
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(BadInput, match="were killed before any trial was over"):
        search.run(asked(2, attempt), tmp_path / "a.journal", "key", workers=2)


def test_the_error_of_a_worker_ends_the_study(tmp_path, capfd):
    def attempt(trial, _):
        raise BadInput("no such window")

    with pytest.raises(BadInput, match="its own error stands above"):
        search.run(asked(2, attempt), tmp_path / "a.journal", "key", workers=2)
    assert "no such window" in capfd.readouterr().err


# One process that has imported everything forks the jobs and kills them: at random
# places in the journal, of which a trial writes some ten lines.
SCRIPT = """
import os, random, signal, sys, time
from pathlib import Path
import numpy as np
from panel import small_panel
from seqshift import journal, storage, tuning
from seqshift.schemas.studies import TRIALS

panel, root = small_panel(), Path(sys.argv[1])
short = panel.train.take(np.arange(200))
task = tuning.Task(short, panel.val, panel.shape, panel.models["mlp"], panel.training)
settings = {
    "trials": 12, "epochs": 3, "startup": 3, "warmup": 0, "workers": 1, "seed": 0,
    "learning_rate": [1e-4, 3e-2], "dropout": [0, 0.3], "weight_decay": [1e-4, 1e-1],
}

def tune(folder):
    path = journal.path_beside(folder / "trials.csv")
    hparams, trials = tuning.tune(task, settings, path, "key")
    storage.write_csv(trials, folder / "trials.csv", TRIALS)
    storage.write_json(hparams, folder / "hparams.json")
    journal.drop(path)

def begin(folder):
    if pid := os.fork():
        return pid
    tune(folder)
    os._exit(0)

def lines(path):
    return path.read_bytes().count(10) if path.exists() else 0

def end(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

tune(root / "whole")
draw, path, killed = random.Random(0), root / "cut/trials.journal", 0
for _ in range(10):
    until = lines(path) + draw.randint(1, 9)
    pid = begin(root / "cut")
    while lines(path) < until:
        time.sleep(0.0005)
    time.sleep(draw.random() * 0.02)
    os.kill(pid, signal.SIGKILL)
    killed += end(pid) == -signal.SIGKILL
    with path.open("ab") as file:
        file.write(b'{"op_code": 6, "wor' * draw.randint(0, 1))
assert not (root / "cut/trials.csv").exists()
assert end(begin(root / "cut")) == 0
print(killed)
"""


def test_a_study_killed_at_random_points_ends_with_the_same_bytes(tmp_path):
    code = f"import sys; sys.path[:0] = {sys.path!r}" + SCRIPT
    command = [sys.executable, "-c", code, tmp_path]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == "10"
    for name in ("trials.csv", "hparams.json"):
        one, two = (tmp_path / folder / name for folder in ("whole", "cut"))
        assert one.read_bytes() == two.read_bytes(), name
    for folder in ("whole", "cut"):
        assert len([*(tmp_path / folder).iterdir()]) == 2


def test_workers_end_with_their_parent(tmp_path):
    code = f"""
import sys; sys.path[:0] = {sys.path!r}
import os, time
from pathlib import Path
import optuna
from seqshift import search

def attempt(trial, index):
    os.write(1, f"{{os.getpid()}}\\n".encode())
    time.sleep(600)

kind = optuna.samplers.RandomSampler
asked = search.Search(2, kind, attempt, optuna.pruners.NopPruner())
search.run(asked, Path(sys.argv[1]), "key", workers=2)
"""
    job = subprocess.Popen(
        [sys.executable, "-c", code, tmp_path / "a.journal"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    pids = [int(job.stdout.readline()) for _ in range(2)]
    job.kill()
    job.wait()
    assert job.stdout.read() == ""  # ends when the last worker has closed it
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            for _ in range(100):
                os.kill(pid, 0)
                time.sleep(0.05)
