"""CBOE volatility index: `VIX_History.csv`, one row a session, percent a year.

Header DATE,OPEN,HIGH,LOW,CLOSE; dates MM/DD/YYYY, or ISO in public copies. Only CLOSE
is kept. F7 marks a day without trading at the exchange, which no feature uses; F8 one
with equal open, high, low and close, as on days with a close only.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import sessions, textfile
from seqshift.errors import BadInput
from seqshift.loads import mark

TABLE = "INDEX_DAILY"
HEADER = ["DATE", "OPEN", "HIGH", "LOW", "CLOSE"]
FILE = "VIX_History.csv"


def simulate(world, spec: dict, folder: Path) -> None:
    """Write the index of a simulated market in the official format."""
    draw = np.random.default_rng(np.random.SeedSequence([world.seed, 1]))
    close = world.vix.round(6)
    start = close.shift(1).fillna(close)
    swing = np.exp(0.02 + 0.03 * np.abs(draw.standard_normal((2, len(close)))))
    frame = pd.DataFrame(
        {
            "DATE": world.sessions.strftime("%m/%d/%Y"),
            "OPEN": start,
            "HIGH": np.maximum(start, close) * swing[0],
            "LOW": np.minimum(start, close) / swing[1],
            "CLOSE": close,
        }
    )
    path = Path(folder, FILE)
    frame.to_csv(path, index=False, float_format="%.6f", lineterminator="\r\n")


def download(spec: dict, client) -> None:
    """Save the whole history, one file.

    Raises
    ------
    BadInput
        If it cannot be had or is no such table.
    """
    client.save(FILE, spec["url"], check=_table)


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return INDEX_DAILY.

    Raises
    ------
    BadInput
        Naming file, line and column of the first value that cannot be right.
    """
    files = textfile.find(folder)
    if len(files) != 1:
        names = ", ".join(path.name for path in files.values())
        raise BadInput(f"{folder} should hold one index file, it holds {names}")
    (path,) = files.values()
    frame = _table(path)
    date = textfile.days(frame, "DATE", path)
    for column in HEADER[1:]:
        low = np.flatnonzero(frame[column] <= 0)
        if len(low):
            value = frame[column].iloc[low[0]]
            raise textfile.wrong(path, low[0], column, value, "is not above 0")
    values = frame[HEADER[1:]]
    flat = values.max(axis=1) == values.min(axis=1)
    flag = mark(pd.Series("", frame.index, dtype="str"), ~sessions.held(date), "F7")
    flag = mark(flag, flat, "F8")
    return pd.DataFrame({"date": date, "close": frame["CLOSE"], "flag": flag})


def _table(path: Path) -> pd.DataFrame:
    return textfile.table(path, HEADER, words=["DATE"])
