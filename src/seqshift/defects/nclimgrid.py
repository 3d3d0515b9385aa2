"""Defects of nClimGrid-Daily files: days without a mean temperature."""

from collections import Counter
from pathlib import Path

import numpy as np

from seqshift.sources.nclimgrid import HEAD, MISSING

_RUNS = (1, 2, 4)  # days; two at most are interpolated


def spoil(folder: Path, rng: np.random.Generator) -> dict[str, int]:
    """Damage the simulated files; return the rows that will be flagged by rule."""
    files = {
        path: path.read_text().splitlines()
        for path in sorted(Path(folder).glob("tavg-*"))
    }
    paths, counts = [*files], Counter()
    for state in range(len(files[paths[0]])):
        for number, days in zip(
            rng.choice(len(paths), 3, replace=False), _RUNS, strict=True
        ):
            lines = files[paths[number]]
            cells = lines[state].split(",")
            first = HEAD + int(rng.integers(3, 20))  # far from the days of other months
            cells[first : first + days] = [f"{MISSING:9.2f}"] * days
            lines[state] = ",".join(cells)
            counts["W1"] += days
    for path, lines in files.items():
        path.write_text("\n".join(lines))
    return dict(counts)
