"""Defects of EIA-930 demand in the bulk file: E1a, E1b, E3, E12, E24 and E25."""

import json
from collections import Counter
from pathlib import Path

import numpy as np

from seqshift import spoiling, zipped
from seqshift.sources import eia930_bulk


def spoil(folder: Path, rng: np.random.Generator) -> dict[str, int]:
    """Damage the demand of every authority; return the rows marked, by rule."""
    path = Path(folder, eia930_bulk.FILE)
    with zipped.opened(path, eia930_bulk.MEMBER, {}) as file:
        text = file.read()
    series = [json.loads(line) for line in text.splitlines()]
    counts: Counter[str] = Counter()
    for one in series:
        if one.get("series_id", "").endswith(".D.H"):
            data = one["data"][::-1]
            mw = np.array([value for _, value in data], dtype=float)
            values, lost, marks = spoiling.demand(mw, rng)
            for hour, value in values.items():
                data[hour][1] = value
            kept = [pair for hour, pair in enumerate(data) if hour not in lost]
            one["data"] = kept[::-1]
            counts += Counter(marks)
    eia930_bulk.write(path, series)
    return dict(counts)
