"""Meteostat daily weather of airports as one CSV with all stations, degrees Celsius.

A station is named by its `airport_code`; only the three temperatures are used. Data
rule W9 marks a mean outside the extremes of its day.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import textfile
from seqshift.errors import BadInput

TABLE = "WEATHER_DAILY"
_HEADER = (
    "id,name,airport_code,country,state,region,longitude,latitude,date,temp_avg,"
    "temp_min,temp_max,precip,snow,wind_direction,wind_speed,air_press"
).split(",")
_NUMBERS = {"temp_avg": "t_mean", "temp_max": "t_max", "temp_min": "t_min"}


def simulate(world, spec: dict, folder: Path) -> None:
    """Write `weather.csv`: one station per entity, tenths of a degree."""
    parts = []
    for number, name in enumerate(world.temp_mean.columns):
        mean, top = world.temp_mean[name], world.temp_max[name]
        place = {"id": 72000 + number, "name": name, "airport_code": name}
        area = {"country": "US", "state": world.states[name], "region": ""}
        temperatures = {
            "date": world.days.strftime("%Y-%m-%d"),
            "temp_avg": mean.to_numpy(),
            "temp_min": (2 * mean - top).to_numpy(),
            "temp_max": top.to_numpy(),
        }
        parts.append(pd.DataFrame({**place, **area, **temperatures}))
    frame = pd.concat(parts).reindex(columns=_HEADER)
    path = folder / "weather.csv"
    frame.to_csv(path, index=False, float_format="%.1f", lineterminator="\n")


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return all files of a folder as WEATHER_DAILY.

    Raises
    ------
    BadInput
        Naming file, line and column of the first wrong cell.
    """
    parts = [_file(path) for path in textfile.find(folder).values()]
    table = pd.concat(parts).sort_values(["station", "date"], ignore_index=True)
    twice = table.duplicated(["station", "date"])
    if twice.any():
        row = table[twice].iloc[0]
        raise BadInput(
            f"{folder}: two files give {row['station']} on {row['date']:%Y-%m-%d}; "
            "delete one of the two"
        )
    return table


def _file(path: Path) -> pd.DataFrame:
    words = [name for name in _HEADER if name not in _NUMBERS]
    frame = textfile.table(path, _HEADER, words)
    dates = textfile.moments(frame["date"], format="%Y-%m-%d")
    key = frame.assign(date=dates)[["airport_code", "date"]]
    wrong = {
        ("date", "is not a date like 2020-01-31"): dates.isna(),
        ("airport_code", "is empty"): frame["airport_code"] == "",
        ("date", "appears twice for its station"): key.duplicated(),
    }
    for (column, what), bad in wrong.items():
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            cell = f"'{frame[column].iloc[row]}'"
            raise textfile.wrong(path, row, column, cell, what)
    table = frame.rename(columns=_NUMBERS | {"airport_code": "station"})
    odd = ~table["t_mean"].between(table["t_min"], table["t_max"])
    flag = np.where(odd, "W9", "")
    table = table.assign(date=dates.astype("datetime64[ns]"), flag=flag)
    return table[["station", "date", *_NUMBERS.values(), "flag"]]
