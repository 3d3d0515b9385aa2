"""Training of one model: AdamW, early stopping on the validation era, resumable."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn

from seqshift import batching, capacity, checkpoints, device, registry
from seqshift.layers import heads
from seqshift.progress import Fit, Progress, mean_loss, refuse_empty, refuse_nan
from seqshift.recording import Recorded
from seqshift.windows import Batch, Shape, Windows

ROWS = 4096  # rows of one forward without gradients: bounds memory, changes no result


@dataclass
class Run:
    """What changes while a model is trained."""

    model: nn.Module
    step: Callable[[Batch], Tensor]  # takes one step and returns its loss
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
        If train or val is empty, or memory runs out; Diverged, if a loss is not finite.
    """
    refuse_empty(train, val)
    run = _begin(shape, spec, training, seed, quantiles)
    _recall(run, resume, key)
    where = device.of(run.model)
    data, held = train.batch(device=where), val.batch(device=where)
    while not run.progress.over(training):
        _epoch(run, data, held, training, quantiles)
        if resume is not None:
            _save(run, resume, key)
        if on_epoch is not None:
            on_epoch(run.progress.epoch, run.progress.history[-1]["val_loss"])
    return run.progress.result()


def build(shape: Shape, spec: dict, training: dict) -> nn.Module:
    """Return a fresh model on its device, drawn from torch's generator."""
    spec = {"entity_dropout": training["entity_dropout"], **spec}
    model = registry.load("models", spec["kind"]).Model(shape, spec)
    return model.to(device.pick(training["device"]))


def adamw(weights: list[Tensor], training: dict) -> torch.optim.AdamW:
    """Return the optimiser of these weights, one fused kernel a step."""
    return torch.optim.AdamW(
        weights,
        lr=training["learning_rate"],
        weight_decay=training["weight_decay"],
        fused=True,
        capturable=weights[0].is_cuda,
    )


def _begin(shape: Shape, spec: dict, training: dict, seed: int, quantiles) -> Run:
    device.set_threads(training["threads"])
    generator = device.seed_everything(seed)
    model = build(shape, spec, training)
    device.set_precision(training["precision"])
    optimiser = adamw(list(model.parameters()), training)
    step = _stepper(model, optimiser, training, quantiles)
    if training["graphs"] and device.of(model).type == "cuda" and not model.by_date:
        step = Recorded(step)
    return Run(model, step, optimiser, generator)


def _stepper(model, optimiser, training: dict, quantiles) -> Callable[[Batch], Tensor]:
    forward = torch.compile(model) if training["compile"] else model

    def step(batch: Batch) -> Tensor:
        with device.autocast(batch.x.device, training["precision"]):
            predicted = forward(*batch.inputs())
        loss = heads.loss(predicted.float(), batch.target, quantiles)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), training["clip"])
        optimiser.step()
        return loss.detach()

    return step


def _epoch(run: Run, data: Batch, held: Batch, training: dict, quantiles):
    """Run one epoch, measure the whole validation era, and record both."""
    start, progress = time.perf_counter(), run.progress
    epoch = progress.epoch + 1
    train_loss = _pass(run, data, training, quantiles, epoch)
    with device.autocast(data.x.device, training["precision"]):
        predicted = batching.predict(run.model, held, ROWS)
    val_loss = heads.loss(predicted.float(), held.target, quantiles).item()
    refuse_nan(val_loss, training, epoch, "validation")
    state = run.model.state_dict()
    progress.add(train_loss, val_loss, training["learning_rate"], state)
    progress.seconds += time.perf_counter() - start
    losses = f"train {train_loss:.6f}, val {val_loss:.6f}"
    print(f"epoch {epoch}: {losses}, best epoch {progress.best_epoch}", flush=True)


def _pass(run: Run, data: Batch, training: dict, quantiles, epoch: int) -> float:
    """Take one step a batch and return the mean loss over all rows."""
    run.model.train()
    size, by_date = training["batch_size"], run.model.by_date
    parts = batching.batches(data.group, size, by_date, run.generator)
    sizes = [len(part) for part in parts]
    losses = data.x.new_empty(len(parts))

    def work():
        shuffled = batching.rows(data, torch.cat(parts))
        for number, batch in enumerate(batching.split(shuffled, sizes)):
            losses[number] = run.step(batch)

    def few(rows: int):
        first = batching.batches(data.group, rows, by_date, None)[0]
        step = _stepper(run.model, run.optimiser, training, quantiles)
        step(batching.rows(data, first))

    capacity.guard(work, size, few)
    return mean_loss(losses, sizes, training, epoch)


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
