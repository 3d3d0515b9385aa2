"""Transformer whose blocks also read a learned memory."""

import torch
from torch import Tensor, nn

from seqshift.layers.envelope import Envelope
from seqshift.layers.memory import Memory
from seqshift.windows import Shape


class Model(nn.Module):
    """Pre-norm encoder with `slots` learned memory slots in every block."""

    by_date = False
    stackable = True

    def __init__(self, shape: Shape, spec: dict) -> None:
        super().__init__()
        extras = [
            Memory(spec["width"], spec["heads"], spec["slots"])
            for _ in range(spec["layers"])
        ]
        self.envelope = Envelope(shape, spec, extras)

    def forward(
        self, x: Tensor, valid: Tensor, calendar: Tensor, entity: Tensor, group: Tensor
    ) -> Tensor:
        """Map `(batch, time, feature)` to `(batch, horizon, output)`."""
        x = torch.where(valid[..., None], x, 0)
        return self.envelope(x, valid, calendar, entity)
