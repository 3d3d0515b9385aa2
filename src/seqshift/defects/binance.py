"""Defects of Binance files: bars without a trade, absent bars, a partial day."""

import io
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import zipped
from seqshift.sources.binance import BARS, write

_IDLE, _LOST = 5, 3  # bars without a trade, bars absent inside a day
_VOLUME = 5  # column


def spoil(folder: Path, rng: np.random.Generator) -> dict[str, int]:
    """Damage the simulated files; return the rows that will be flagged by rule.

    The last file of each symbol needs three days: one loses bars in its middle, one
    has bars without a trade, the last one ends early.
    """
    counts: Counter[str] = Counter()
    last = {path.name.partition("-")[0]: path for path in sorted(folder.glob("*.zip"))}
    for path in last.values():
        with zipped.opened(path, "*.csv", {}) as file:
            content = file.read()
        rows = pd.read_csv(io.BytesIO(content), header=None)
        days = len(rows) // BARS
        holed, idle = rng.choice(days - 1, 2, replace=False) * BARS
        quiet = idle + rng.choice(BARS, _IDLE, replace=False)
        rows.loc[quiet, _VOLUME] = 0.0
        lost = holed + rng.integers(1, BARS - _LOST) + np.arange(_LOST)
        left = int(rng.integers(1, BARS))
        end = np.arange((days - 1) * BARS + left, len(rows))
        write(path, rows.drop(index=[*lost, *end]))
        counts += Counter({"B3": BARS - _LOST + left, "F3": _IDLE})
    return dict(counts)
