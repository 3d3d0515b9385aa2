"""nClimGrid-Daily temperatures of US states: a csv a variable and month, no header.

A line is `ste,code,name,year,month,VARIABLE` and 31 values in degrees Celsius, nine
characters wide; -999.99 fills the days that a month does not have and stands for a
missing value (rule W1, the mean is interpolated in gaps of two days at most). The code
is a number of the publisher, not FIPS; a state is known by its name. Only the final
files (`scaled`) are read, not the preliminary ones, which are replaced later.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import gaps, queries, states, textfile
from seqshift.errors import ANEW, BadInput

TABLE = "WEATHER_DAILY"
_VARIABLES = {"tavg": "t_mean", "tmax": "t_max", "tmin": "t_min"}
_NAME = "{variable}-{year}{month}-ste-scaled.csv"
_PATTERN = r"(tavg|tmax|tmin)-(\d{4})(\d\d)-ste-(scaled|prelim)"
_DAYS, HEAD = 31, 6
MISSING = -999.99
_LONGEST_GAP = 2  # days


def simulate(world, spec: dict, folder: Path) -> None:
    """Write the temperatures of the world by state, hundredths of a degree."""
    mean = world.of_states(world.temp_mean, "mean")
    top = world.of_states(world.temp_max, "mean")
    number = {name: place for place, name in enumerate(states.names(), 1)}
    months = mean.index.to_period("M")
    for variable, values in {"tavg": mean, "tmax": top, "tmin": 2 * mean - top}.items():
        for month, rows in values.groupby(months):
            lines = []
            for postal in rows:
                head = f"ste,{number[postal]:02d},{states.name(postal)},{month.year}"
                cells = [*rows[postal], *[MISSING] * (_DAYS - len(rows))]
                text = ",".join(map("{:9.2f}".format, cells))
                lines.append(f"{head},{month.month:02d},{variable.upper()},{text}")
            (folder / _name(variable, month)).write_text("\n".join(lines))


def _name(variable: str, month: pd.Period) -> str:
    return _NAME.format(variable=variable, year=month.year, month=f"{month.month:02d}")


def download(spec: dict, client) -> None:
    """Save the three files of every month from `query.start` to `query.end`."""
    months = pd.period_range(*queries.need(spec, "start", "end"), freq="M")
    for month in months:
        for variable in _VARIABLES:
            parts = {"variable": variable, "year": month.year}
            parts["month"] = f"{month.month:02d}"
            client.save(
                _name(variable, month),
                queries.fill(spec["url"], **parts),
                archive=queries.fill(spec.get("archive", ""), **parts),
                check=lambda path, v=variable, m=month: _file(path, v, m),
            )


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return all files of a folder as WEATHER_DAILY; a station is a postal code.

    Raises
    ------
    BadInput
        Naming file and line of what is wrong, or what the files lack.
    """
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in _VARIABLES}
    for stem, path in textfile.find(folder).items():
        name = re.fullmatch(_PATTERN, stem)
        if not name or name[4] == "prelim":
            what = "is preliminary" if name else "is no file of source nclimgrid"
            raise BadInput(f"{path} {what}; delete it, only -ste-scaled.csv is read")
        month = pd.Period(f"{name[2]}-{name[3]}", "M")
        parts[name[1]].append(_file(path, name[1], month))
    tables = [pd.concat(p) if p else pd.DataFrame() for p in parts.values()]
    days = tables[0].index
    whole = all(table.index.equals(days) for table in tables)
    same = all(set(table) == set(tables[0]) for table in tables)
    if not (whole and same) or len(pd.date_range(days[0], days[-1])) != len(days):
        raise BadInput(
            f"{folder} does not hold tavg, tmax and tmin of the same months and states "
            "without a gap; "
            "delete manifest.json there and run again"
        )
    mean, top, bottom = tables
    names = states.wanted(spec, sorted(mean))
    series = [_series(mean[n], top[n], bottom[n]).assign(station=n) for n in names]
    table = pd.concat(series, ignore_index=True)
    return table[["station", "date", *_VARIABLES.values(), "flag"]]


def _series(mean: pd.Series, top: pd.Series, bottom: pd.Series) -> pd.DataFrame:
    """Return one state's days with the gaps of its mean filled."""
    known, _ = gaps.fill(mean.to_frame("t"), "D", _LONGEST_GAP)
    filled = known["t"].reindex(mean.index)
    columns = {"date": mean.index, "t_mean": filled, "t_max": top, "t_min": bottom}
    flag = np.where(mean.isna(), "W1", "")
    return pd.DataFrame(columns).reset_index(drop=True).assign(flag=flag)


def _file(path: Path, variable: str, month: pd.Period) -> pd.DataFrame:
    """Return the values of one file, (day, state), NaN where missing.

    Raises
    ------
    BadInput
        Naming the line of what is wrong.
    """
    postal = {name: code for code, name in states.names().items()}
    stamp = [str(month.year), f"{month.month:02d}", variable.upper()]
    found: dict[str, np.ndarray] = {}
    for line, text in enumerate(textfile.text(path).splitlines(), -1):
        row = [cell.strip() for cell in text.split(",")]
        name = postal.get(row[2]) if len(row) == HEAD + _DAYS else None
        if not name or row[0] != "ste" or row[3:HEAD] != stamp or name in found:
            what = f"is not 'ste', code, a new state, {', '.join(stamp)} and 31 values"
            raise textfile.wrong(path, line, "1 to 6", f"'{text[:40]}'", what)
        found[name] = textfile.numbers(row[HEAD:], path, line, HEAD + 1)
        if len(row[-1].partition(".")[2]) != 2:
            what = "has not two decimals, the line was cut"
            raise textfile.wrong(path, line, str(HEAD + _DAYS), f"'{row[-1]}'", what)
        if (found[name][month.days_in_month :] != MISSING).any():
            what = f"holds a value after day {month.days_in_month}"
            raise textfile.wrong(path, line, "7 to 37", name, what)
    if not found:
        raise BadInput(f"{path} is empty; {ANEW}")
    days = pd.date_range(month.start_time, periods=month.days_in_month, unit="ns")
    table = pd.DataFrame(found).iloc[: len(days)].set_index(days.rename("date"))
    return table.mask(table == MISSING)
