"""What holds for the daily bars of every source.

F1 an opening price of 0 becomes missing; F2 low and high are widened to cover open and
close; F3 marks a day without volume; F4 marks a log return above 0.4 in size; F5 is a
session without a row; F6 refuses a row on a day without trading.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from seqshift import sessions
from seqshift.errors import BadInput
from seqshift.loads import mark

BIG_MOVE = 0.4
ABSURD_MOVE = 3.0
COLUMNS = ["open", "high", "low", "close", "close_adj", "volume"]

Wrong = Callable[[int, str, object, str], BadInput]


def clean(bars: pd.DataFrame, wrong: Wrong) -> pd.DataFrame:
    """Return the bars of one company as rows of BARS_DAILY, repaired and marked.

    `bars` has entity, date (rising, once each) and COLUMNS; its index counts from 0.
    `wrong` makes the error from a row, a column, the value and what is wrong with it.

    Raises
    ------
    BadInput
        For the first value that no rule may repair.
    """
    moves = np.log(bars["close_adj"].where(bars["close_adj"] > 0)).diff().abs()
    _refuse(bars, moves, wrong)
    opening = bars["open"].where(bars["open"] > 0)
    both = pd.concat([opening, bars["close"]], axis=1)
    low = np.minimum(bars["low"], both.min(axis=1))
    high = np.maximum(bars["high"], both.max(axis=1))
    flag = pd.Series("", bars.index, dtype="str")
    flag = mark(flag, opening.isna(), "F1")
    flag = mark(flag, (low != bars["low"]) | (high != bars["high"]), "F2")
    flag = mark(flag, bars["volume"] == 0, "F3")
    flag = mark(flag, moves > BIG_MOVE, "F4")
    clean = bars.assign(open=opening, high=high, low=low, flag=flag)
    return clean[["entity", "date", *COLUMNS, "flag"]]


def _refuse(bars: pd.DataFrame, moves: pd.Series, wrong: Wrong) -> None:
    low = {name: bars[name] <= 0 for name in ("high", "low", "close", "close_adj")}
    low |= {"open": bars["open"] < 0, "volume": bars["volume"] < 0}
    faults = [(name, bad, "is too low for a real one") for name, bad in low.items()]
    absurd = f"is more than e^{ABSURD_MOVE:g} times off the row before"
    faults.append(("close_adj", moves > ABSURD_MOVE, absurd))
    faults.append(("date", ~sessions.held(bars["date"]), "is no trading session"))
    for column, bad, what in faults:
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            value = bars[column].iloc[row]
            shown = f"{value:%Y-%m-%d}" if column == "date" else value
            raise wrong(row, column, shown, what)


def missing_sessions(bars: pd.DataFrame) -> pd.DataFrame:
    """Return entity and date of the sessions that lack a row (rule F5).

    Counted from the first to the last row of each company; the table itself has no
    place for a day that is not there, and a return across it does not exist.
    """
    gaps = [
        pd.DataFrame({"entity": entity, "date": absent})
        for entity, dates in bars.groupby("entity")["date"]
        for absent in [sessions.between(dates.min(), dates.max()).difference(dates)]
    ]
    return pd.concat(gaps, ignore_index=True).astype({"entity": "str"})
