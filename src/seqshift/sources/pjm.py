"""PJM zone load, the form of the public competition files: `Datetime,<ZONE>_MW`.

Clock: Eastern prevailing time, hour ending, for every zone. Data rules: E3 not above
zero; E8 hours on the days of a clock change; E10 days descend inside year blocks (the
first row after a step back is marked); E11 the autumn hours that are absent before
2014; E12 other gaps; E13 one-hour dips; E14 long dips, missing where a day has more
than four. The zone NI was renamed COMED in 2011; both files make the series COMED.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import loads, localdays, textfile
from seqshift.errors import BadInput

TABLE = "LOAD_HOURLY"
ZONE = "America/New_York"
_STAMP = "%Y-%m-%d %H:%M:%S"
SUFFIX = "_hourly.csv"
_RENAMED = {"NI": "COMED", "PJM_Load": "PJM"}
_AUTUMN_KNOWN = 2014  # before, both hours around the autumn change are absent
_MOST_DIPS = 4


def simulate(world, spec: dict, folder: Path) -> None:
    """Write one file per entity: year blocks, days descending, Eastern clock."""
    hourly = world.hourly()
    ends = pd.DatetimeIndex(hourly.index)
    days = localdays.day_of(ends, ZONE)
    stamp = localdays.wall_clock(ends - localdays.HOUR, ZONE) + localdays.HOUR
    long = (localdays.lengths(days, ZONE) == 25) & (days.year < _AUTUMN_KNOWN)
    frame = hourly.assign(Datetime=stamp.strftime(_STAMP), day=days, year=days.year)
    frame = frame[~(long & (stamp.hour == 2))]
    frame = frame.sort_values(["year", "day"], ascending=[True, False], kind="stable")
    for name in hourly.columns:
        zone = frame[["Datetime", name]].set_axis(["Datetime", f"{name}_MW"], axis=1)
        path = folder / f"{name}{SUFFIX}"
        zone.to_csv(path, index=False, float_format="%.4f", lineterminator="\n")


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return all files of a folder as LOAD_HOURLY; a series is a zone.

    Raises
    ------
    BadInput
        Naming file, line and column of a cell that no rule repairs.
    """
    parts: dict[str, list[pd.DataFrame]] = {}
    for zone, path in textfile.find(folder, SUFFIX).items():
        parts.setdefault(_RENAMED.get(zone, zone), []).append(_series(zone, path))
    series = {}
    for name, frames in parts.items():
        frame = pd.concat(frames).sort_values("utc_end", ignore_index=True)
        twice = frame["utc_end"].duplicated()
        if twice.any():
            hour = frame["utc_end"][twice].iloc[0]
            raise BadInput(
                f"{folder}: two files give series {name} at {hour} UTC; leave one of "
                "them out of `files`"
            )
        series[name] = frame
    return loads.stack(series)


def _series(zone: str, path: Path) -> pd.DataFrame:
    column = f"{zone}_MW"
    frame = textfile.table(path, ["Datetime", column], ["Datetime"])
    ends = loads.stamps(frame["Datetime"], _STAMP, path)
    odd = np.flatnonzero(ends != ends.dt.floor("h"))
    if len(odd):
        cell = f"'{ends.iloc[odd[0]]}'"
        raise textfile.wrong(path, odd[0], "Datetime", cell, "is not a whole hour")
    placed = localdays.place(ends, ZONE)
    loads.once(ends, path, placed["twice"])
    flag = pd.Series("", index=frame.index)
    flag = loads.mark(flag, ends.diff() < pd.Timedelta(0), "E10")
    flag = loads.mark(flag, placed["moved"] | placed["short"], "E8")
    series = pd.DataFrame(
        {"utc_end": placed["utc_end"], "mw": frame[column], "flag": flag}
    )
    series = series.sort_values("utc_end")
    loads.once(series["utc_end"].rename("Datetime"), path)
    return _absent_autumn(loads.bridge(_dips(series), "E12"))


def _dips(series: pd.DataFrame) -> pd.DataFrame:
    """Apply E3, E13 and E14 to the hours in order of time."""
    mw, flag = series["mw"], series["flag"]
    zero = mw <= 0
    low = (mw < 0.4 * mw.median()) & ~zero
    single = low & (mw < 0.5 * mw.shift()) & (mw < 0.5 * mw.shift(-1))
    long = low & ~single
    days = localdays.day_of(pd.DatetimeIndex(series["utc_end"]), ZONE)
    many = long.groupby(days).transform("sum") > _MOST_DIPS
    for rule, rows in {"E3": zero, "E13": single, "E14": long}.items():
        flag = loads.mark(flag, rows, rule)
    return series.assign(mw=mw.mask(zero | single | (long & many)), flag=flag)


def _absent_autumn(series: pd.DataFrame) -> pd.DataFrame:
    """Give the interpolated hours of a clock change its own rule."""
    days = localdays.day_of(pd.DatetimeIndex(series["utc_end"]), ZONE)
    change = localdays.lengths(days, ZONE) != 24
    flag = series["flag"].mask(change & (series["flag"] == "E12"), "E11")
    return series.assign(flag=flag)
