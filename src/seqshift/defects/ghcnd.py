"""Defects of GHCN-Daily files: doubted and missing values, lines without their end."""

from collections import Counter
from pathlib import Path

import numpy as np

from seqshift.sources.ghcnd import HEAD, MISSING, SLOT

# Rule -> the damages of one month each: elements, and their days in a row.
_DAMAGES = {
    "W2": [(["TMAX"], 1), (["TMIN"], 2), (["TMAX", "TMIN"], 3)],
    "W1": [(["TMIN"], 1), (["TMAX", "TMIN"], 2), (["TMAX"], 3)],
}
_MARK = 6  # place of the quality mark in a slot


def spoil(folder: Path, rng: np.random.Generator) -> dict[str, int]:
    """Damage the simulated files; return the rows that will be flagged by rule."""
    counts: Counter[str] = Counter()
    for path in sorted(Path(folder).glob("*.dly")):
        lines = {line[11:21]: line for line in path.read_text().splitlines()}
        jobs = [(rule, *job) for rule, jobs in _DAMAGES.items() for job in jobs]
        months = sorted({key[:6] for key in lines})
        chosen = rng.choice(months[1:-1], len(jobs), replace=False)
        for month, (rule, elements, days) in zip(chosen, jobs, strict=True):
            first = int(rng.integers(3, 20))  # far from the days of other months
            for element in elements:
                key = f"{month}{element}"
                lines[key] = _damaged(lines[key], rule, range(first, first + days))
            counts[rule] += days
        path.write_text("".join(f"{line.rstrip()}\n" for line in lines.values()))
    return dict(counts)


def _damaged(line: str, rule: str, days: range) -> str:
    for day in days:
        start = HEAD + SLOT * day
        slot = line[start : start + SLOT]
        doubted = f"{slot[:_MARK]}I{slot[_MARK + 1 :]}"
        new = doubted if rule == "W2" else f"{MISSING:5d}   "
        line = line[:start] + new + line[start + SLOT :]
    return line
