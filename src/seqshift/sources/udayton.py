"""U. Dayton daily mean temperatures: `month day year degF`, one file a city.

Data rule W1: -99 is a missing day; at most two in a row are interpolated, longer runs
are left out. A station is named by its file.
"""

import io
from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import textfile
from seqshift.errors import BadInput

TABLE = "WEATHER_DAILY"
_FIELDS = ["month", "day", "year", "temperature"]
_MISSING = -99.0
_LONGEST_GAP = 2


def simulate(world, spec: dict, folder: Path) -> None:
    """Write one file per entity, daily means in tenths of a degree Fahrenheit."""
    days = world.days
    for name in world.temp_mean.columns:
        fahrenheit = world.temp_mean[name] * 1.8 + 32
        parts = zip(days.month, days.day, days.year, fahrenheit, strict=True)
        lines = [f" {m:<14}{d:<14}{y:<12}{t:.1f}\n" for m, d, y, t in parts]
        (folder / f"{name}.txt").write_text("".join(lines))


def download(spec: dict, folder: Path) -> None:
    """Refuse: the archive is closed.

    Raises
    ------
    BadInput
        Always.
    """
    raise BadInput(
        "source udayton has no official download; use origin simulate or mirror"
    )


def read(folder: Path) -> pd.DataFrame:
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
    dates = pd.to_datetime(parts, errors="coerce").astype("datetime64[ns]")
    for what, bad in (
        ("is not a date", dates.isna()),
        ("is not after the date above", dates.diff() <= pd.Timedelta(0)),
    ):
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            cell = "-".join(f"{part:g}" for part in parts.iloc[row])
            raise textfile.wrong(path, row - 1, "date", cell, what)
    empty = frame["temperature"] == _MISSING
    celsius = ((frame["temperature"] - 32) / 1.8).mask(empty).set_axis(dates)
    run = empty.groupby((empty != empty.shift()).cumsum()).transform("sum")
    linear = celsius.interpolate("time", limit_area="inside")
    short = (run <= _LONGEST_GAP).to_numpy() & linear.notna().to_numpy()
    kept = ~empty.to_numpy() | short
    flag = np.where(empty, "W1", "")
    series = pd.DataFrame({"date": dates, "t_mean": linear.to_numpy(), "flag": flag})
    return series[kept]


def _fields(path: Path) -> pd.DataFrame:
    """Return the four numbers of every line."""
    text = textfile.text(path)
    lines = text.splitlines()
    for row, line in enumerate(lines):
        count = len(line.split())
        if count != len(_FIELDS):
            what = "in place of 4, the file was cut or edited"
            raise textfile.wrong(path, row - 1, "all", f"{count} fields", what)
    if not lines:
        raise BadInput(f"{path} is empty; delete the file and re-run fetch")
    cells = pd.read_csv(
        io.StringIO(text),
        sep=r"\s+",
        header=None,
        names=_FIELDS,
        dtype="str",
        na_filter=False,
    )
    frame = cells.apply(pd.to_numeric, errors="coerce").astype("float64")
    bad = np.argwhere(frame.isna().to_numpy())
    if len(bad):
        row, column = bad[0]
        cell = f"'{cells.iloc[row, column]}'"
        name = _FIELDS[column]
        raise textfile.wrong(path, row - 1, name, cell, "is not a number")
    return frame
