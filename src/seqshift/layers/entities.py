"""Attention among the entities of one date."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from seqshift.layers.attention import SelfAttention, key_mask


@dataclass(frozen=True)
class Dates:
    """Grid of dates and entities in which the rows of a batch find their places."""

    dates: int
    entities: int
    place: Tensor  # (batch · time,) index of each token in (date · time · entity)
    mask: Tensor  # (date · time, 1, 1, entity) True = a valid bar of a present entity

    def fold(self, x: Tensor) -> Tensor:
        """Turn `(batch, time, width)` into `(date · time, entity, width)`."""
        tokens = x.flatten(0, 1)
        grid = x.new_zeros(self.mask.numel(), x.shape[-1])
        grid = grid.index_copy(0, self.place, tokens)
        return grid.unflatten(0, (-1, self.entities))

    def unfold(self, grid: Tensor, like: Tensor) -> Tensor:
        """Undo `fold` for a batch shaped as `like`; empty places are dropped."""
        return grid.flatten(0, 1).index_select(0, self.place).view_as(like)


def arrange(group: Tensor, valid: Tensor) -> Dates:
    """Place the rows of equal `group` (batch,) on one date, in any order of rows.

    Dates may hold different numbers of entities; `valid` is `(batch, time)` bool.
    """
    batch, time = valid.shape
    _, date, counts = torch.unique(group, return_inverse=True, return_counts=True)
    entities = int(counts.max())
    order = date.argsort(stable=True)
    first = counts.cumsum(0) - counts
    slot = torch.empty_like(date)
    slot[order] = torch.arange(batch, device=group.device) - first[date[order]]
    row = date[:, None] * time + torch.arange(time, device=group.device)
    place = (row * entities + slot[:, None]).flatten()  # (batch · time,)
    mask = valid.new_zeros(len(counts) * time * entities)
    mask[place] = valid.flatten()
    return Dates(len(counts), entities, place, key_mask(mask.view(-1, entities)))


class EntityAttention(nn.Module):
    """Attention among the entities of a date, separately for each time row.

    No position over entities: permuting them permutes the result.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.attention = SelfAttention(width, heads)

    def forward(self, x: Tensor, dates: Dates) -> Tensor:
        """Map `(batch, time, width)` to the same shape."""
        return dates.unfold(self.attention(dates.fold(x), dates.mask), like=x)
