"""Binance bars of five minutes: monthly zips of klines, or one json.gz a symbol.

A zip `BTCUSDT-5m-2022-01.zip` holds one csv of 12 columns without header; times are
milliseconds since 1970, from 2025 on microseconds, told apart by their size. A file
`BTC_USDT-5m.json.gz` holds [[ms, open, high, low, close, volume], ...]. An entity is
the symbol without underscores. All bars open on the five-minute grid.

Data rules: B3, a UTC day with other than 288 bars is kept and marked (a study of days
leaves it out); F3, no trade.
"""

import io
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import loads, queries, textfile, zipped
from seqshift.errors import BadInput

TABLE = "BARS_INTRADAY"
VALUES = ["open", "high", "low", "close", "volume"]
BARS = 288  # a day
SPACING = pd.Timedelta("5min")
_COLUMNS = ["time", *VALUES, "close_time", "quote", "trades", "base", "taker", "ignore"]
_MICROSECONDS_FROM = 2025  # year
_LEAST_MICROSECONDS = 10**14  # the year 1973 in microseconds, 5138 in milliseconds
_NAME = re.compile(r"(\w+)-5m(?:-\d{4}-\d\d\.zip|\.json\.gz)")
_TIMELESS = (1980, 1, 1, 0, 0, 0)  # of zip entries, so that bytes repeat


def simulate(world, spec: dict, folder: Path) -> None:
    """Write one zip a symbol and month; eight decimals."""
    opening = world.times
    closing = opening + SPACING
    micro = opening.year >= _MICROSECONDS_FROM
    unit = np.where(micro, 1, 1000)
    start = opening.as_unit("us").asi8 // unit
    end = closing.as_unit("us").asi8 // unit - 1
    months = opening.strftime("%Y-%m").to_numpy()
    for symbol in world.bars["close"].columns:
        values = {key: world.bars[key][symbol].to_numpy() for key in VALUES}
        quote = values["volume"] * values["close"]
        rest = {"quote": quote, "trades": 12, "base": values["volume"] / 2}
        frame = pd.DataFrame({"time": start, **values, "close_time": end, **rest})
        frame = frame.assign(taker=quote / 2, ignore=0)
        for month, rows in frame.groupby(months):
            write(folder / f"{symbol}-5m-{month}.zip", rows)


def write(path: Path, rows: pd.DataFrame) -> None:
    """Write the 12 columns of klines as a zip with one csv."""
    text = rows.to_csv(
        header=False, index=False, float_format="%.8f", lineterminator="\n"
    )
    entry = zipfile.ZipInfo(f"{path.stem}.csv", _TIMELESS)
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(entry, text, compresslevel=4)


def download(spec: dict, client) -> None:
    """Save the months from `query.start` to `query.end` of each symbol.

    Raises
    ------
    BadInput
        If a checksum file does not hold the sha256 of its zip.
    """
    names, start, end = queries.need(spec, "names", "start", "end")
    for symbol in names:
        for month in pd.period_range(start, end, freq="M"):
            parts = {"year": month.year, "month": f"{month.month:02d}"}
            address = queries.fill(spec["url"], symbol=symbol, **parts)
            name = f"{symbol}-5m-{month}.zip"
            client.save(name, address, sha256=_checksum(client, address, name))


def _checksum(client, address: str, name: str) -> str:
    answer = client.text(f"{address}.CHECKSUM")
    match = re.fullmatch(rf"([0-9a-f]{{64}})\s+{re.escape(name)}\s*", answer)
    if not match:
        raise BadInput(
            f"{address}.CHECKSUM should hold a sha256 and {name} and holds "
            f"'{answer[:80]}'; check `url` of this source"
        )
    return match[1]


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return all files of a folder as BARS_INTRADAY.

    Raises
    ------
    BadInput
        Naming file, line and column of the first value that cannot be right.
    """
    parts: dict[str, list[pd.DataFrame]] = {}
    for path in sorted(Path(folder).iterdir()):
        if path.suffix == ".zip" or path.name.endswith(".json.gz"):
            match = _NAME.fullmatch(path.name)
            if not match:
                raise BadInput(
                    f"{path} is not named like BTCUSDT-5m-2022-01.zip or "
                    "BTC_USDT-5m.json.gz; rename or remove it"
                )
            zips = path.suffix == ".zip"
            frame = _klines(path, spec) if zips else _listed(path)
            parts.setdefault(match[1].replace("_", ""), []).append(_bars(frame, path))
    if not parts:
        raise BadInput(
            f"{folder} holds no .zip and no .json.gz; "
            "delete manifest.json there and run again"
        )
    symbols = [_symbol(name, frames, folder) for name, frames in sorted(parts.items())]
    return pd.concat(symbols, ignore_index=True)


def _symbol(name: str, frames: list[pd.DataFrame], folder: Path) -> pd.DataFrame:
    """Return the bars of one symbol with their marks."""
    bars = pd.concat(frames).sort_values("utc_open", ignore_index=True)
    twice = bars["utc_open"].duplicated()
    if twice.any():
        raise BadInput(
            f"{folder}: two files of {name} give the bar of "
            f"{bars['utc_open'][twice].iloc[0]}; delete one of the two"
        )
    day = bars["utc_open"].dt.normalize()
    count = bars.groupby(day)["utc_open"].transform("size")
    flag = loads.mark(pd.Series("", bars.index, dtype="str"), count != BARS, "B3")
    flag = loads.mark(flag, bars["volume"] == 0, "F3")
    bars.insert(0, "entity", pd.Series(name, bars.index, dtype="str"))
    return bars.assign(flag=flag)


def _bars(frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return utc_open and the five values of one file, checked."""
    bad = np.argwhere(~np.isfinite(frame.to_numpy()))
    if len(bad):
        row, place = bad[0]
        raise textfile.wrong(path, row - 1, _COLUMNS[place], "value", "is not finite")
    scale = np.where(frame["time"] >= _LEAST_MICROSECONDS, 1, 1000)
    microseconds = (frame["time"] * scale).astype("int64")
    times = microseconds.astype("datetime64[us]").astype("datetime64[ns]")
    prices = frame[VALUES[:4]]
    wrong = {
        ("time", "is not on the five-minute grid"): times != times.dt.floor(SPACING),
        ("time", "is not after the bar above"): times.diff() <= pd.Timedelta(0),
        ("low", "is not above zero"): frame["low"] <= 0,
        ("low", "is above a price of its bar"): frame["low"] > prices.min(axis=1),
        ("high", "is below a price of its bar"): frame["high"] < prices.max(axis=1),
        ("volume", "is below zero"): frame["volume"] < 0,
    }
    for (column, what), bad in wrong.items():
        if bad.any():
            row = int(bad.argmax())
            value = frame[column].iloc[row]
            raise textfile.wrong(path, row - 1, column, value, what)
    return frame[VALUES].assign(utc_open=times)[["utc_open", *VALUES]]


def _klines(path: Path, spec: dict) -> pd.DataFrame:
    """Return the columns of the one csv in a zip."""
    with zipped.opened(path, "*.csv", spec) as file:
        content = file.read()
    try:
        frame = pd.read_csv(
            io.BytesIO(content),
            header=None,
            dtype="float64",
            na_filter=False,
            float_precision="round_trip",
        )
        if frame.shape[1] != len(_COLUMNS):
            raise ValueError(f"{frame.shape[1]} columns")
    except ValueError as error:
        form = "one csv of 12 numbers a line"
        raise _malformed(path, form, error) from None
    return frame.set_axis(_COLUMNS, axis=1)[_COLUMNS[:6]]


def _listed(path: Path) -> pd.DataFrame:
    """Return the columns of a json file."""
    try:
        table = np.array(json.loads(textfile.text(path)), dtype="float64")
        if table.ndim != 2 or table.shape[1] != 1 + len(VALUES):
            raise ValueError(f"shape {table.shape}")
    except (ValueError, TypeError) as error:
        raise _malformed(path, "lists of six numbers", error) from None
    return pd.DataFrame(table, columns=_COLUMNS[:6])


def _malformed(path: Path, form: str, error: Exception) -> BadInput:
    return BadInput(
        f"{path} should hold {form} ({error}); "
        "delete it and manifest.json beside it, then run again"
    )
