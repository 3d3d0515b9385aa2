"""Windows of sub-regional load: rows PARENT-SUB, grouped by their parent."""

import numpy as np
import pandas as pd
import xarray as xr

from seqshift.errors import BadInput
from seqshift.softgroup import calendars, panels

RIGHT, WRONG, CALENDAR, UNIT = "right", "wrong", "yes", "origin"
TABLE = "LOAD_HOURLY"


def windows(table: pd.DataFrame, spec: dict, split: str, horizon: int) -> xr.Dataset:
    """Return the windows of a split; hours that were imputed or miss count against it.

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
    flags = table.assign(imputed=_imputed(table["flag"]).astype(np.float64))
    share = calendars.wide(flags, "utc_end", "imputed", source).fillna(1.0)
    share = share.mask(whole.isna(), 1.0)
    panel, share = (
        calendars.coarser(frame, spec["cadence"]) for frame in (whole, share)
    )
    right = panels.numbered([name.partition("-")[0] for name in panel])
    groups = {
        "right": right,
        "wrong": panels.shuffled(right, spec["seed"]),
        "joint": np.zeros(len(right), dtype=np.int64),
    }
    return panels.cut(panel, spec, split, horizon, groups, share)


def _imputed(flag: pd.Series) -> pd.Series:
    """Tell which hours the release imputed (E17) or the parser bridged (E12)."""
    return flag.str.contains(r"E1[27](?:\+|$)")
