"""Defects of ERCOT workbooks: absent hours, leap years without 31 December.

The marks that the form itself implies, E6, E7 and E8, are counted of what is left.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import loads, workbook
from seqshift.sources import ercot

_LEAP = 366 * 24  # rows of a leap year
_RUNS = (1, 3)  # absent hours a year
_CALM = (120, 290)  # days of a year between the two changes of the clock


def spoil(folder: Path, rng: np.random.Generator) -> dict[str, int]:
    """Damage the simulated files; return the rows that will be flagged by rule."""
    table = ercot.read(folder, {})
    zones = table["series"].nunique()
    clean = table[table["series"] == table["series"].iloc[0]]  # in order of the files
    lost = pd.Series("", index=range(len(clean)))
    paths, start = [*workbook.find(folder, ercot.FILE).values()], 0
    for path in paths:
        name, sheet = next(iter(workbook.read(path, 0).items()))
        gone = pd.Series("", index=range(len(sheet)))
        for day, hours in zip(
            rng.choice(range(*_CALM), 2, replace=False), _RUNS, strict=True
        ):
            gone[24 * day + 8 : 24 * day + 8 + hours] = "E12"
        if len(sheet) == _LEAP and path != paths[-1]:
            gone.iloc[-24:] = "E5"
        rows = sheet[gone == ""].astype("object").to_numpy().tolist()
        workbook.write({name: [list(sheet), *rows]}, path)
        lost[start : start + len(sheet)] = gone.to_numpy()
        start += len(sheet)
    flag = clean["flag"].reset_index(drop=True).where(lost == "", lost)
    return {rule: zones * count for rule, count in loads.marked(flag).items()}
