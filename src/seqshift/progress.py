"""Where a training stands, what it returns, and the losses that end it."""

import math
from dataclasses import dataclass, field

import pandas as pd
from torch import Tensor

from seqshift.errors import BadInput
from seqshift.windows import Windows


class Diverged(BadInput):
    """A loss became infinite or undefined."""


@dataclass(frozen=True)
class Fit:
    """Weights of the best epoch, its validation loss (z-units), and the history.

    `seconds` is the wall time of all epochs, over all parts of a resumed training.
    """

    state: dict[str, Tensor]
    history: pd.DataFrame
    epoch: int
    val_loss: float
    seconds: float


@dataclass
class Progress:
    """Where the training of one seed stands at the end of an epoch."""

    epoch: int = 0
    stale: int = 0
    best_epoch: int = 0
    best_loss: float = math.inf
    best: dict[str, Tensor] = field(default_factory=dict)
    history: list[dict] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, train_loss: float, val_loss: float, rate: float, state: dict):
        """Record an epoch; keep a copy of the weights if it is the best one."""
        self.epoch += 1
        self.stale += 1
        if val_loss < self.best_loss:
            self.stale, self.best_epoch, self.best_loss = 0, self.epoch, val_loss
            self.best = {
                name: tensor.detach().to("cpu", copy=True)
                for name, tensor in state.items()
            }
        row = {"epoch": self.epoch, "train_loss": train_loss, "val_loss": val_loss}
        self.history.append({**row, "learning_rate": rate})

    def over(self, training: dict) -> bool:
        """Tell whether all epochs are done or the patience is at its end."""
        return self.epoch >= training["epochs"] or self.stale >= training["patience"]

    def result(self) -> Fit:
        """Return the weights of the best epoch and the whole history."""
        table = pd.DataFrame(self.history)
        return Fit(self.best, table, self.best_epoch, self.best_loss, self.seconds)


def mean_loss(losses: Tensor, sizes: list[int], training: dict, epoch: int) -> float:
    """Return the mean loss over all rows from the mean loss of each batch.

    Raises
    ------
    Diverged
        If a loss is not finite: names the first such batch. Losses are looked at once
        an epoch, because each look makes a GPU wait.
    """
    values = losses.double().cpu()
    for number, value in enumerate(values.tolist(), start=1):
        refuse_nan(value, training, epoch, f"batch {number} of {len(sizes)}")
    rows = values.new_tensor(sizes)
    return float(values @ rows / rows.sum())


def refuse_nan(value: float, training: dict, epoch: int, where: str):
    """Raise Diverged unless the loss is finite."""
    if not math.isfinite(value):
        raise Diverged(
            f"the loss is {value} in epoch {epoch}, {where}, at learning rate "
            f"{training['learning_rate']:g}; lower training.learning_rate or "
            "training.clip, or look for extreme values in the training set"
        )


def refuse_empty(train: Windows, val: Windows):
    """Raise BadInput if there is nothing to train on or nothing to validate on."""
    for name, windows in (("train", train), ("val", val)):
        if len(windows) == 0:
            raise BadInput(
                f"there is no window with role {name}; check the eras under splits and "
                "the days covered by features.parquet"
            )
