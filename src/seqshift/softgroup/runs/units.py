"""Which windows are forecast together, and which of them may see each other.

A unit is what shares: the rows of one origin and one batch number. Units are packed
into one forward pass for speed alone; different units never see each other.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
import xarray as xr
from torch import Tensor


@dataclass(frozen=True)
class Unit:
    """Rows that share: the place of their origin, and those of their series."""

    origin: int
    series: np.ndarray  # (row,)


@dataclass(frozen=True)
class Batch:
    """One forward pass: contexts, and for each row its unit and its place."""

    units: list[Unit]
    x: Tensor  # (row, lag)
    unit: Tensor  # (row,) int64, the origin ids of the mask
    origin: np.ndarray  # (row,)
    series: np.ndarray  # (row,)

    def groups(self, labels: np.ndarray | None) -> Tensor:
        """Return the group ids of the rows: labels (series,) within each unit.

        Without labels every row is a group of its own.
        """
        if labels is None:
            return torch.arange(len(self.x))
        own = torch.from_numpy(labels[self.series]).long()
        return self.unit * (int(labels.max()) + 1) + own

    def blocks(self) -> Iterator[tuple[Unit, slice]]:
        """Yield each unit with its rows."""
        start = 0
        for unit in self.units:
            yield unit, slice(start, start + len(unit.series))
            start += len(unit.series)


def units(windows: xr.Dataset) -> list[Unit]:
    """Return the units of windows, by origin and batch number."""
    return [
        Unit(origin, np.flatnonzero(numbers == number))
        for origin, numbers in enumerate(windows["batch"].values)
        for number in np.unique(numbers)
    ]


def pack(windows: xr.Dataset, found: list[Unit], most: int) -> list[Batch]:
    """Return batches of whole units with at most `most` rows, or of one larger unit."""
    context = windows["context"].values
    parts: list[list[Unit]] = [[]]
    for unit in found:
        rows = sum(len(one.series) for one in parts[-1])
        if parts[-1] and rows + len(unit.series) > most:
            parts.append([])
        parts[-1].append(unit)
    return [_batch(context, part) for part in parts if part]


def _batch(context: np.ndarray, part: list[Unit]) -> Batch:
    sizes = [len(unit.series) for unit in part]
    origin = np.repeat([unit.origin for unit in part], sizes)
    series = np.concatenate([unit.series for unit in part])
    x = torch.from_numpy(context[origin, series])
    number = torch.from_numpy(np.repeat(np.arange(len(part)), sizes))
    return Batch(part, x, number, origin, series)


def composition(batches: list[Batch]) -> dict:
    """Return how batches are made up; the digest tells their order of rows."""
    digest = hashlib.sha256()
    for batch in batches:
        for rows in (batch.unit.numpy(), batch.origin, batch.series):
            digest.update(rows.astype("int64").tobytes())
    return {
        "batches": len(batches),
        "units": max(len(batch.units) for batch in batches),
        "rows": max(len(batch.x) for batch in batches),
        "row_order": digest.hexdigest()[:12],
    }
