"""EIA-930 hourly demand from the csv files of the grid monitor, one for each half year.

A row is an hour of an authority; its UTC time stands for the end of the hour. The files
are cut at local midnights and hold many more columns; `Demand (MW)` is the value as
reported. Thousands may carry commas (E19). The rules are those of seqshift.demand.
"""

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import demand, loads, localdays, queries, textfile
from seqshift.errors import BadInput

TABLE = "LOAD_HOURLY"
AUTHORITY, STAMP, MW = "Balancing Authority", "UTC Time at End of Hour", "Demand (MW)"
REGION = "Region"  # the last column, by which lines of another length are found
FORM = "%m/%d/%Y %I:%M:%S %p"
HALVES = ("Jan_Jun", "Jul_Dec")
_BALANCE = ["Net Generation (MW)", "Total Interchange (MW)"]
HEADER = [
    *[AUTHORITY, "Data Date", "Hour Number", "Local Time at End of Hour", STAMP],
    *["Demand Forecast (MW)", MW, *_BALANCE, "Sum(Valid DIBAs) (MW)"],
    *[f"{name} (Imputed)" for name in (MW, *_BALANCE)],
    *[f"{name} (Adjusted)" for name in (MW, *_BALANCE)],
    REGION,
]


def simulate(world, spec: dict, folder: Path) -> None:
    """Write the half years of a world, demand in whole megawatts."""
    hourly, parts = world.hourly().round().astype("int64"), []
    stamps = hourly.index.strftime(FORM)
    for name in hourly.columns:
        zone = world.timezones[name]
        local = localdays.wall_clock(hourly.index, zone)
        days = localdays.day_of(hourly.index, zone)
        mw = hourly[name].map("{:,}".format)
        columns = dict.fromkeys(HEADER, "")
        columns |= {AUTHORITY: name, REGION: "US", MW: mw.to_numpy()}
        columns |= {"Data Date": days.strftime("%m/%d/%Y")}
        columns |= {"Hour Number": pd.Series(days).groupby(days).cumcount() + 1}
        columns |= {HEADER[3]: local.strftime(FORM), STAMP: stamps}
        columns |= {f"{MW} (Adjusted)": mw.to_numpy(), "half": _half(days)}
        parts.append(pd.DataFrame(columns))
    for half, rows in pd.concat(parts).groupby("half"):
        path = folder / f"EIA930_BALANCE_{half}.csv"
        rows[HEADER].to_csv(path, index=False, lineterminator="\n")


def _half(days: pd.DatetimeIndex) -> np.ndarray:
    """Return the half year of each day, as in the names of the files."""
    half = np.where(days.month > 6, *HALVES[::-1])
    return days.year.astype("str").to_numpy() + "_" + half.astype("object")


def download(spec: dict, client) -> None:
    """Save the half years from `query.start` to `query.end`."""
    days = pd.date_range(*queries.need(spec, "start", "end"))
    for half in dict.fromkeys(_half(days)):
        name = f"EIA930_BALANCE_{half}.csv"
        client.save(name, queries.fill(spec["url"], half=half), check=_columns)


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return LOAD_HOURLY of the authorities in `query.names`, of all without names.

    Raises
    ------
    BadInput
        Naming file, line and column of a cell that no rule repairs.
    """
    files = textfile.find(folder)
    rows = pd.concat([_rows(path, spec) for path in files.values()])
    found = set(rows.loc[rows[MW] != "", AUTHORITY])
    names = demand.chosen(spec, found, Path(folder))
    groups = rows[rows[AUTHORITY].isin(names)].groupby(AUTHORITY)
    return loads.stack({name: _load(name, part) for name, part in groups})


def _load(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    def fault(position: int, *cell) -> BadInput:
        path, line = rows.index[position]
        return textfile.wrong(path, line, *cell)

    return demand.published(name, rows[STAMP], rows[MW], FORM, fault)


def _columns(path: Path) -> list[str]:
    """Return the columns that are read of a file, which has them all."""
    header = next(csv.reader([textfile.text(path).partition("\n")[0]]), [])
    wanted = [AUTHORITY, STAMP, MW, REGION]
    absent = [name for name in wanted if name not in header]
    if absent:
        raise BadInput(
            f"{path} has no column '{absent[0]}': it is no EIA930_BALANCE file; "
            "delete it and manifest.json beside it, then run again"
        )
    return wanted


def _rows(path: Path, spec: dict) -> pd.DataFrame:
    """Return authority, time and demand of a file as text, indexed by file and line."""
    options = {"dtype": "str", "na_filter": False, "usecols": _columns(path)}
    try:
        frame = pd.read_csv(io.StringIO(textfile.text(path)), **options)
    except ValueError as error:
        reason = " ".join(str(error).split())
        raise BadInput(
            f"{path} is cut or edited ({reason}); "
            "delete it and manifest.json beside it, then run again"
        ) from None
    other = np.flatnonzero(~frame[REGION].str.fullmatch("[A-Z][A-Z0-9]*"))
    if len(other):
        cell = f"'{frame[REGION].iloc[other[0]]}'"
        what = "is no region: the line has too few fields, or too many"
        raise textfile.wrong(path, other[0], REGION, cell, what)
    names = (spec.get("query") or {}).get("names")
    index = pd.MultiIndex.from_product([[path], frame.index])
    frame = frame.drop(columns=REGION).set_axis(index)
    return frame[frame[AUTHORITY].isin(names)] if names else frame
