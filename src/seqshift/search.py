"""A study of a fixed number of trials, by one worker or by several that share it."""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import optuna
from optuna.trial import TrialState

from seqshift import journal
from seqshift.errors import BadInput


@dataclass(frozen=True)
class Search:
    """How many trials are made, and how.

    `sampler` gives the sampler of the trial of this index, so that each trial is a
    function of those before it; `attempt` makes the trial of this index and returns
    its value and state.
    """

    trials: int
    sampler: Callable[[int], optuna.samplers.BaseSampler]
    attempt: Callable[[optuna.Trial, int], tuple[float | None, TrialState]]
    pruner: optuna.pruners.BasePruner


def run(search: Search, path: Path, key: str, workers: int = 1) -> optuna.Study:
    """Make all trials of a study that its journal does not hold yet.

    The caller owns the study: trials found running are those of a killed job. One
    worker makes the same trials however often it is killed; of several, each trial
    depends on which others were over when it began.

    Raises
    ------
    BadInput
        If the journal cannot be replayed or the workers die without ending a trial.
    """
    journal.mend(path)
    study = journal.study(path, key, search.pruner)
    last = None
    while True:
        journal.give_up_running(study)
        done = len(journal.kept(study))
        if done >= search.trials:
            return study
        if done == last:
            raise BadInput(
                f"the workers of the study in {path} were killed before any trial was "
                "over; lower tuning.workers or give the job more memory"
            )
        last = done
        if workers == 1:
            work(study, search)
        else:
            _share(search, path, key, workers)


def work(study: optuna.Study, search: Search):
    """Make trials until none is left to begin; any number of processes may do so."""
    while len(journal.kept(study)) < search.trials:
        trial = study.ask()
        earlier = study.get_trials(deepcopy=False)[: trial.number]
        index = sum(one.state != TrialState.FAIL for one in earlier)
        if index >= search.trials:  # another worker began the last one
            study.tell(trial, state=TrialState.FAIL)
            return
        study.sampler = search.sampler(index)
        study.tell(trial, *search.attempt(trial, index))


def _share(search: Search, path: Path, key: str, workers: int):
    # Forked, so that all of them read the one copy of the data. The parent has not
    # used the device, which a fork could not share.
    context = multiprocessing.get_context("fork")
    inputs = (search, path, key, os.getpid())
    crew = [context.Process(target=_worker, args=inputs) for _ in range(workers)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    if any(one.exitcode > 0 for one in crew):
        raise BadInput("a worker of the study failed; its own error stands above")


def _worker(search: Search, path: Path, key: str, parent: int):
    threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    work(journal.study(path, key, search.pruner), search)


def _follow(parent: int):
    """End this worker soon after its parent: a new job will make its trial."""
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)
