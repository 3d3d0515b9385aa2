"""CPC degree days of US states, weighted by population: two text files a year.

Three lines of preamble name the product, the regions and the weights; then fields are
separated by bars: a row a state (postal code), a column a day (YYYYMMDD), whole degrees
Fahrenheit below or above 65. The total of all states, CONUS, is not read. A file is
stored as `<year>.StatesCONUS.<Cooling or Heating>.txt`; that of the running year grows.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import queries, states, textfile
from seqshift.errors import ANEW, BadInput

TABLE = "DEGREE_DAYS"
_KINDS = {"Cooling": "cdd", "Heating": "hdd"}
_NAME = "{year}.StatesCONUS.{kind}.txt"
_BASE_F = 65.0
_TOTAL = "CONUS"
_HEADER = 3  # lines above it


def simulate(world, spec: dict, folder: Path) -> None:
    """Write the degree days of the world's daily means, rounded to whole numbers."""
    mean = 1.8 * world.of_states(world.temp_mean, "mean") + 32
    days = pd.DatetimeIndex(mean.index)
    for kind, above in (("Cooling", mean - _BASE_F), ("Heating", _BASE_F - mean)):
        degrees = np.rint(above.clip(lower=0)).astype(int).astype("str")
        for year, rows in degrees.groupby(days.year):
            head = ["Region", *pd.DatetimeIndex(rows.index).strftime("%Y%m%d")]
            lines = [head, *([name, *rows[name]] for name in rows)]
            text = "\n".join([*_preamble(kind), *map("|".join, lines)])
            (folder / _NAME.format(year=year, kind=kind)).write_text(text + "\n")


def _preamble(kind: str) -> list[str]:
    return [
        f"Product: Daily {kind} Degree Days",
        "Regions: CPC::Regions::StatesCONUS",
        "Weights: Population",
    ]


def download(spec: dict, client) -> None:
    """Save both files of every year from `query.start` to `query.end`."""
    start, end = queries.need(spec, "start", "end")
    for year in range(int(start[:4]), int(end[:4]) + 1):
        for kind in _KINDS:
            client.save(
                _NAME.format(year=year, kind=kind),
                queries.fill(spec["url"], year=year, kind=kind),
                check=lambda path, year=year, kind=kind: _file(path, year, kind),
            )


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return all files of a folder as DEGREE_DAYS; a station is a state's postal code.

    Raises
    ------
    BadInput
        Naming file and line of what is wrong, or what the files lack.
    """
    parts: dict[str, list[pd.Series]] = {kind: [] for kind in _KINDS}
    for stem, path in textfile.find(folder, ".txt").items():
        name = re.fullmatch(r"(\d{4})\.StatesCONUS\.(Cooling|Heating)", stem)
        if not name:
            raise BadInput(f"{path} is no file of source cpc; delete it")
        parts[name[2]].append(_file(path, int(name[1]), name[2]).unstack())
    columns = {_KINDS[kind]: pd.concat(p) for kind, p in parts.items() if p}
    table = pd.DataFrame(columns).rename_axis(["station", "date"]).sort_index()
    names = table.index.get_level_values("station").unique()
    days = table.index.get_level_values("date").unique()
    whole = pd.MultiIndex.from_product([names, pd.date_range(days.min(), days.max())])
    lost = whole.difference(table.dropna().index)
    if len(lost) or len(columns) < len(_KINDS):
        name, day = lost[0] if len(lost) else whole[0]
        raise BadInput(
            f"{folder} lacks degree days of {name} on {day:%Y-%m-%d}: a file was left "
            "out or cut; "
            "delete manifest.json there and run again"
        )
    table = table.loc[states.wanted(spec, list(names))].reset_index()
    date = table["date"].astype("datetime64[ns]")
    return table.assign(date=date, flag="")[["station", "date", "cdd", "hdd", "flag"]]


def _file(path: Path, year: int, kind: str) -> pd.DataFrame:
    """Return the degree days of one file, (day, state).

    Raises
    ------
    BadInput
        Naming the line of what is wrong.
    """
    lines = [
        line.strip() for line in textfile.whole(textfile.text(path), path).splitlines()
    ]
    for number, wanted in enumerate(_preamble(kind)):
        if lines[number : number + 1] != [wanted]:
            raise BadInput(f"{path}, line {number + 1} should be '{wanted}'; {ANEW}")
    rows = [line.split("|") for line in lines[_HEADER:]]
    count = len(rows[0]) - 1 if rows else 0
    days = pd.date_range(f"{year}-01-01", periods=count, name="date")
    if len(rows) < 2 or rows[0] != ["Region", *days.strftime("%Y%m%d")]:
        raise BadInput(
            f"{path}, line {_HEADER + 1} should hold 'Region' and the days of {year} "
            f"from 1 January, and states should follow; {ANEW}"
        )
    found: dict[str, np.ndarray] = {}
    for line, row in enumerate(rows[1:], _HEADER):
        name = row[0]
        if len(row) != count + 1:
            what = f"fields in place of {count + 1}, the file was cut"
            raise textfile.wrong(path, line, "all", len(row), what)
        if name in found or name not in (_TOTAL, *states.names()):
            what = "appears twice" if name in found else "is no contiguous state"
            raise textfile.wrong(path, line, "Region", f"'{name}'", what)
        found[name] = textfile.numbers(row[1:], path, line, 2)
        if (found[name] < 0).any():
            raise textfile.wrong(path, line, "Region", name, "has a value below zero")
    found.pop(_TOTAL, None)
    if not found:
        raise BadInput(f"{path} holds no state; {ANEW}")
    return pd.DataFrame(found, index=days)
