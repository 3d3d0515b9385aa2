"""Studies on the validation era: learning rate, dropout, weight decay; and width."""

import math
from dataclasses import dataclass
from pathlib import Path

import optuna
import pandas as pd
import pandera.pandas as pa
from optuna.trial import FrozenTrial, TrialState

from seqshift import journal, registry, search, storage
from seqshift import training as work
from seqshift.errors import BadInput
from seqshift.progress import Diverged
from seqshift.schemas.studies import TRIALS, WIDTHS
from seqshift.windows import Shape, Windows

MODEL_SEED = 1000  # never the seed of a run
SWEPT = ("learning_rate", "dropout", "weight_decay")
LOG = {"learning_rate": True, "dropout": False, "weight_decay": True}
EDGE = 0.05  # share of a range, on its scale, that counts as its end


@dataclass(frozen=True)
class Task:
    """What a trial is trained and judged on, and what it starts from."""

    train: Windows
    val: Windows
    shape: Shape
    spec: dict
    training: dict
    quantiles: list[float] | None = None


def merge(spec: dict, training: dict, hparams: dict) -> tuple[dict, dict]:
    """Return the model's spec and the training values with swept values put in."""
    spec = spec | {"dropout": hparams["dropout"]}
    return spec, training | {name: hparams[name] for name in SWEPT if name != "dropout"}


def configured(spec: dict, training: dict) -> tuple[dict, pd.DataFrame]:
    """Return the values of the configuration, and the trials of an empty budget."""
    known = training | {"dropout": spec["dropout"]}
    return {name: known[name] for name in SWEPT}, _frame([], TRIALS)


def tune(task: Task, tuning: dict, path: Path, key: str) -> tuple[dict, pd.DataFrame]:
    """Return the swept values of the least validation loss, and the table of trials.

    A study goes on, after an interruption, from what its journal at `path` holds
    under the same `key`.

    Raises
    ------
    BadInput
        If every trial diverged.
    """

    def sampler(index: int) -> optuna.samplers.TPESampler:
        return optuna.samplers.TPESampler(
            seed=tuning["seed"] + index,
            n_startup_trials=tuning["startup"],
            constant_liar=tuning["workers"] > 1,
        )

    def attempt(trial: optuna.Trial, _):
        ends = {name: tuning[name] for name in SWEPT}
        drawn = {k: trial.suggest_float(k, *ends[k], log=LOG[k]) for k in SWEPT}
        return _try(trial, task, *merge(task.spec, task.training, drawn), tuning)

    pruner = optuna.pruners.MedianPruner(
        n_startup_trials=tuning["startup"], n_warmup_steps=tuning["warmup"] + 1
    )
    asked = search.Search(tuning["trials"], sampler, attempt, pruner)
    study = search.run(asked, path, key, tuning["workers"])
    if not study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,)):
        raise BadInput("every trial diverged; lower the bounds of tuning.learning_rate")
    trials = _frame([_row(*one, tuning) for one in _numbered(study)], TRIALS)
    ends = at_edge(study.best_params, tuning)
    if ends:
        print(f"the best {' and '.join(ends)} lies at an end of its range; widen it")
    return study.best_params, trials


def tune_width(
    task: Task, widths: list[int], tuning: dict, path: Path, key: str
) -> pd.DataFrame:
    """Return the validation loss of each width, all other values as in the task."""

    def sampler(_) -> optuna.samplers.RandomSampler:
        return optuna.samplers.RandomSampler(seed=tuning["seed"])

    def attempt(trial: optuna.Trial, index: int):
        width = trial.suggest_int("width", widths[index], widths[index])
        spec = task.spec | {"width": width}
        trial.set_user_attr("parameters", parameters(task, spec))
        return _try(trial, task, spec, task.training, tuning)

    pruner = optuna.pruners.NopPruner()  # each width stands in the table
    asked = search.Search(len(widths), sampler, attempt, pruner)
    study = search.run(asked, path, key, tuning["workers"])
    rows = [
        {**_outcome(trial), **trial.params, **trial.user_attrs}
        for _, trial in _numbered(study)
    ]
    return _frame(rows, WIDTHS).sort_values("width", ignore_index=True)


def parameters(task: Task, spec: dict) -> int:
    """Return how many numbers a model of this spec learns."""
    spec = {"entity_dropout": task.training["entity_dropout"], **spec}
    model = registry.load("models", spec["kind"]).Model(task.shape, spec)
    return sum(each.numel() for each in model.parameters() if each.requires_grad)


def at_edge(hparams: dict, tuning: dict) -> list[str]:
    """Return the names of the values that lie at an end of their range."""
    found = []
    for name in SWEPT:
        (low, high), value = tuning[name], hparams[name]
        if LOG[name]:
            low, value, high = math.log(low), math.log(value), math.log(high)
        if low < high and min(value - low, high - value) <= EDGE * (high - low):
            found.append(name)
    return found


def _try(trial: optuna.Trial, task: Task, spec: dict, training: dict, tuning: dict):
    def report(epoch: int, val_loss: float):
        trial.report(val_loss, epoch)
        if trial.should_prune():
            raise optuna.TrialPruned(f"worse than the median after epoch {epoch}")

    # The pruner stops a bad trial, so patience never does.
    training = training | {"epochs": tuning["epochs"], "patience": tuning["epochs"]}
    data = (task.train, task.val, task.shape)
    own = (spec, training, MODEL_SEED, task.quantiles, None, "", report)
    try:
        found = work.fit(*data, *own)
    except (optuna.TrialPruned, Diverged) as end:
        print(f"trial {trial.number} ends early: {end}")
        trial.set_user_attr("diverged", isinstance(end, Diverged))
        return None, TrialState.PRUNED
    return found.val_loss, TrialState.COMPLETE


def _numbered(study: optuna.Study) -> list[tuple[int, FrozenTrial]]:
    return list(enumerate(journal.kept(study)))


def _row(number: int, trial: FrozenTrial, tuning: dict) -> dict:
    edge = " ".join(at_edge(trial.params, tuning))
    return {"trial": number, **_outcome(trial), **trial.params, "at_edge": edge}


def _outcome(trial: FrozenTrial) -> dict:
    losses = trial.intermediate_values
    diverged = trial.user_attrs.get("diverged", False)
    state = "diverged" if diverged else trial.state.name.lower()
    return {
        "state": state,
        "val_loss": min(losses.values(), default=math.nan),
        "epochs": len(losses) + diverged,  # the epoch it diverged in was begun
        "pruned_at": len(losses) if state == "pruned" else 0,
    }


def _frame(rows: list[dict], schema: pa.DataFrameSchema) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(schema.columns))
    kinds = {name: str(column.dtype) for name, column in schema.columns.items()}
    return storage.validate(frame.astype(kinds), schema, "the table of a study")
