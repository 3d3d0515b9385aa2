"""Defects of PJM files: absent hours, zeros, lost digits and long dips.

The marks that the form itself implies, E8, E10 and E11, are counted before.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import loads, localdays
from seqshift.sources import pjm

# Rule -> hours in a row and what is left of the median load; NaN: no row.
_DAMAGES = {
    "E12": [(1, np.nan), (3, np.nan)],
    "E3": [(1, 0.0), (4, 0.0)],
    "E13": [(1, 0.1), (1, 0.05)],
    "E14": [(3, 0.3), (9, 0.3)],  # kept; missing
}
_FIRST = 8  # hour of the day


def spoil(folder: Path, rng: np.random.Generator) -> dict[str, int]:
    """Damage the simulated files; return the rows that will be flagged by rule."""
    counts = loads.marked(pjm.read(folder, {})["flag"])
    jobs = [(rule, *job) for rule, jobs in _DAMAGES.items() for job in jobs]
    for path in sorted(Path(folder).glob(f"*{pjm.SUFFIX}")):
        frame = pd.read_csv(path, dtype={"Datetime": "str"})
        column = frame.columns[1]
        median = frame[column].median()
        stamps = pd.DatetimeIndex(frame["Datetime"])
        days = stamps.normalize().unique().sort_values()[1:-1]
        days = days[localdays.lengths(days, pjm.ZONE) == 24]
        chosen = days[rng.choice(len(days), len(jobs), replace=False)]
        for day, (rule, hours, share) in zip(chosen, jobs, strict=True):
            first = day + _FIRST * localdays.HOUR
            rows = stamps.isin(pd.date_range(first, periods=hours, freq="h"))
            frame.loc[rows, column] = share * median
            counts[rule] += hours
        left = frame.dropna()
        left.to_csv(path, index=False, float_format="%.4f", lineterminator="\n")
    return dict(counts)
