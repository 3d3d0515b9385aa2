"""Clipping of the gradients of several seeds at once, each by its own norm."""

import torch
from torch import Tensor


def clip(grads: list[Tensor], most: float):
    """Scale each seed's gradients (seed, ...) in place to a norm of at most `most`."""
    squares = [grad.flatten(1).square().sum(1) for grad in grads]  # (seed,) each
    scale = (most / (torch.stack(squares).sum(0).sqrt() + 1e-6)).clamp(max=1)
    for grad in grads:
        grad.mul_(scale.view(-1, *(1,) * (grad.ndim - 1)))
