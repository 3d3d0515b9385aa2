"""U. Dayton daily mean temperatures: `month day year degF`, one file a city.

Data rule W1: -99 is a missing day; at most two in a row are interpolated, longer runs
stay missing. A station is named by its file.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import gaps, textfile
from seqshift.errors import BadInput

TABLE = "WEATHER_DAILY"
_FIELDS = ["month", "day", "year", "temperature"]
_MISSING = -99.0
_LONGEST_GAP = 2  # days


def simulate(world, spec: dict, folder: Path) -> None:
    """Write one file per entity, daily means in tenths of a degree Fahrenheit."""
    days = world.days
    for name in world.temp_mean.columns:
        fahrenheit = world.temp_mean[name] * 1.8 + 32
        parts = zip(days.month, days.day, days.year, fahrenheit, strict=True)
        lines = [f" {m:<14}{d:<14}{y:<12}{t:.1f}\n" for m, d, y, t in parts]
        (folder / f"{name}.txt").write_text("".join(lines))


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return all files of a folder as WEATHER_DAILY in degrees Celsius.

    Raises
    ------
    BadInput
        Naming file, line and column of the first wrong field.
    """
    files = textfile.find(folder, ".txt")
    parts = [_station(path).assign(station=name) for name, path in files.items()]
    table = pd.concat(parts, ignore_index=True)
    table = table.assign(t_max=np.nan, t_min=np.nan)
    return table[["station", "date", "t_mean", "t_max", "t_min", "flag"]]


def _station(path: Path) -> pd.DataFrame:
    frame = _fields(path)
    parts = frame[["year", "month", "day"]]
    dates = textfile.moments(parts)
    for what, bad in (
        ("is not a date", dates.isna()),
        ("is not after the date above", dates.diff() <= pd.Timedelta(0)),
    ):
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            cell = "-".join(f"{part:g}" for part in parts.iloc[row])
            raise textfile.wrong(path, row - 1, "date", cell, what)
    empty = (frame["temperature"] == _MISSING).to_numpy()
    celsius = ((frame["temperature"] - 32) / 1.8).mask(empty).set_axis(dates)
    known, _ = gaps.fill(celsius.to_frame(), "D", _LONGEST_GAP)
    mean = known["temperature"].reindex(dates).to_numpy()
    flag = np.where(empty, "W1", "")
    return pd.DataFrame({"date": dates, "t_mean": mean, "flag": flag})


def _fields(path: Path) -> pd.DataFrame:
    """Return the four numbers of every line."""
    lines = textfile.whole(textfile.text(path), path).splitlines()
    rows = [line.split() for line in lines]
    for row, fields in enumerate(rows):
        if len(fields) != len(_FIELDS):
            what = "in place of 4, the file was cut or edited"
            raise textfile.wrong(path, row - 1, "all", f"{len(fields)} fields", what)
    if not rows:
        raise BadInput(
            f"{path} is empty; delete it and manifest.json beside it, then run again"
        )
    cells = pd.DataFrame(rows, columns=_FIELDS)
    frame = cells.apply(pd.to_numeric, errors="coerce").astype("float64")
    bad = np.argwhere(frame.isna().to_numpy())
    if len(bad):
        row, column = bad[0]
        cell = f"'{cells.iloc[row, column]}'"
        name = _FIELDS[column]
        raise textfile.wrong(path, row - 1, name, cell, "is not a number")
    return frame
