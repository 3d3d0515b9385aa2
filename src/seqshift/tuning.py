"""Sweep of learning rate, dropout and weight decay on the validation era only."""

from pathlib import Path

import optuna
import torch
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState

from seqshift import training as work
from seqshift.errors import BadInput
from seqshift.windows import Shape, Windows

MODEL_SEED = 1000  # never the seed of a run
SWEPT = ("learning_rate", "dropout", "weight_decay")
OVER = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL)


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

    Raises
    ------
    BadInput
        If every trial diverged.
    """
    if tuning["trials"] == 0:
        known = training | {"dropout": spec["dropout"]}
        return {name: known[name] for name in SWEPT}

    def objective(trial: optuna.Trial) -> float:
        def report(epoch: int, val_loss: float):
            trial.report(val_loss, epoch)
            if trial.should_prune():
                raise optuna.TrialPruned

        log = {name: name != "dropout" for name in SWEPT}
        drawn = {k: trial.suggest_float(k, *tuning[k], log=log[k]) for k in SWEPT}
        changed, values = merge(spec, training, drawn)
        # The pruner stops a bad trial, so patience never does.
        values |= {"epochs": tuning["epochs"], "patience": tuning["epochs"]}
        values.setdefault("threads", torch.get_num_threads())
        return work.fit(
            train, val, shape, changed, values, MODEL_SEED, quantiles, None, key, report
        ).val_loss

    study = optuna.create_study(
        storage=journal and JournalStorage(JournalFileBackend(str(journal))),
        pruner=optuna.pruners.MedianPruner(),
        study_name=key,
        load_if_exists=True,
    )
    while (over := len(study.get_trials(states=OVER))) < tuning["trials"]:
        # A sampler for each trial makes the sweep a function of the trials so far.
        study.sampler = optuna.samplers.TPESampler(seed=tuning["seed"] + over)
        study.optimize(objective, n_trials=1, catch=(work.Diverged,))
    if not study.get_trials(states=(TrialState.COMPLETE,)):
        raise BadInput(
            "every trial of the sweep diverged; lower tuning.learning_rate's bounds"
        )
    return study.best_params
