"""Defects of NYISO files: absent hours."""

from collections import Counter
from pathlib import Path

import numpy as np

_RUNS = {1: "E12", 3: "E12", 5: ""}  # three hours at most are interpolated


def spoil(folder: Path, rng: np.random.Generator) -> dict[str, int]:
    """Damage the simulated files; return the rows that will be flagged by rule."""
    counts: Counter[str] = Counter()
    for path in sorted(Path(folder).glob("*.csv")):
        header, *lines = path.read_text().splitlines()
        days = rng.choice(np.arange(1, len(lines) // 24 - 1), len(_RUNS), replace=False)
        lost = set()
        for day, (hours, rule) in zip(24 * days, _RUNS.items(), strict=True):
            lost |= {*range(day, day + hours)}
            counts[rule] += hours
        left = [line for row, line in enumerate(lines) if row not in lost]
        path.write_text("\n".join([header, *left]) + "\n")
    del counts[""]
    return dict(counts)
