"""Defects of U. Dayton files: days without a temperature."""

from collections import Counter
from pathlib import Path

import numpy as np

_RUNS = (1, 2, 5)  # days; two at most are interpolated
_APART = 10


def spoil(folder: Path, rng: np.random.Generator) -> dict[str, int]:
    """Damage the simulated files; return the rows that will be flagged by rule."""
    counts: Counter[str] = Counter()
    for path in sorted(Path(folder).glob("*.txt")):
        lines = path.read_text().splitlines()
        places = np.arange(_APART, len(lines) - _APART, _APART)
        chosen = rng.choice(places, len(_RUNS), replace=False)
        for first, days in zip(chosen, _RUNS, strict=True):
            for row in range(first, first + days):
                date = lines[row].rpartition(" ")[0]
                lines[row] = f"{date} -99"
            counts["W1"] += days
        path.write_text("\n".join(lines) + "\n")
    return dict(counts)
