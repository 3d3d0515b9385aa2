"""GHCN-Daily temperatures: one .dly file a station, a line for each element and month.

Fixed width: id, year, month, element, then 31 times a value in tenths of a degree
Celsius (-9999 is missing) with marks of measurement, quality and source. A station is
named by its file. t_mean is the mean of TMAX and TMIN on all days; TAVG, which is
absent for years, is not read (W4). Data rules: W2, a value with a quality mark is
dropped; W1, no value. Days that lack an extreme are interpolated, both extremes, in
gaps of two days at most and stay missing in longer ones. W5: lines may lack the blanks
at their end; a value on 30 February is refused.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import fixedwidth, gaps, queries, textfile
from seqshift.errors import BadInput

TABLE = "WEATHER_DAILY"
ELEMENTS = ["TMAX", "TMIN"]
MISSING = -9999
LONGEST_GAP = 2  # days
SLOTS, HEAD, SLOT = 31, 21, 8
WIDTH = HEAD + SLOTS * SLOT
_MARKS = 3  # of the last slot, the only characters that may be trimmed


def simulate(world, spec: dict, folder: Path) -> None:
    """Write one file per entity: TMAX, TMIN, and a TAVG that is not their mean."""
    for number, name in enumerate(world.temp_mean.columns, 1):
        mean, top = world.temp_mean[name], world.temp_max[name]
        elements = {"TMAX": top, "TMIN": 2 * mean - top, "TAVG": mean - 1.0}
        texts = {key: _lines(values) for key, values in elements.items()}
        text = "".join(
            f"USW{number:08d}{month:%Y%m}{element}{texts[element][month]}\n"
            for month in texts["TMAX"].index
            for element in elements
        )
        (folder / f"{name}.dly").write_text(text)


def _lines(celsius: pd.Series) -> pd.Series:
    """Return the 31 slots of each month as text, indexed by the months."""
    tenths = np.rint(10 * celsius).astype(int)
    month = celsius.index.to_period("M").to_timestamp()
    slots = tenths.map("{:5d}  S".format).groupby([month, celsius.index.day]).first()
    return slots.unstack(fill_value=f"{MISSING:5d}   ").agg("".join, axis=1)


def download(spec: dict, client) -> None:
    """Save the whole history of each station in `query.names`."""
    (names,) = queries.need(spec, "names")
    for name in names:
        url = queries.fill(spec["url"], station=name)
        client.save(f"{name}.dly", url, check=temperatures)


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return all files of a folder as WEATHER_DAILY.

    Raises
    ------
    BadInput
        Naming file, line and column of what cannot be right.
    """
    files = textfile.find(folder, ".dly")
    parts = [_station(path).assign(station=name) for name, path in files.items()]
    table = pd.concat(parts, ignore_index=True)
    columns = ["station", "date", "t_mean", "t_max", "t_min", "flag"]
    return table[columns].sort_values(["station", "date"], ignore_index=True)


def _station(path: Path) -> pd.DataFrame:
    values = temperatures(path)
    doubted = values["date"][values["doubted"]]
    values["celsius"] = values["celsius"].mask(values["doubted"])
    extremes = values.pivot(index="date", columns="element", values="celsius")
    extremes = extremes.reindex(columns=ELEMENTS)
    crossed = extremes["TMAX"] < extremes["TMIN"]
    if crossed.any():
        day = extremes.index[crossed][0]
        raise BadInput(
            f"{path}: TMAX of {day:%Y-%m-%d} is below TMIN and no quality mark says "
            "so; correct the file or leave the station out"
        )
    days, filled = gaps.fill(extremes, "D", LONGEST_GAP)
    rule = np.where(days.index.isin(doubted), "W2", "W1")
    touched = filled | days.isna().any(axis=1)
    table = days.rename(columns={"TMAX": "t_max", "TMIN": "t_min"}).reset_index()
    return table.assign(
        t_mean=days.mean(axis=1, skipna=False).to_numpy(),
        flag=pd.Series(np.where(touched, rule, ""), dtype="str"),
    )


def temperatures(path: Path, elements: list[str] = ELEMENTS) -> pd.DataFrame:
    """Return the values of some elements: date, element, celsius, doubted.

    Raises
    ------
    BadInput
        Naming the line of what cannot be right.
    """
    block = fixedwidth.block(path, WIDTH, WIDTH - _MARKS)
    _one_station(path, block)
    element = fixedwidth.words(block, 17, 21).astype("U4")
    lines = np.flatnonzero(np.isin(element, elements))
    element, block = element[lines], block[lines]
    month = _months(path, block, element, lines)
    slots = block[:, HEAD:].reshape(-1, SLOTS, SLOT)
    tenths = fixedwidth.integers(
        fixedwidth.words(slots, 0, 5), path, "VALUE", lines
    ).reshape(-1, SLOTS)
    days = month[:, None].astype("datetime64[D]") + np.arange(SLOTS)
    given = tenths != MISSING
    beyond = np.argwhere(given & (days.astype("datetime64[M]") != month[:, None]))
    if len(beyond):
        row, slot = beyond[0]
        what = f"stands on day {slot + 1}, which {month[row]} does not have"
        raise textfile.wrong(path, lines[row] - 1, "VALUE", tenths[row, slot], what)
    return pd.DataFrame(
        {
            "date": days[given].astype("datetime64[ns]"),
            "element": np.broadcast_to(element[:, None], given.shape)[given],
            "celsius": tenths[given] / 10,
            "doubted": slots[..., 6][given] != b" ",
        }
    )


def _one_station(path: Path, block: np.ndarray) -> None:
    ids = fixedwidth.words(block, 0, 11)
    other = np.flatnonzero(ids != ids[0])
    if len(other):
        cell, first = ids[other[0]].decode(), ids[0].decode()
        raise textfile.wrong(path, other[0] - 1, "ID", cell, f"is not {first}")


def _months(
    path: Path, block: np.ndarray, element: np.ndarray, lines: np.ndarray
) -> np.ndarray:
    """Return the month of each line; one line for each month and element."""
    if not len(lines):
        raise BadInput(f"{path} has no TMAX and no TMIN; leave the station out")
    number = fixedwidth.integers(fixedwidth.words(block, 11, 17), path, "MONTH", lines)
    year, month = number // 100, number % 100
    key = pd.DataFrame({"number": number, "element": element})
    wrong = {
        "is no month": (year < 1700) | (month < 1) | (month > 12),
        "appears twice for its element": key.duplicated().to_numpy(),
    }
    for what, bad in wrong.items():
        if bad.any():
            row = int(bad.argmax())
            raise textfile.wrong(path, lines[row] - 1, "MONTH", number[row], what)
    return ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
