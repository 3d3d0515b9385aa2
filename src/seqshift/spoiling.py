"""Damage to simulated files at drawn places, such that its marks can be counted."""

from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import plants, workbook
from seqshift.errors import BadInput

APART = 400  # hours: no damage lies in the two weeks by which rule E1b judges another
_SLOT = APART + 100
_OVERFLOW = 2_147_480_000


def spots(rng: np.random.Generator, length: int, count: int) -> list[int]:
    """Return drawn positions in a series of hours, far from each other and the ends.

    Raises
    ------
    BadInput
        If the series is too short for them.
    """
    slots = (length - 2 * APART) // _SLOT
    if slots < count:
        raise BadInput(
            f"a world of {length} hours is too short for `defects: real`; it takes "
            f"{count * _SLOT + 2 * APART}"
        )
    drawn = rng.permutation(slots)[:count]
    jitter = rng.integers(0, _SLOT - APART, count)
    return [int(start) for start in APART + drawn * _SLOT + jitter]


def peak(mw: np.ndarray, places: list[int]) -> tuple[int, int]:
    """Return the best of some places for a peak that rule E1b finds, and its height.

    The place where the load of that hour is lowest keeps it below the bound of E1a.
    """
    days = 24 * np.arange(-7, 8)
    largest = [mw[place + days].max() for place in places]
    best = int(np.argmin(largest))
    return places[best], int(1.7 * largest[best])


def demand(
    mw: np.ndarray, rng: np.random.Generator
) -> tuple[dict[int, int | None], list[int], dict[str, int]]:
    """Return damage to published demand: new values, hours to drop, marks by rule.

    A new value of None is a withdrawn one.
    """
    places = spots(rng, len(mw), 8)
    jump, height = peak(mw, places)
    places.remove(jump)
    low, high, short, long, gap, hole, dead = places
    still = int(mw[dead : dead + 60].max()) + 1  # no hour beside the run has that load
    values = {jump: height, high: _OVERFLOW, low: 0, low + 1: -5}
    values |= dict.fromkeys([*range(short, short + 3), *range(long, long + 30)])
    values |= dict.fromkeys(range(dead, dead + 60), still)
    filled = int(rng.integers(1, 4))
    lost = [*range(gap, gap + filled), *range(hole, hole + 6)]
    marks = {"E1a": 1, "E1b": 1, "E3": 2, "E24": 33, "E25": 60, "E12": filled}
    return values, lost, marks


def generators(
    path: Path,
    sheet: str,
    names: list[str],
    last: pd.Timestamp,
    rng: np.random.Generator,
) -> dict[str, int]:
    """Add a generator without dates and one without a state; return marks by rule.

    `names` are the columns of the plant and its state; `last` is the month of the file.
    """
    sheets = workbook.read(path, header=None)
    cells = {
        name: frame.astype("object").where(frame.notna(), None).to_numpy().tolist()
        for name, frame in sheets.items()
    }
    rows = cells[sheet]
    head = next(i for i, row in enumerate(rows) if plants.GENERATOR in row)
    model = dict(zip(rows[head], rows[head + 1], strict=True))
    model |= {"Technology": plants.PV, names[0]: 99999}
    undated = model | {plants.MW: 2.0} | dict.fromkeys(plants.OPENED, " ")
    months = int(rng.integers(1, 36))
    opened = last.to_period("M") - (months - 1)
    dates = dict(zip(plants.OPENED, (opened.month, opened.year), strict=True))
    nowhere = model | {plants.MW: 0.9, names[1]: None} | dates
    rows[head + 1 : head + 1] = [list(undated.values()), list(nowhere.values())]
    workbook.write(cells, path)
    return {"E20": 1, "E26": months}
