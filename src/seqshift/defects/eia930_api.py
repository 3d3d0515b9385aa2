"""Defects of EIA-930 demand from the API: E1a, E1b, E3, E12, E24 and E25."""

import json
from collections import Counter
from pathlib import Path

import numpy as np

from seqshift import eia_api, spoiling
from seqshift.sources import eia930_api


def spoil(folder: Path, rng: np.random.Generator) -> dict[str, int]:
    """Damage the simulated pages of every name; return the rows marked, by rule."""
    pages: dict[str, list[dict]] = {}
    for path in sorted(Path(folder).glob("*.json")):
        name = path.stem.rpartition(".")[0]
        pages.setdefault(name, []).extend(
            json.loads(path.read_text())["response"]["data"]
        )
        path.unlink()
    counts: Counter[str] = Counter()
    for name, rows in pages.items():
        mw = np.array([float(row["value"]) for row in rows])
        values, lost, marks = spoiling.demand(mw, rng)
        for hour, value in values.items():
            rows[hour]["value"] = None if value is None else str(value)
        kept = [row for hour, row in enumerate(rows) if hour not in lost]
        eia_api.write(Path(folder), name, kept, eia930_api.ENVELOPE)
        counts += Counter(marks)
    return dict(counts)
