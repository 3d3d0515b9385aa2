"""Defects of Sharadar prices: those of all daily bars, and a page that overlaps."""

from collections import Counter
from pathlib import Path

import numpy as np

from seqshift import bars
from seqshift.defects import yahoo
from seqshift.sharadar import hosts, pages

_OVERLAP = 3  # rows that the next page repeats; equal rows count once


def spoil(folder: Path, rng: np.random.Generator) -> dict[str, int]:
    """Damage the newest page of each company; return the flagged rows by rule."""
    counts: Counter[str] = Counter()
    names = {name: name for name in bars.COLUMNS} | {"close_adj": "closeadj"}
    forms = (f"SEP.*.0.{suffix}" for suffix in hosts.SUFFIX.values())
    for path in sorted(path for form in forms for path in Path(folder).glob(form)):
        rows, cursor = pages.page(path, "SEP")
        rows = rows[::-1].reset_index(drop=True)
        counts.update(yahoo.damage(rows, names, ["closeunadj"], rng))
        rows = rows[::-1]
        pages.write(path, rows, cursor or None)
        if not cursor and len(rows) < pages.PAGE:
            again = path.with_name(path.name.replace(".0.", ".1."))
            pages.write(again, rows[-_OVERLAP:])
    return dict(counts)
