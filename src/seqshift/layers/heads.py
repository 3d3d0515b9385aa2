"""Heads and their losses: point with squared error, quantiles with pinball loss."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqshift.errors import BadInput


class PointHead(nn.Module):
    """One number per horizon."""

    def __init__(self, width: int, horizons: int) -> None:
        super().__init__()
        self.linear = nn.Linear(width, horizons)

    def forward(self, x: Tensor) -> Tensor:
        """Map `(batch, width)` to `(batch, horizon, 1)`."""
        return self.linear(x)[..., None]


class QuantileHead(nn.Module):
    """Several quantiles per horizon that never cross, by construction."""

    def __init__(self, width: int, horizons: int, outputs: int) -> None:
        super().__init__()
        self.outputs = outputs
        self.linear = nn.Linear(width, horizons * outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Map `(batch, width)` to `(batch, horizon, quantile)`, non-decreasing."""
        return spread(self.linear(x).unflatten(-1, (-1, self.outputs)))


def spread(raw: Tensor) -> Tensor:
    """Turn free numbers `(..., quantile)` into non-decreasing ones.

    The middle one is the median; softplus steps are summed up away from it.
    """
    middle = (raw.shape[-1] - 1) // 2
    below, median, above = raw.tensor_split((middle, middle + 1), -1)
    down = F.softplus(below).flip(-1).cumsum(-1).flip(-1)
    up = F.softplus(above).cumsum(-1)
    return torch.cat((median - down, median, median + up), -1)


def head(width: int, horizons: int, outputs: int) -> nn.Module:
    """Head for one output (point) or several (quantiles) per horizon."""
    if outputs == 1:
        return PointHead(width, horizons)
    return QuantileHead(width, horizons, outputs)


def loss(
    prediction: Tensor, target: Tensor, quantiles: Sequence[float] | None
) -> Tensor:
    """Loss that belongs to the head: squared error, or pinball with `quantiles`.

    `prediction` is `(batch, horizon, output)`, `target` `(batch, horizon)`,
    both in z-units.
    """
    if quantiles:
        return pinball_loss(prediction, target, quantiles)
    return point_loss(prediction, target)


def point_loss(prediction: Tensor, target: Tensor) -> Tensor:
    """Mean squared error of `(batch, horizon, 1)` against `(batch, horizon)`."""
    _check_shapes(prediction, target, 1)
    return F.mse_loss(prediction.squeeze(-1), target)


def pinball_loss(
    prediction: Tensor, target: Tensor, quantiles: Sequence[float]
) -> Tensor:
    """Mean over samples, horizons and quantiles of max(q·u, (q-1)·u), u = y - p.

    Koenker and Bassett 1978, doi:10.2307/1913643.
    """
    _check_shapes(prediction, target, len(quantiles))
    error = target[..., None] - prediction  # (batch, horizon, quantile)
    # Filled on the device: a copy from the host could not be part of a CUDA graph.
    level = torch.cat([error.new_full((1,), share) for share in quantiles])
    return torch.maximum(level * error, (level - 1) * error).mean()


def _check_shapes(prediction: Tensor, target: Tensor, outputs: int) -> None:
    # Broadcasting would turn a wrong shape into a plausible wrong loss.
    if prediction.shape != (*target.shape, outputs):
        raise BadInput(
            f"loss: prediction {tuple(prediction.shape)} does not fit target "
            f"{tuple(target.shape)} with {outputs} output(s); check the quantiles "
            "and the horizons of the domain"
        )
