"""Attributions of single windows by path integrals, and how exact these are.

A path is followed by windows that move together: one window, or for a model that looks
across entities all windows of a date, whose output is summed. Calendar, entity and
group are held fixed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import torch
from captum.attr import GradientShap, IntegratedGradients
from torch import Tensor, nn

from seqshift import batching, device
from seqshift.windows import Batch, Windows

METHOD = "gausslegendre"  # captum's trapezoid rule loses 1/steps of the mass


def integrate(
    model: nn.Module, cut: Windows, steps: int, batch_size: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return IG (n, lags, feature) of each window, and the gap of each path, z-units.

    The path runs from the train mean (0 in z-units, raw 0 of unscaled columns) to the
    window: Sundararajan, Taly, Yan 2017, arXiv:1703.01365. A gap is |sum of IG - (f(x)
    - f(baseline))|. About `batch_size` points go through at once. The model stays in
    evaluation mode, its weights without gradients.
    """
    values, gaps = np.empty(cut.x.shape, np.float32), []
    method = IntegratedGradients(_output(model))
    for index, x, fixed in _paths(model, cut, max(1, batch_size // steps)):
        found, gap = method.attribute(
            x,
            baselines=torch.zeros_like(x),
            additional_forward_args=fixed,
            n_steps=steps,
            method=METHOD,
            return_convergence_delta=True,
        )
        values[index] = found.detach().cpu().numpy()
        gaps.append(gap.abs().cpu().numpy())
    return values, np.concatenate(gaps)


def expect(
    model: nn.Module,
    cut: Windows,
    baselines: np.ndarray,
    draws: int,
    batch_size: int,
    seed: int,
) -> np.ndarray:
    """Return expected gradients (n, lags, feature) of each window.

    The mean over `draws` random points between random `baselines` (baseline, lags,
    feature) and the window: GradientShap, Lundberg and Lee 2017, arXiv:1705.07874. All
    windows of a path have the same baseline and the same point.
    """
    values = np.empty(cut.x.shape, np.float32)
    method = GradientShap(_output(model))
    bank = torch.from_numpy(baselines)[:, None].to(device.of(model))
    with _seeded(seed):
        for index, x, fixed in _paths(model, cut, max(1, batch_size // draws)):
            found = method.attribute(
                x,
                baselines=bank.expand(-1, x.shape[1], -1, -1),
                additional_forward_args=fixed,
                n_samples=draws,
            )
            values[index] = found.detach().cpu().numpy()
    return values


def _paths(
    model: nn.Module, cut: Windows, size: int
) -> Iterator[tuple[np.ndarray, Tensor, tuple[Tensor, ...]]]:
    """Yield row numbers (path, row), x and the fixed inputs of about `size` rows."""
    model.eval().requires_grad_(False)
    data = cut.batch(device=str(device.of(model)))
    # cuDNN cannot differentiate a recurrent net in evaluation mode.
    with torch.backends.cudnn.flags(enabled=False):
        for block in _blocks(data, model.by_date):
            for index in block.split(max(1, size // block.shape[1])):
                part = batching.rows(data, index.flatten())
                x, *fixed = (
                    values.unflatten(0, index.shape)
                    for values in (part.x, part.valid, part.calendar, part.entity)
                )
                yield index.numpy(), x, tuple(fixed)


def _blocks(data: Batch, by_date: bool) -> list[Tensor]:
    """Return the rows (path, row) of all paths, a block for each number of rows."""
    if not by_date:
        return [torch.arange(len(data.group))[:, None]]
    _, date, count = torch.unique(
        data.group.cpu(), return_inverse=True, return_counts=True
    )
    rows = torch.argsort(date, stable=True).split(count.tolist())
    return [
        torch.stack([part for part in rows if len(part) == size])
        for size in count.unique().tolist()
    ]


def _output(model: nn.Module) -> Callable[..., Tensor]:
    """Return the function to explain: the median, averaged over horizons, per path."""

    def output(x: Tensor, valid: Tensor, calendar: Tensor, entity: Tensor) -> Tensor:
        paths, rows = entity.shape
        # Captum stacks the points of a path: a date must not meet its other points.
        group = torch.arange(paths, device=x.device).repeat_interleave(rows)
        inputs = (part.flatten(0, 1) for part in (x, valid, calendar, entity))
        found = model(*inputs, group)  # (path * row, horizon, output)
        middle = found[..., (found.shape[-1] - 1) // 2].mean(dim=1)
        return middle.view(paths, rows).sum(dim=1)

    return output


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Seed numpy's global source, from which captum draws, and put it back."""
    state = np.random.get_state()
    np.random.seed(seed)
    try:
        yield
    finally:
        np.random.set_state(state)
