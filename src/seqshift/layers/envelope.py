"""What all transformers share around their blocks."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from seqshift.layers.attention import key_mask
from seqshift.layers.block import Block
from seqshift.layers.embeddings import Rows
from seqshift.layers.heads import head
from seqshift.layers.pooling import AttentionPooling
from seqshift.windows import Shape

POSITION_SD = 0.02


class Envelope(nn.Module):
    """Rows, projection, learned positions, blocks, norm, attention pooling, head.

    `extras` holds one entry per block: its additional sub-layer or None. Without
    positions (spec `positions: false`) only the calendar tells the order of rows, and
    with the calendar of the target day alone (`calendar: target`) nothing does.
    """

    def __init__(
        self, shape: Shape, spec: dict, extras: Sequence[nn.Module | None]
    ) -> None:
        super().__init__()
        width, dropout = spec["width"], spec["dropout"]
        self.rows = Rows(
            shape.features,
            shape.entities,
            spec["embedding"],
            spec["entity_dropout"],
            spec["calendar"],
        )
        self.project = nn.Linear(self.rows.width, width)
        self.positions = None
        if spec["positions"]:
            self.positions = nn.Parameter(torch.empty(shape.lags, width))
            nn.init.normal_(self.positions, std=POSITION_SD)
        self.blocks = nn.ModuleList(
            Block(width, spec["heads"], spec["feedforward"], dropout, extra)
            for extra in extras
        )
        self.norm = nn.LayerNorm(width)
        self.pool = AttentionPooling(width)
        self.head = head(width, shape.horizons, shape.outputs)

    def forward(
        self,
        x: Tensor,
        valid: Tensor,
        calendar: Tensor,
        entity: Tensor,
        *context: object,
    ) -> Tensor:
        """Map masked `(batch, time, feature)` to `(batch, horizon, output)`."""
        x = self.project(self.rows(x, valid, calendar, entity))
        if self.positions is not None:
            x = x + self.positions[: x.shape[1]]
        mask = key_mask(valid)
        for block in self.blocks:
            x = block(x, mask, *context)  # (batch, time, width)
        return self.head(self.pool(self.norm(x), valid))
