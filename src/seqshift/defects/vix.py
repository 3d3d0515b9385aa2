"""Defects of the volatility index: days with a close only, values on closed days."""

from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import sessions
from seqshift.sources.vix import FILE, HEADER

_FLAT, _CLOSED = 10, 3
_FORM = "%m/%d/%Y"


def spoil(folder: Path, rng: np.random.Generator) -> dict[str, int]:
    """Damage the simulated file; return the rows that will be flagged by rule."""
    path = Path(folder, FILE)
    rows = pd.read_csv(path, dtype="str", na_filter=False)
    dates = pd.to_datetime(rows["DATE"], format=_FORM)
    weekdays = pd.bdate_range(dates.iloc[1], dates.iloc[-1])
    holidays = weekdays.difference(sessions.between(weekdays[0], weekdays[-1]))
    closed = pd.DatetimeIndex(sorted(rng.choice(holidays, _CLOSED, replace=False)))
    before = dates.searchsorted(closed) - 1  # rows that a closed day repeats
    extra = rows.iloc[before].assign(DATE=closed.strftime(_FORM))
    free = np.setdiff1d(np.arange(len(rows)), before)
    flat = rng.choice(free, _FLAT, replace=False)
    for column in HEADER[1:-1]:
        rows.loc[flat, column] = rows.loc[flat, "CLOSE"]
    rows = pd.concat([rows, extra.set_axis(before + 0.5)]).sort_index()
    rows.to_csv(path, index=False, lineterminator="\r\n")
    return {"F7": _CLOSED, "F8": _FLAT}
