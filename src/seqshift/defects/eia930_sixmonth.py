"""Defects of EIA-930 demand in the half-year files: E1a, E1b, E3, E12, E24 and E25."""

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import spoiling
from seqshift.sources import eia930_sixmonth as source


def spoil(folder: Path, rng: np.random.Generator) -> dict[str, int]:
    """Damage the demand of every authority; return the rows marked, by rule."""
    paths = sorted(Path(folder).glob("*.csv"))
    tables = {path: pd.read_csv(path, dtype="str", na_filter=False) for path in paths}
    rows = pd.concat(tables)
    counts: Counter[str] = Counter()
    for _, part in rows.groupby(source.AUTHORITY):
        mw = part[source.MW].str.replace(",", "").astype("float64").to_numpy()
        values, lost, marks = spoiling.demand(mw, rng)
        text = ["" if value is None else f"{value:,}" for value in values.values()]
        rows.loc[part.index[list(values)], source.MW] = text
        rows = rows.drop(part.index[lost])
        counts += Counter(marks)
    for path, table in rows.groupby(level=0):
        table.to_csv(path, index=False, lineterminator="\n")
    return dict(counts)
