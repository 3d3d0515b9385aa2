"""NYISO load: `year,month,day,hour,demand (MW)`, hour 1..24, on a UTC clock.

The hour of the file ends at date + (hour + 1) h in UTC: measured against EIA-930.
Short gaps are interpolated (rule E12).
"""

from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import loads, textfile
from seqshift.localdays import HOUR

TABLE = "LOAD_HOURLY"
_HEADER = ["year", "month", "day", "hour", "demand (MW)"]
_SUFFIX = "_demand_unnormalized.csv"


def simulate(world, spec: dict, folder: Path) -> None:
    """Write one file per entity, all on the UTC clock of the official file."""
    hourly = world.hourly()
    began = pd.DatetimeIndex(hourly.index) - 2 * HOUR  # hour 1 of a date is 00-01 + 1
    parts = (began.year, began.month, began.day, began.hour + 1)
    for name in hourly.columns:
        values = (*parts, hourly[name].to_numpy())
        frame = pd.DataFrame(dict(zip(_HEADER, values, strict=True)))
        frame.to_csv(
            folder / f"{name}{_SUFFIX}",
            index=False,
            float_format="%.4f",
            lineterminator="\n",
        )


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return all files of a folder as LOAD_HOURLY; a series is named by its file.

    Raises
    ------
    BadInput
        Naming file, line and column of the first wrong cell.
    """
    files = textfile.find(folder, _SUFFIX)
    return loads.stack({name: _series(path) for name, path in files.items()})


def _series(path: Path) -> pd.DataFrame:
    frame = textfile.table(path, _HEADER, [])
    hour = frame["hour"]
    bad = np.flatnonzero(~hour.isin(range(1, 25)))
    if len(bad):
        raise textfile.wrong(path, bad[0], "hour", hour.iloc[bad[0]], "is not 1 to 24")
    dates = textfile.moments(frame[_HEADER[:3]])
    bad = np.flatnonzero(dates.isna())
    if len(bad):
        cell = "-".join(f"{v:g}" for v in frame.iloc[bad[0], :3])
        raise textfile.wrong(path, bad[0], "year,month,day", cell, "is not a date")
    ends = (dates + (hour + 1) * HOUR).astype("datetime64[ns]").rename("hour")
    loads.once(ends, path)
    loads.positive(frame["demand (MW)"], path)
    series = pd.DataFrame({"utc_end": ends, "mw": frame["demand (MW)"], "flag": ""})
    return loads.bridge(series.sort_values("utc_end"), "E12")
