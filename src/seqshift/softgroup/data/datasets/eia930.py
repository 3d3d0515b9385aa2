"""Windows of sub-regional load: rows PARENT-SUB, grouped by their parent.

A filled hour may be made from later ones, so contexts show observed hours alone. Which
hours the release found wrong it judged by whole series; that cannot be undone here.
"""

import numpy as np
import pandas as pd
import xarray as xr

from seqshift.errors import BadInput
from seqshift.softgroup.data import calendars, panels

RIGHT, WRONG, CALENDAR, UNIT = "right", "wrong", "yes", "origin"
TABLE = "LOAD_HOURLY"


def windows(table: pd.DataFrame, spec: dict, split: str, horizon: int) -> xr.Dataset:
    """Return the windows of a split; of contexts, filled and absent hours are missing.

    A mean of hours is that of the observed ones, and missing where the others are more
    than `spec["max_imputed"]`; so is a target, which else keeps its filled hours.

    Raises
    ------
    BadInput
        If a series has no parent or another span than the others.
    """
    source = spec["source"]
    whole = calendars.wide(table, "utc_end", "mw", source)
    lonely = [name for name in whole if "-" not in name]
    if lonely:
        raise BadInput(
            f"source {source}: series {lonely[0]} is not named PARENT-SUB, so it has "
            "no group; leave its file out of the source"
        )
    flags = table.assign(filled=_filled(table["flag"]).astype(np.float64))
    filled = calendars.wide(flags, "utc_end", "filled", source).fillna(1.0)
    filled = filled.mask(whole.isna(), 1.0)
    observed = whole.mask(filled > 0)
    panel, share, seen = (
        calendars.coarser(frame, spec["cadence"]) for frame in (whole, filled, observed)
    )
    seen = seen.mask(share > spec["max_imputed"])
    right = panels.numbered([name.partition("-")[0] for name in panel])
    groups = {
        "right": right,
        "wrong": panels.shuffled(right, spec["seed"]),
        "joint": np.zeros(len(right), dtype=np.int64),
    }
    return panels.cut(panel, spec, split, horizon, groups, share, seen)


def _filled(flag: pd.Series) -> pd.Series:
    """Tell which hours are not as observed: every mark but E1c changes a value."""
    return ~flag.str.fullmatch("(E1c)?")
