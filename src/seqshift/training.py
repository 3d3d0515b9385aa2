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
from seqshift.windows import Batch, Shape, Windows

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


@dataclass
class Run:
    """What changes while a model is trained."""

    model: nn.Module
    optimiser: torch.optim.Optimizer
    generator: torch.Generator
    progress: Progress = field(default_factory=Progress)


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
    run = _begin(shape, spec, training, seed)
    _recall(run, resume, key)
    where = next(run.model.parameters()).device
    data, held = train.batch(device=where), val.batch(device=where)
    done = run.progress
    while done.epoch < training["epochs"] and done.stale < training["patience"]:
        _epoch(run, data, held, training, quantiles)
        if resume is not None:
            _save(run, resume, key)
        if on_epoch is not None:
            on_epoch(done.epoch, done.history[-1]["val_loss"])
    return Fit(done.best, pd.DataFrame(done.history), done.best_epoch, done.best_loss)


def _begin(shape: Shape, spec: dict, training: dict, seed: int) -> Run:
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
    return Run(model, optimiser, generator)


def _epoch(run: Run, data: Batch, held: Batch, training: dict, quantiles):
    """Run one epoch, measure the whole validation era, and record both."""
    epoch = run.progress.epoch + 1
    train_loss = _pass(run, data, training, quantiles, epoch)
    predicted = batching.predict(run.model, held, ROWS)
    val_loss = heads.loss(predicted, held.target, quantiles).item()
    _refuse_nan(val_loss, training, epoch, "validation")
    run.progress.add(train_loss, val_loss, training["learning_rate"], run.model)
    losses = f"train {train_loss:.6f}, val {val_loss:.6f}"
    print(f"epoch {epoch}: {losses}, best epoch {run.progress.best_epoch}", flush=True)


def _pass(run: Run, data: Batch, training: dict, quantiles, epoch: int) -> float:
    """Take one step a batch and return the mean loss over all rows."""
    model = run.model.train()
    total = 0.0
    parts = batching.batches(
        data.group, training["batch_size"], model.by_date, run.generator
    )
    for number, index in enumerate(parts, start=1):
        batch = batching.rows(data, index)
        loss = heads.loss(model(*batch.inputs()), batch.target, quantiles)
        value = loss.item()
        _refuse_nan(value, training, epoch, f"batch {number} of {len(parts)}")
        run.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), training["clip"])
        run.optimiser.step()
        total += value * len(index)
    return total / len(data.group)


def _recall(run: Run, resume: Path | None, key: str):
    state = None if resume is None else checkpoints.load_resume(resume, key)
    if state is None:
        return
    run.model.load_state_dict(state["model"])
    run.optimiser.load_state_dict(state["optimiser"])
    device.set_random_state(state["random"], run.generator)
    run.progress = Progress(**state["progress"])
    print(f"resumed after epoch {run.progress.epoch}")


def _save(run: Run, resume: Path, key: str):
    state = {
        "key": key,
        "progress": vars(run.progress),
        "model": run.model.state_dict(),
        "optimiser": run.optimiser.state_dict(),
        "random": device.random_state(run.generator),
    }
    checkpoints.save_resume(resume, state)


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
