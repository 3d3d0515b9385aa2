"""Multi-layer perceptron over the flattened window."""

from itertools import pairwise

import torch
from torch import Tensor, nn

from seqshift.layers.embeddings import (
    CALENDAR_WIDTH,
    EntityEmbedding,
    encode_calendar,
)
from seqshift.layers.heads import head
from seqshift.windows import Shape


class Model(nn.Module):
    """All time rows and one entity vector, then hidden layers of `widths`."""

    by_date = False
    stackable = True

    def __init__(self, shape: Shape, spec: dict) -> None:
        super().__init__()
        self.entity = EntityEmbedding(
            shape.entities, spec["embedding"], spec["entity_dropout"]
        )
        flat = shape.lags * (shape.features + CALENDAR_WIDTH) + spec["embedding"]
        sizes = [flat, *spec["widths"]]
        self.hidden = nn.Sequential()
        for wide, narrow in pairwise(sizes):
            self.hidden.extend(
                (nn.Linear(wide, narrow), nn.GELU(), nn.Dropout(spec["dropout"]))
            )
        self.head = head(sizes[-1], shape.horizons, shape.outputs)

    def forward(
        self, x: Tensor, valid: Tensor, calendar: Tensor, entity: Tensor, group: Tensor
    ) -> Tensor:
        """Map `(batch, time, feature)` to `(batch, horizon, output)`."""
        x = torch.where(valid[..., None], x, 0)
        rows = torch.cat((x, encode_calendar(calendar, valid)), -1)
        window = torch.cat((rows.flatten(1), self.entity(entity)), -1)
        return self.head(self.hidden(window))  # (batch, horizon, output)
