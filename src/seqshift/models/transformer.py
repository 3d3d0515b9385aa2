"""Transformer over the time rows of one window."""

import torch
from torch import Tensor, nn

from seqshift.layers.envelope import Envelope
from seqshift.windows import Shape


class Model(nn.Module):
    """Pre-norm encoder with attention pooling."""

    by_date = False
    stackable = True

    def __init__(self, shape: Shape, spec: dict) -> None:
        super().__init__()
        self.envelope = Envelope(shape, spec, [None] * spec["layers"])

    def forward(
        self, x: Tensor, valid: Tensor, calendar: Tensor, entity: Tensor, group: Tensor
    ) -> Tensor:
        """Map `(batch, time, feature)` to `(batch, horizon, output)`."""
        x = torch.where(valid[..., None], x, 0)
        return self.envelope(x, valid, calendar, entity)
