"""Sweep of learning rate, dropout and weight decay on the validation era only."""

from pathlib import Path

import optuna
import torch
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState

from seqshift import training as work
from seqshift.errors import BadInput
from seqshift.progress import Diverged
from seqshift.windows import Shape, Windows

MODEL_SEED = 1000  # never the seed of a run
SWEPT = ("learning_rate", "dropout", "weight_decay")
OVER = (TrialState.COMPLETE, TrialState.PRUNED)  # an interrupted trial is neither


def merge(spec: dict, training: dict, hparams: dict) -> tuple[dict, dict]:
    """Return the model's spec and the training values with swept values put in."""
    spec = spec | {"dropout": hparams["dropout"]}
    return spec, training | {name: hparams[name] for name in SWEPT if name != "dropout"}


def tune(
    train: Windows,
    val: Windows,
    shape: Shape,
    spec: dict,
    training: dict,
    tuning: dict,
    quantiles: list[float] | None = None,
    journal: Path | None = None,
    key: str = "sweep",
) -> dict:
    """Return learning_rate, dropout and weight_decay of the least validation loss.

    The configured values, if `tuning["trials"]` is 0. A sweep with a `journal` file
    goes on, after an interruption, from its last whole trial of the same `key`.
    Raises BadInput if every trial diverged.
    """
    if tuning["trials"] == 0:
        known = training | {"dropout": spec["dropout"]}
        return {name: known[name] for name in SWEPT}
    study = optuna.create_study(
        storage=journal and _storage(journal),
        pruner=optuna.pruners.MedianPruner(),
        study_name=key,
        load_if_exists=True,
    )
    while (over := len(study.get_trials(states=OVER))) < tuning["trials"]:
        # A sampler of its own makes each trial a function of those before it.
        study.sampler = optuna.samplers.TPESampler(seed=tuning["seed"] + over)
        trial = study.ask()
        changed = merge(spec, training, _draw(trial, tuning))
        study.tell(
            trial, *_try(trial, (train, val, shape), *changed, tuning, quantiles)
        )
    if not study.get_trials(states=(TrialState.COMPLETE,)):
        raise BadInput("every trial diverged; lower the bounds of tuning.learning_rate")
    return study.best_params


def epochs(journal: Path, key: str) -> int:
    """Return the epochs of all trials in a journal, pruned and broken ones included."""
    if not journal.exists():
        return 0
    trials = optuna.load_study(study_name=key, storage=_storage(journal)).trials
    return sum(len(trial.intermediate_values) for trial in trials)


def _storage(journal: Path) -> JournalStorage:
    return JournalStorage(JournalFileBackend(str(journal)))


def _draw(trial: optuna.Trial, tuning: dict) -> dict[str, float]:
    log = {name: name != "dropout" for name in SWEPT}
    return {k: trial.suggest_float(k, *tuning[k], log=log[k]) for k in SWEPT}


def _try(trial, data: tuple, spec: dict, training: dict, tuning: dict, quantiles):
    def report(epoch: int, val_loss: float):
        trial.report(val_loss, epoch)
        if trial.should_prune():
            raise optuna.TrialPruned("worse than the median")

    # The pruner stops a bad trial, so patience never does.
    own = {"epochs": tuning["epochs"], "patience": tuning["epochs"]}
    training = {"threads": torch.get_num_threads()} | training | own
    try:
        found = work.fit(*data, spec, training, MODEL_SEED, quantiles, None, "", report)
    except (optuna.TrialPruned, Diverged) as end:
        print(f"trial {trial.number} ends early: {end}")
        return None, TrialState.PRUNED
    return found.val_loss, TrialState.COMPLETE
