"""Training of one model: AdamW, early stopping on the validation era, resumable."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import torch
from torch import Tensor, nn

from seqshift import batching, checkpoints, device, registry
from seqshift.errors import BadInput
from seqshift.layers import heads
from seqshift.windows import Shape, Windows

ROWS = 4096  # rows of one forward without gradients: bounds memory, changes no result


class Diverged(BadInput):
    """A loss became infinite or undefined."""


@dataclass(frozen=True)
class Fit:
    """Weights of the best epoch, its validation loss (z-units), and the history."""

    state: dict[str, Tensor]
    history: pd.DataFrame
    epoch: int
    val_loss: float


@dataclass
class Progress:
    """Where a training stands at the end of an epoch."""

    epoch: int = 0
    stale: int = 0
    best_epoch: int = 0
    best_loss: float = math.inf
    best: dict[str, Tensor] = field(default_factory=dict)
    history: list[dict] = field(default_factory=list)

    def add(self, train_loss: float, val_loss: float, rate: float, model: nn.Module):
        """Record an epoch; keep a copy of the weights if it is the best one."""
        self.epoch += 1
        self.stale += 1
        if val_loss < self.best_loss:
            self.stale, self.best_epoch, self.best_loss = 0, self.epoch, val_loss
            self.best = {
                name: tensor.detach().to("cpu", copy=True)
                for name, tensor in model.state_dict().items()
            }
        row = {"epoch": self.epoch, "train_loss": train_loss, "val_loss": val_loss}
        self.history.append({**row, "learning_rate": rate})


def fit(
    train: Windows,
    val: Windows,
    shape: Shape,
    spec: dict,
    training: dict,
    seed: int,
    quantiles: list[float] | None,
    resume: Path | None,
    key: str,
    on_epoch: Callable[[int, float], None] | None = None,
) -> Fit:
    """Train one model and return the weights of its best validation epoch.

    `training` already holds the swept values; its `entity_dropout` holds unless the
    model's `spec` sets its own. With a `resume` path the state is saved after every
    epoch; a later call with the same `key` goes on from there and, on the CPU at the
    same thread count, ends with the same bits. `on_epoch(epoch, val_loss)` is called
    last in each epoch and may end the training by raising.

    Raises
    ------
    BadInput
        If train or val is empty; Diverged, if a loss is not finite.
    """
    _refuse_empty(train, val)
    device.set_threads(training["threads"])
    where = device.pick(training["device"])
    generator = device.seed_everything(seed)
    spec = {"entity_dropout": training["entity_dropout"], **spec}
    model = registry.load("models", spec["kind"]).Model(shape, spec).to(where)
    optimiser = torch.optim.AdamW(
        model.parameters(),
        lr=training["learning_rate"],
        weight_decay=training["weight_decay"],
    )
    data, held = train.batch(device=where), val.batch(device=where)
    progress = _recall(resume, key, model, optimiser, generator)
    while progress.epoch < training["epochs"] and progress.stale < training["patience"]:
        number = progress.epoch + 1
        train_loss = _epoch(
            model, optimiser, data, training, quantiles, generator, number
        )
        predicted = batching.predict(model, held, ROWS)
        val_loss = heads.loss(predicted, held.target, quantiles).item()
        _refuse_nan(val_loss, training, number, "validation")
        progress.add(train_loss, val_loss, training["learning_rate"], model)
        _tell(progress)
        if resume is not None:
            _save(resume, key, progress, model, optimiser, generator)
        if on_epoch is not None:
            on_epoch(number, val_loss)
    history = pd.DataFrame(progress.history)
    return Fit(progress.best, history, progress.best_epoch, progress.best_loss)


def _epoch(model, optimiser, data, training, quantiles, generator, epoch) -> float:
    """Run one epoch and return the mean training loss over its rows."""
    model.train()
    total = 0.0
    parts = batching.batches(
        data.group, training["batch_size"], model.by_date, generator
    )
    for number, index in enumerate(parts, start=1):
        batch = batching.rows(data, index)
        loss = heads.loss(model(*batch.inputs()), batch.target, quantiles)
        value = loss.item()
        _refuse_nan(value, training, epoch, f"batch {number} of {len(parts)}")
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), training["clip"])
        optimiser.step()
        total += value * len(index)
    return total / len(data.group)


def _recall(resume, key, model, optimiser, generator) -> Progress:
    state = None if resume is None else checkpoints.load_resume(resume, key)
    if state is None:
        return Progress()
    model.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    device.set_random_state(state["random"], generator)
    print(f"resumed after epoch {state['progress']['epoch']}")
    return Progress(**state["progress"])


def _save(resume, key, progress, model, optimiser, generator):
    state = {
        "key": key,
        "progress": vars(progress),
        "model": model.state_dict(),
        "optimiser": optimiser.state_dict(),
        "random": device.random_state(generator),
    }
    checkpoints.save_resume(resume, state)


def _tell(progress: Progress):
    last = progress.history[-1]
    losses = f"train {last['train_loss']:.6f}, val {last['val_loss']:.6f}"
    best = f"best epoch {progress.best_epoch}"
    print(f"epoch {progress.epoch}: {losses}, {best}", flush=True)


def _refuse_nan(value: float, training: dict, epoch: int, where: str):
    if not math.isfinite(value):
        raise Diverged(
            f"the loss is {value} in epoch {epoch}, {where}, at learning rate "
            f"{training['learning_rate']:g}; lower training.learning_rate or "
            "training.clip, or look for extreme values in the training set"
        )


def _refuse_empty(train: Windows, val: Windows):
    for name, windows in (("train", train), ("val", val)):
        if len(windows) == 0:
            raise BadInput(
                f"there is no window with role {name}; check the eras under splits and "
                "the days covered by features.parquet"
            )
