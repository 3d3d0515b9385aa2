"""The batches of one forecast in their order, and the bias of each."""

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from seqshift.errors import BadInput
from seqshift.softgroup.mask import log_bias
from seqshift.softgroup.origins import origin_ids
from seqshift.softgroup.settings import SoftGroups


class Batches:
    """Counts rows and items, as upstream cuts the inputs, and finds their settings.

    A row is one variate of an item: its targets come first, then its covariates.
    """

    def __init__(self, soft: SoftGroups):
        self.soft = soft
        self.S = None if soft.S is None else _numbers(soft.S)
        self.origins = None if soft.origins is None else origin_ids(soft.origins)
        self.rows = self.items = 0

    def bias(
        self, context: Tensor, group_ids: Tensor, ranges: list[tuple[int, int]]
    ) -> Tensor:
        """Return the bias (row, row) of the next batch, from its contexts (row, time).

        Raises
        ------
        BadInput
            If all rows form one group already, no origin is known, or S or the
            origins are too short.
        """
        if len(ranges) > 1 and len(group_ids.unique()) == 1:
            raise BadInput(
                "cross_learning=True lets all rows share already; leave it or the "
                "similarity out"
            )
        targets = torch.zeros(len(context), dtype=torch.bool)
        for start, end in ranges:
            targets[start:end] = True
        shares = targets if self.soft.scope == "targets" else torch.ones_like(targets)
        ids = self._origin_ids(len(context), ranges)
        if self.S is None:
            S = self.soft.similarity_of(context, ids, shares)
        else:
            S = self._matrix(len(context))
        self.rows += len(context)
        self.items += len(ranges)
        return log_bias(S, group_ids, self.soft.beta, ids, shares)

    def finish(self):
        """Refuse an S or origins that are longer than the inputs were."""
        if self.S is not None and len(self.S) != self.rows:
            raise _unequal("S", len(self.S), self.rows, "rows")
        if self.origins is not None and len(self.origins) != self.items:
            raise _unequal("origins", len(self.origins), self.items, "items")

    def _origin_ids(self, rows: int, ranges: list[tuple[int, int]]) -> Tensor:
        """Return the origin id of each row of the next batch."""
        if self.origins is None:
            if self.soft.same_origin:
                return torch.zeros(rows, dtype=torch.int64)
            raise BadInput(
                "the forecast origins of bare arrays are unknown; give origins=, one "
                "id an item, or declare same_origin=True if all series end at one time"
            )
        end = self.items + len(ranges)
        if len(self.origins) < end:
            raise _unequal("origins", len(self.origins), f"at least {end}", "items")
        starts = torch.tensor([start for start, _ in ranges] + [rows])
        return self.origins[self.items : end].repeat_interleave(starts.diff())

    def _matrix(self, rows: int) -> Tensor:
        """Return the part of S that belongs to the next batch."""
        end = self.rows + rows
        if self.S.ndim != 2 or min(self.S.shape) < end:
            shape = tuple(self.S.shape)
            raise _unequal("S", shape, f"at least {end}", "rows")
        return self.S[self.rows : end, self.rows : end]


def _numbers(S: Tensor | ArrayLike) -> Tensor:
    if isinstance(S, Tensor):
        return S
    try:
        return torch.from_numpy(np.array(S, dtype=np.float64))
    except (TypeError, ValueError) as problem:
        raise BadInput(
            f"S is no matrix of numbers ({problem}); give one row and one column for "
            "each row of the inputs"
        ) from problem


def _unequal(name: str, length: object, needed: object, what: str) -> BadInput:
    return BadInput(
        f"{name} has length {length} and the inputs {needed} {what}; give one entry "
        f"for each of the {what} in their order"
    )
