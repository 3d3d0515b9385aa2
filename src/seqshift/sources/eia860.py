"""EIA-860 schedule 3_3 (solar): PV power in service per state and month.

The newest file of the folder is used; the stock of earlier months is rebuilt from the
operating dates, plants that ran and were retired included. Data rules: E20 plants with
a blank operating date are left out (marked on the last month of their state), and so
are plants with a blank state; E21 of the second sheet only Status RE was in service.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import loads, web, workbook
from seqshift.errors import BadInput

TABLE = "CAPACITY"
_FILE = r"3_3_Solar_Y\d{4}\.xlsx"
_PV = "Solar Photovoltaic"
_MW = "Nameplate Capacity (MW)"
_OPENED = ["Operating Month", "Operating Year"]
_CLOSED = ["Retirement Month", "Retirement Year"]
_HEADER = ["Plant Code", "State", "Generator ID", "Status", "Technology", _MW, *_OPENED]
_YEARS_BEFORE = 2  # simulated plants of the first stock opened so long before


def simulate(world, spec: dict, folder: Path) -> None:
    """Write the file of the world's last year: monthly openings that add up.

    The stock of a month is the solar share on its first day times the mean load of the
    state in the first 365 days. One plant is retired, one was cancelled.
    """
    plants, late = [], world.days[-1].year
    share, load = world.solar_share, world.load
    for state in sorted(set(world.states.values())):
        names = [name for name, code in world.states.items() if code == state]
        mean = load[names].iloc[:365].mean() / 24
        stock = (share[names] * mean).sum(axis=1)
        months = stock.groupby(stock.index.to_period("M")).first()
        steps = np.diff(np.round(np.maximum.accumulate(months), 1), prepend=0.0)
        first = months.index[0] - 12 * _YEARS_BEFORE
        opened = [first, *months.index[1:]]
        for month, mw in zip(opened, steps.round(1), strict=True):
            if mw > 0:
                number = 60000 + len(plants)
                plant = [number, state, "PV1", "OP", _PV, float(mw)]
                plants.append([*plant, month.month, month.year])
    gone = [["gone", plants[0][1], "PV1", status, _PV, 9.9] for status in ("RE", "CN")]
    past = world.days[0].year - _YEARS_BEFORE
    dates = [[1, past, 6, past], [" ", " ", 1, late]]
    retired = [[70000 + i, *row[1:], *dates[i]] for i, row in enumerate(gone)]
    title = ["Form EIA-860 Data - Schedule 3, 'Solar Technology Data'"]
    sheets = {
        "Operable": [title, _HEADER, *plants],
        "Retired and Canceled": [title, [*_HEADER, *_CLOSED], *retired],
    }
    workbook.write(sheets, folder / f"3_3_Solar_Y{late}.xlsx")


def download(spec: dict, folder: Path) -> None:
    """Save the workbooks named in `files` from `url`, which holds {name}.

    Raises
    ------
    BadInput
        If `url` or `files` is missing, or a file cannot be had.
    """
    if "{name}" not in spec.get("url", "") or not spec.get("files"):
        raise BadInput(
            "source eia860: download needs `url` with {name} and workbooks in `files`"
        )
    for name in spec["files"]:
        web.save(spec["url"].format(name=name), folder / name)


def read(folder: Path) -> pd.DataFrame:
    """Return the newest file of a folder as CAPACITY.

    Raises
    ------
    BadInput
        If the file is no such workbook or a cell is wrong.
    """
    name, path = sorted(workbook.find(folder, _FILE).items())[-1]
    year = int(re.search(r"Y(\d{4})", name)[1])
    sheets = workbook.read(path, header=1)
    missing = [s for s in ("Operable", "Retired and Canceled") if s not in sheets]
    if missing:
        raise BadInput(f"{path} has no sheet {missing[0]}; delete it and re-run fetch")
    running = _plants(sheets["Operable"], _HEADER, path)
    closed = _plants(sheets["Retired and Canceled"], [*_HEADER, *_CLOSED], path)
    closed = closed[closed["Status"] == "RE"]
    plants = pd.concat([running, closed], ignore_index=True)
    plants = plants.assign(
        opened=_month(plants, _OPENED, path), closed=_month(plants, _CLOSED, path)
    )
    return _stock(plants, year)


def _plants(sheet: pd.DataFrame, header: list[str], path: Path) -> pd.DataFrame:
    """Return the photovoltaic plants of a sheet."""
    missing = [name for name in header if name not in sheet]
    if missing:
        raise BadInput(f"{path} has no column '{missing[0]}'; delete it, re-run fetch")
    plants = sheet[header].assign(line=np.arange(len(sheet)) + 3)
    plants = plants.assign(**{_MW: loads.number(plants[_MW], path)})
    plants = plants[(plants["Technology"] == _PV) & ~_blank(plants["State"])]
    bad = ~plants["State"].astype("str").str.fullmatch("[A-Z]{2}") | (plants[_MW] < 0)
    if bad.any():
        raise _wrong(path, plants["line"][bad].iloc[0], f"State or {_MW}")
    return plants


def _blank(cells: pd.Series) -> pd.Series:
    return cells.isna() | (cells.astype("str").str.strip() == "")


def _wrong(path: Path, line: int, columns: str) -> BadInput:
    return BadInput(
        f"{path}, line {line}, column {columns}: no valid value; delete the file and "
        "re-run fetch for this source"
    )


def _month(plants: pd.DataFrame, names: list[str], path: Path) -> pd.Series:
    """Return a month and year column as first day of the month, NaT where blank."""
    cells = plants[names].astype("object")
    blank = cells.apply(_blank)
    numbers = cells.mask(blank).apply(pd.to_numeric, errors="coerce")
    parts = numbers.set_axis(["month", "year"], axis=1).assign(day=1)
    dates = pd.to_datetime(parts[["year", "month", "day"]], errors="coerce")
    bad = dates.isna() & ~blank.any(axis=1)
    if bad.any():
        raise _wrong(path, plants["line"][bad].iloc[0], " and ".join(names))
    return dates.astype("datetime64[ns]")


def _stock(plants: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return MW in service: opened at or before the month and not yet retired."""
    undated = plants[plants["opened"].isna()]
    dated = plants[plants["opened"].notna()]
    last = pd.Timestamp(year, 12, 1)
    parts = []
    for state, rows in dated.groupby("State"):
        months = pd.date_range(rows["opened"].min(), last, freq="MS", unit="ns")
        opened = rows.groupby("opened")[_MW].sum().reindex(months, fill_value=0.0)
        retired = rows.groupby("closed")[_MW].sum().reindex(months, fill_value=0.0)
        mw = (opened - retired).cumsum().clip(lower=0.0)
        flag = pd.Series("", index=months)
        if (undated["State"] == state).any():
            flag.iloc[-1] = "E20"
        part = {"state": state, "month": months, "pv_mw": mw.array, "flag": flag.array}
        parts.append(pd.DataFrame(part))
    return pd.concat(parts, ignore_index=True)
