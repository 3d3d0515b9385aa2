"""Defects of cleaned EIA-930 files: E16, E17, E1c and E12."""

import gzip
from collections import Counter
from pathlib import Path

import numpy as np

from seqshift import spoiling
from seqshift.sources import eia930


def spoil(folder: Path, rng: np.random.Generator) -> dict[str, int]:
    """Damage every simulated file; return the rows that `read` marks, by rule."""
    counts: Counter[str] = Counter()
    for path in sorted(Path(folder).glob("*.csv.gz")):
        head, *lines = gzip.decompress(path.read_bytes()).decode().splitlines()
        rows, marks = _file([line.split(",") for line in lines], rng)
        text = "\n".join([head, *map(",".join, rows)]) + "\n"
        path.write_bytes(gzip.compress(text.encode(), compresslevel=4, mtime=0))
        counts += Counter(marks)
    return dict(counts)


def _file(
    rows: list[list[str]], rng: np.random.Generator
) -> tuple[list[list[str]], dict[str, int]]:
    mw = np.array([float(row[-1]) for row in rows])
    places = spoiling.spots(rng, len(rows), 6)
    jump, height = spoiling.peak(mw, places)
    places.remove(jump)
    low, long, filled, gap, hole = places
    rows[jump][-1] = str(height)
    for hour in (low, low + 1, *range(long, long + 10)):
        rows[hour][-1] = "0" if hour % 2 else "-3"
    for hour in range(filled, filled + 20):
        rows[hour][1:3] = "MISSING", eia930.CATEGORIES[1 + hour % 10]
    short = int(rng.integers(1, 4))
    lost = {*range(gap, gap + short), *range(hole, hole + 6)}
    kept = [row for hour, row in enumerate(rows) if hour not in lost]
    return kept, {"E1c": 1, "E16": 12, "E17": 20, "E12": short}
