"""LSTM with projected state, read out at the last valid bar."""

import torch
from torch import Tensor, nn

from seqshift.layers.embeddings import Rows
from seqshift.layers.heads import head
from seqshift.windows import Shape


class Model(nn.Module):
    """Stacked LSTM; `projection` 0 means an unprojected state of full `width`."""

    by_date = False
    stackable = False

    def __init__(self, shape: Shape, spec: dict) -> None:
        super().__init__()
        self.rows = Rows(
            shape.features,
            shape.entities,
            spec["embedding"],
            spec["entity_dropout"],
            "rows",
        )
        self.lstm = nn.LSTM(
            self.rows.width,
            spec["width"],
            spec["layers"],
            batch_first=True,
            # torch drops out only between layers and warns where there is one.
            dropout=spec["dropout"] if spec["layers"] > 1 else 0.0,
            proj_size=spec["projection"],
        )
        width = spec["projection"] or spec["width"]
        self.head = head(width, shape.horizons, shape.outputs)

    def forward(
        self, x: Tensor, valid: Tensor, calendar: Tensor, entity: Tensor, group: Tensor
    ) -> Tensor:
        """Map `(batch, time, feature)` to `(batch, horizon, output)`."""
        x = torch.where(valid[..., None], x, 0)
        states, _ = self.lstm(self.rows(x, valid, calendar, entity))
        time = torch.arange(valid.shape[1], device=valid.device)
        # Padding lies on the right, so it cannot reach the state of this bar.
        last = torch.where(valid, time, 0).amax(1)
        final = states.take_along_dim(last[:, None, None], 1).squeeze(1)
        return self.head(final)  # (batch, width) -> (batch, horizon, output)
