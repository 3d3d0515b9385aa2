"""Defects of the PUDL table: demand of zero, empty cells, absent hours."""

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from seqshift.sources.pudl import NAME

# Rule -> hours in a row; three at most are interpolated, longer absences not counted.
_DAMAGES = {"E3": (1, 3, 5), "E24": (2, 4), "E12": (1, 3), "": (6,)}


def spoil(folder: Path, rng: np.random.Generator) -> dict[str, int]:
    """Damage the simulated file; return the rows that will be flagged by rule."""
    path, counts = Path(folder, NAME), Counter()
    table = pq.read_table(path)
    width = pc.count_distinct(table["state_id_fips"]).as_py()
    demand = [
        table[name].to_numpy().reshape(-1, width) for name in table.schema.names[2:]
    ]
    demand = np.array(demand)  # (column, hour, state)
    kept = np.ones(demand.shape[1:], dtype=bool)
    jobs = [(rule, hours) for rule, runs in _DAMAGES.items() for hours in runs]
    for state in range(width):
        days = rng.choice(np.arange(1, len(kept) // 24 - 1), len(jobs), replace=False)
        for day, (rule, hours) in zip(days, jobs, strict=True):
            place = slice(24 * day + 9, 24 * day + 9 + hours)
            if rule in ("E3", "E24"):
                demand[:, place, state] = 0.0 if rule == "E3" else np.nan
            else:
                kept[place, state] = False
            counts[rule] += hours
    for number, name in enumerate(table.schema.names[2:], 2):
        cells = pa.array(demand[number - 2].ravel(), from_pandas=True)
        table = table.set_column(number, name, cells)
    pq.write_table(table.filter(kept.ravel()), path, compression="zstd")
    del counts[""]
    return dict(counts)
