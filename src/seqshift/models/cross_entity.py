"""Transformer whose later blocks let the entities of one date see each other."""

import torch
from torch import Tensor, nn

from seqshift.errors import BadInput
from seqshift.layers.entities import EntityAttention, arrange
from seqshift.layers.envelope import Envelope
from seqshift.windows import Shape


class Model(nn.Module):
    """Pre-norm encoder with attention among entities from block `cross_from` on.

    Blocks count from 1. A batch must hold whole dates: a date's forecasts depend on
    all rows of its `group` and on nothing else. A row without any valid bar is an
    absent entity.
    """

    by_date = True
    stackable = False

    def __init__(self, shape: Shape, spec: dict) -> None:
        super().__init__()
        layers, first = spec["layers"], spec["cross_from"]
        if not 1 <= first <= layers:
            raise BadInput(
                f"model spec: cross_from {first} is not one of the blocks 1..{layers}; "
                "choose a block or use the kind transformer"
            )
        extras = [
            EntityAttention(spec["width"], spec["heads"]) if block >= first else None
            for block in range(1, layers + 1)
        ]
        self.envelope = Envelope(shape, spec, extras)

    def forward(
        self, x: Tensor, valid: Tensor, calendar: Tensor, entity: Tensor, group: Tensor
    ) -> Tensor:
        """Map `(batch, time, feature)` to `(batch, horizon, output)`."""
        x = torch.where(valid[..., None], x, 0)
        return self.envelope(x, valid, calendar, entity, arrange(group, valid))
