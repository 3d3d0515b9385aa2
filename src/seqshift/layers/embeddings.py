"""What a model is told beside its features: the calendar and the entity."""

import math

import torch
from torch import Tensor, nn

CALENDAR_WIDTH = 4
DAYS_OF_WEEK = 7.0
DAYS_OF_YEAR = 365.25


def encode_calendar(calendar: Tensor, valid: Tensor) -> Tensor:
    """Sine and cosine of day of year and day of week, 0 on padded bars.

    `calendar` is `(batch, time, 4)` int64: bar_in_day, day_of_week (0 = Monday),
    day_of_month, day_of_year (1..366); the result `(batch, time, 4)` float32.
    """
    _, day_of_week, _, day_of_year = calendar.unbind(-1)
    turns = torch.stack((day_of_year / DAYS_OF_YEAR, day_of_week / DAYS_OF_WEEK), -1)
    angle = 2 * math.pi * turns  # (batch, time, 2)
    encoded = torch.cat((angle.sin(), angle.cos()), -1)
    return torch.where(valid[..., None], encoded, 0)


def target_day(calendar: Tensor, valid: Tensor) -> Tensor:
    """Return `calendar` (batch, time, field) with every row set to the last valid one.

    That row is the target day's, so the result tells no row from another.
    """
    time = torch.arange(valid.shape[1], device=valid.device)
    last = torch.where(valid, time, 0).amax(1)
    row = calendar.take_along_dim(last[:, None, None], 1)  # (batch, 1, field)
    return row.expand_as(calendar)


class EntityEmbedding(nn.Module):
    """One learned vector per entity; row 0 stands for every unknown entity.

    While training, each sample's id becomes 0 with probability `dropout` (drawn from
    torch's default generator), so that the unknown row is trained too.
    """

    def __init__(self, entities: int, width: int, dropout: float) -> None:
        super().__init__()
        self.table = nn.Embedding(entities, width)
        self.dropout = dropout

    def forward(self, entity: Tensor) -> Tensor:
        """Map `(batch,)` ids, 0 = unknown, to `(batch, width)`."""
        if self.training:
            hidden = torch.rand(entity.shape, device=entity.device) < self.dropout
            entity = torch.where(hidden, 0, entity)
        return self.table(entity)


class Rows(nn.Module):
    """Time rows for a sequence model: features, calendar and entity side by side.

    `calendar` says whose calendar a row shows: its own day's (`rows`), or in every row
    that of the target day (`target`), which leaves the order of the rows untold.
    """

    def __init__(
        self, features: int, entities: int, width: int, dropout: float, calendar: str
    ) -> None:
        super().__init__()
        self.calendar = calendar
        self.entity = EntityEmbedding(entities, width, dropout)
        self.width = features + CALENDAR_WIDTH + width

    def forward(
        self, x: Tensor, valid: Tensor, calendar: Tensor, entity: Tensor
    ) -> Tensor:
        """Join masked `x` and the rest to `(batch, time, width)`."""
        if self.calendar == "target":
            calendar = target_day(calendar, valid)
        who = self.entity(entity)[:, None].expand(-1, x.shape[1], -1)
        return torch.cat((x, encode_calendar(calendar, valid), who), -1)
