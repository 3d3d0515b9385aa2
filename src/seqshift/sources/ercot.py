"""ERCOT native load by weather zone: one workbook a year, local clock, hour ending.

Up to 2016 the stamps are dates up to 3 ms beside the hour, from 2017 texts with 24:00
and a second autumn hour `02:00 DST`; sheets and four columns were renamed then (E9).
Data rules: E5 the 31 December that leap-year files lack stays missing; E6 rounded
stamps; E7 texts 24:00 and DST; E8 hours placed by position where the clock changes;
E12 other gaps of at most three hours. The column ERCOT must be the sum of its zones.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import loads, localdays, textfile, workbook
from seqshift.errors import BadInput, choose

TABLE = "LOAD_HOURLY"
_ZONE = "America/Chicago"
FILE = r"\d{4}_ERCOT_Hourly_Load_Data\.xlsx?"
_RENAMED = {
    "FWEST": "FAR_WEST",
    "NCENT": "NORTH_C",
    "SOUTH": "SOUTHERN",
    "SCENT": "SOUTH_C",
}
_SERIES = "COAST EAST FAR_WEST NORTH NORTH_C SOUTHERN SOUTH_C WEST".split()
_TEXT_SINCE = 2017
_NEAR = pd.Timedelta(seconds=1)
_STAMP = r"(\d\d/\d\d/\d{4}) (\d\d):00( DST)?"


def simulate(world, spec: dict, folder: Path) -> None:
    """Write one .xlsx a year; there is no writer of the .xls of the early years.

    Raises
    ------
    BadInput
        If an entity is no ERCOT weather zone.
    """
    hourly = world.hourly().round(6)
    for name in hourly.columns:
        if name not in _SERIES:
            raise choose("ERCOT weather zone", name, _SERIES)
    local = localdays.wall_clock(pd.DatetimeIndex(hourly.index) - localdays.HOUR, _ZONE)
    for year in sorted(set(local.year)):
        rows = local.year == year
        stamps = _text if year >= _TEXT_SINCE else _date
        sheet = "Native Load Report" if year >= _TEXT_SINCE else f"native_Load_{year}"
        late = {new: old for old, new in _RENAMED.items()}
        late = late if year >= _TEXT_SINCE else {}
        head = ["Hour_End", *[late.get(name, name) for name in hourly], "ERCOT"]
        values = hourly[rows].assign(ERCOT=hourly[rows].sum(axis=1)).to_numpy()
        body = zip(stamps(local[rows]), values.tolist(), strict=True)
        path = folder / f"{year}_ERCOT_Hourly_Load_Data.xlsx"
        workbook.write({sheet: [head, *([stamp, *row] for stamp, row in body)]}, path)


def _date(began: pd.DatetimeIndex) -> list:
    """Return the stamps of the early years: 3 ms of drift, spring gap at 02:00."""
    drift = np.array([0, 3, -3])[(began.hour + 1) % 3]
    before_gap = np.r_[began[1:] - began[:-1] > localdays.HOUR, False]
    stamps = began + localdays.HOUR * (1 + before_gap)
    return list((stamps + pd.to_timedelta(drift, unit="ms")).to_pydatetime())


def _text(began: pd.DatetimeIndex) -> list:
    """Return the stamps of the late years: text with 24:00 and a marked second hour."""
    again = np.r_[False, began[1:] == began[:-1]]
    hours = pd.Series((began.hour + 1).astype("str")).str.zfill(2)
    ends = pd.Series(began.strftime("%m/%d/%Y ")) + hours + ":00"
    return ends.where(~again, ends + " DST").tolist()


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return all workbooks of a folder as LOAD_HOURLY; a series is a weather zone.

    Raises
    ------
    BadInput
        Naming file, line and column of a cell that no rule repairs, or missing hours.
    """
    years = [_year(path) for path in workbook.find(folder, FILE).values()]
    frame = pd.concat(years, ignore_index=True).sort_values("utc_end")
    twice = frame["utc_end"].duplicated()
    if twice.any():
        hour = frame["utc_end"][twice].iloc[0]
        raise BadInput(f"{folder}: two files give {hour} UTC; delete one of the two")
    frame = _leap_days(frame.set_index("utc_end"), folder).reset_index()
    columns = ["utc_end", "mw", "flag"]
    names = [name for name in _SERIES if name in frame]
    series = {name: frame.rename(columns={name: "mw"})[columns] for name in names}
    return loads.stack({k: loads.bridge(v, "E12") for k, v in series.items()})


def _year(path: Path) -> pd.DataFrame:
    """Return utc_end, flag and one column per zone of one workbook."""
    frame = next(iter(workbook.read(path, 0).values())).rename(columns=_RENAMED)
    known = ["Hour_End", *_SERIES, "ERCOT"]
    unknown = [str(name) for name in frame.columns if name not in known]
    if unknown or "Hour_End" not in frame or "ERCOT" not in frame:
        what = f"unknown column {unknown[0]}" if unknown else "no Hour_End or ERCOT"
        raise BadInput(
            f"{path} has {what}; add the name to ercot.py or delete the file"
        )
    names = [name for name in _SERIES if name in frame]
    for name in [*names, "ERCOT"]:
        frame[name] = loads.number(frame[name], path)
        loads.positive(frame[name], path)
    off = np.flatnonzero((frame[names].sum(axis=1) - frame["ERCOT"]).abs() > 1)
    if len(off):
        total, what = frame["ERCOT"].iloc[off[0]], "is not the sum of its zones"
        raise textfile.wrong(path, off[0], "ERCOT", total, what)
    ends, flag = _ends(frame["Hour_End"], path)
    placed = localdays.place(ends, _ZONE)
    loads.once(ends, path, placed["twice"])
    flag = loads.mark(flag, placed["moved"] | placed["short"], "E8")
    return frame[names].assign(utc_end=placed["utc_end"], flag=flag)


def _ends(cells: pd.Series, path: Path) -> tuple[pd.Series, pd.Series]:
    """Return the local hour ends of dates or texts, and the marks of E6 and E7."""
    untouched = pd.Series("", index=cells.index)
    if pd.api.types.is_datetime64_any_dtype(cells):
        ends = textfile.moments(cells).dt.round("h")
        shift = (ends - cells).abs()
        bad = shift.isna() | (shift > _NEAR)
        flag = loads.mark(untouched, shift > pd.Timedelta(0), "E6")
    else:
        parts = cells.astype("str").str.extract(f"^{_STAMP}$")
        days = textfile.moments(parts[0], format="%m/%d/%Y")
        hours = pd.to_numeric(parts[1])
        bad = days.isna() | ~hours.between(1, 24)
        ends = (days + pd.to_timedelta(hours, unit="h")).rename(cells.name)
        ends = ends.astype("datetime64[ns]")
        flag = loads.mark(untouched, (hours == 24) | parts[2].notna(), "E7")
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        cell = f"'{cells.iloc[row]}'"
        raise textfile.wrong(path, row, cells.name, cell, "is not an hour end")
    return ends, flag


def _leap_days(frame: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """Add the missing hours of 31 December in leap years; refuse any other long gap."""
    hours = pd.date_range(frame.index[0], frame.index[-1], freq="h", name="utc_end")
    gaps = hours.difference(frame.index)
    local = localdays.day_of(gaps, _ZONE)
    leap = local.is_leap_year & (local.month == 12) & (local.day == 31)
    lost = local[~leap]
    if len(lost) and lost.value_counts().max() > loads.LONGEST_GAP:
        day = lost.value_counts().idxmax()
        raise BadInput(
            f"{folder} lacks {len(lost)} hours, most of {day:%Y-%m-%d}: a workbook is "
            "cut or left out; "
            "delete manifest.json there and run again"
        )
    added = pd.DataFrame({"flag": "E5"}, index=gaps[leap])
    return pd.concat([frame, added]).sort_index().rename_axis("utc_end")
