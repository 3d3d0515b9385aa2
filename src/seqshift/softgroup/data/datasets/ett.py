"""Windows of one file of the benchmark ETT: seven variables at each origin.

Names of variables have a level (high, middle, low or oil) and a type (useful or useless
load, temperature). Related variables share a type, so level is the wrong grouping.
"""

import numpy as np
import pandas as pd
import xarray as xr

from seqshift.errors import BadInput
from seqshift.softgroup.data import calendars, panels

RIGHT, WRONG, CALENDAR, UNIT = "type", "level", "yes", "origin"
TABLE = "SERIES"


def windows(table: pd.DataFrame, spec: dict, split: str, horizon: int) -> xr.Dataset:
    """Return the windows of a split of the file `spec["file"]`.

    Raises
    ------
    BadInput
        If the source lacks the file or its variables differ in span.
    """
    files = table["series"].str.partition(":")[0]
    own = table[files == spec["file"]]
    if own.empty:
        raise BadInput(
            f"source {spec['source']} has no file {spec['file']}, it has "
            f"{', '.join(sorted(files.unique()))}; correct the key file of the dataset"
        )
    whole = calendars.wide(own, "time", "value", spec["source"])
    whole.columns = whole.columns.str.partition(":").get_level_values(2)
    groups = groupings(list(whole), spec["seed"])
    panel = calendars.coarser(whole, spec["cadence"])
    return panels.cut(panel, spec, split, horizon, groups)


def groupings(columns: list[str], seed: int) -> dict[str, np.ndarray]:
    """Return the groupings of variables such as HUFL."""
    level = panels.numbered([name[0] for name in columns])
    return {
        "level": level,
        "type": panels.numbered([name[1:] for name in columns]),
        "random": panels.shuffled(level, seed),
        "joint": np.zeros(len(columns), dtype=np.int64),
    }
