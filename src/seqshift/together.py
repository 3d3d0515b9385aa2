"""Training of several seeds of one model at once, as one stacked model.

Each seed keeps its own initial weights, order of windows, clipping, optimiser state and
early stopping, so that it is trained as it would be alone. What differs is the source
of dropout, which is drawn for all seeds at once, and the rounding of batched products.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from torch import Tensor
from torch.func import functional_call, grad_and_value, stack_module_state, vmap
from torch.nn.attention import SDPBackend, sdpa_kernel

from seqshift import batching, capacity, checkpoints, device, gradients
from seqshift.errors import BadInput
from seqshift.layers import heads
from seqshift.progress import Fit, Progress, mean_loss, refuse_empty, refuse_nan
from seqshift.recording import Recorded
from seqshift.training import ROWS, adamw, build
from seqshift.windows import Batch, Shape, Windows


@dataclass
class Stack:
    """What changes while the seeds are trained; tensors have the seed in front."""

    model: torch.nn.Module  # lends its structure; its own weights are not used
    weights: dict[str, Tensor]  # (seed, ...)
    step: Callable[[Batch], Tensor]  # takes one step of each seed, returns their losses
    optimiser: torch.optim.Optimizer
    generators: list[torch.Generator]
    progress: list[Progress]


def fit(
    train: Windows,
    val: Windows,
    shape: Shape,
    spec: dict,
    training: dict,
    seeds: list[int],
    quantiles: list[float] | None,
    resume: Path | None,
    key: str,
) -> list[Fit]:
    """Train one model for each seed, all at once; return the fits in that order.

    Arguments and errors are those of `training.fit`.
    """
    refuse_empty(train, val)
    stack = _begin(shape, spec, training, seeds, quantiles)
    _recall(stack, resume, key)
    where = device.of(stack.model)
    data, held = train.batch(device=where), val.batch(device=where)
    while not all(progress.over(training) for progress in stack.progress):
        _epoch(stack, data, held, training, quantiles)
        if resume is not None:
            _save(stack, resume, key)
    return [progress.result() for progress in stack.progress]


def _begin(shape: Shape, spec: dict, training: dict, seeds: list, quantiles) -> Stack:
    device.set_threads(training["threads"])
    generators, models = [], []
    for seed in seeds:
        generators.append(device.seed_everything(seed))
        models.append(build(shape, spec, training))
    if not models[0].stackable or training["precision"] == "bfloat16":
        raise BadInput(
            f"the seeds of a model of kind {spec['kind']} cannot be trained together "
            f"in {training['precision']} (in bfloat16 none can, recurrent models and "
            "those that take whole dates never); take it out of training.together"
        )
    device.set_precision(training["precision"])
    weights, _ = stack_module_state(models)
    optimiser = adamw(list(weights.values()), training)
    step = _stepper(models[0], weights, optimiser, training, quantiles)
    if training["graphs"] and device.of(models[0]).type == "cuda":
        step = Recorded(step)
    progress = [Progress() for _ in seeds]
    return Stack(models[0], weights, step, optimiser, generators, progress)


def _epoch(stack: Stack, data: Batch, held: Batch, training: dict, quantiles):
    """Run one epoch of all seeds; record it for those that are not over."""
    start = time.perf_counter()
    epoch = max(progress.epoch for progress in stack.progress) + 1
    train_losses = _pass(stack, data, training, quantiles, epoch)
    val_losses = _validate(stack, held, quantiles)
    left = [n for n, one in enumerate(stack.progress) if not one.over(training)]
    share = (time.perf_counter() - start) / len(left)
    for seed in left:
        progress = stack.progress[seed]
        refuse_nan(val_losses[seed], training, epoch, "validation")
        state = {name: tensor[seed] for name, tensor in stack.weights.items()}
        rate = training["learning_rate"]
        progress.add(train_losses[seed], val_losses[seed], rate, state)
        progress.seconds += share
        losses = f"train {train_losses[seed]:.6f}, val {val_losses[seed]:.6f}"
        print(f"epoch {epoch}, seed number {seed}: {losses}", flush=True)


def _pass(stack: Stack, data: Batch, training: dict, quantiles, epoch: int) -> list:
    """Take one step a batch and return the mean loss of each seed."""
    stack.model.train()
    order = [batching.order(len(data.group), one) for one in stack.generators]
    order = torch.stack(order).to(data.x.device)  # (seed, row)
    size = training["batch_size"]
    parts = order.split(size, dim=1)
    losses = data.x.new_empty(len(order), len(parts))

    def work():
        for number, part in enumerate(parts):
            batch = batching.rows(data, part)  # fields (seed, batch, ...)
            losses[:, number] = stack.step(batch)

    def few(rows: int):
        step = _stepper(
            stack.model, stack.weights, stack.optimiser, training, quantiles
        )
        step(batching.rows(data, order[:, :rows]))

    capacity.guard(work, size, few)
    sizes = [part.shape[1] for part in parts]
    return [
        math.nan if progress.over(training) else mean_loss(one, sizes, training, epoch)
        for progress, one in zip(stack.progress, losses, strict=True)
    ]


def _stepper(model, weights: dict[str, Tensor], optimiser, training, quantiles):
    plain = {name: weight.detach() for name, weight in weights.items()}

    def loss(own: dict[str, Tensor], inputs: tuple, target: Tensor) -> Tensor:
        predicted = functional_call(model, own, inputs)
        return heads.loss(predicted, target, quantiles)

    slopes = vmap(grad_and_value(loss), randomness="different")

    def step(batch: Batch) -> Tensor:
        with sdpa_kernel(SDPBackend.MATH):  # fused attention cannot be stacked
            grads, losses = slopes(plain, batch.inputs(), batch.target)
        gradients.clip(list(grads.values()), training["clip"])
        for name, weight in weights.items():
            weight.grad = grads[name]
        optimiser.step()
        return losses  # (seed,)

    return step


@torch.no_grad()
def _validate(stack: Stack, held: Batch, quantiles) -> list[float]:
    """Return the validation loss of each seed over all rows."""
    stack.model.eval()

    together = vmap(partial(functional_call, stack.model), in_dims=(0, None))
    rows = max(1, ROWS // len(stack.progress))
    parts = torch.arange(len(held.group)).split(rows)
    with sdpa_kernel(SDPBackend.MATH):
        found = [
            together(stack.weights, batching.rows(held, p).inputs()) for p in parts
        ]
    predicted = torch.cat(found, dim=1)  # (seed, row, horizon, output)
    return [heads.loss(one, held.target, quantiles).item() for one in predicted]


def _recall(stack: Stack, resume: Path | None, key: str):
    state = None if resume is None else checkpoints.load_resume(resume, key)
    if state is None:
        return
    with torch.no_grad():
        for name, weight in stack.weights.items():
            weight.copy_(state["weights"][name])
    stack.optimiser.load_state_dict(state["optimiser"])
    for generator, own in zip(stack.generators, state["orders"], strict=True):
        generator.set_state(own)
    device.set_random_state(state["random"], stack.generators[-1])
    stack.progress = [Progress(**one) for one in state["progress"]]
    print(f"resumed after epoch {max(one.epoch for one in stack.progress)}")


def _save(stack: Stack, resume: Path, key: str):
    state = {
        "key": key,
        "progress": [vars(progress) for progress in stack.progress],
        "weights": stack.weights,
        "optimiser": stack.optimiser.state_dict(),
        "orders": [generator.get_state() for generator in stack.generators],
        "random": device.random_state(stack.generators[-1]),
    }
    checkpoints.save_resume(resume, state)
