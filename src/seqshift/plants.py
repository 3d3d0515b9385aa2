"""Generators of a workbook, and the stock of them by state and month.

A generator is in service from the month of its opening until the month before its
retirement. Data rules: E20 generators without a date that is due are left out, marked
on the last month of their state; E26 those without a state are gathered under XX, so
that no power is lost. Rows below the table without a number for the plant are
footnotes (E19).
"""

from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import loads, textfile
from seqshift.errors import ANEW, BadInput

PV = "Solar Photovoltaic"
GENERATOR, MW = "Generator ID", "Nameplate Capacity (MW)"
OPENED = ["Operating Month", "Operating Year"]
CLOSED = ["Retirement Month", "Retirement Year"]
NOWHERE = "XX"
_SEARCHED = 10  # rows in which the header must stand


def table(sheets: dict, name: str, columns: list[str], path: Path) -> pd.DataFrame:
    """Return the rows of one sheet read without header, with `columns` and `line`.

    `columns` begin with those of the plant and its state; they become `plant` and
    `state`. The header is the row that holds the plant's and the generator's.

    Raises
    ------
    BadInput
        If the sheet, its header or a column is absent, a footnote stands among the
        rows, or a state or power is none.
    """
    if name not in sheets:
        raise BadInput(f"{path} has no sheet {name}; {ANEW}")
    sheet, plant = sheets[name].astype("object"), columns[0]
    top = sheet[:_SEARCHED].to_numpy()
    words = [[str(cell).strip() for cell in row] for row in top]
    heads = [i for i, row in enumerate(words) if {plant, GENERATOR} <= {*row}]
    if not heads:
        raise BadInput(
            f"{path}, sheet {name}: none of the first {_SEARCHED} rows holds '{plant}' "
            f"and '{GENERATOR}'; {ANEW}"
        )
    head = heads[0]
    body = sheet[head + 1 :].set_axis(words[head], axis=1)
    lack = [column for column in columns if column not in body]
    if lack:
        raise BadInput(f"{path}, sheet {name} has no column '{lack[0]}'; {ANEW}")
    rows = body[columns].assign(line=np.arange(len(body)) + head + 2)
    numbers = pd.to_numeric(rows[plant], errors="coerce").notna().to_numpy()
    end = len(rows) if numbers.all() else int((~numbers).argmax())
    if numbers[end:].any():
        line = rows["line"].iloc[end]
        raise _wrong(path, name, line, plant, "a footnote stands among the rows")
    rows = rows[:end].rename(columns={plant: "plant", columns[1]: "state"})
    return _strict(rows, name, path)


def _strict(rows: pd.DataFrame, name: str, path: Path) -> pd.DataFrame:
    """Return the rows with `mw`, and with the state of those without one."""
    nowhere = blank(rows["state"])
    state = rows["state"].mask(nowhere, NOWHERE).astype("str").str.strip()
    mw = pd.to_numeric(rows[MW], errors="coerce").astype("float64")
    faults = {
        "State": ~state.str.fullmatch("[A-Z]{2}"),
        MW: ~(np.isfinite(mw) & (mw >= 0)),
    }
    for column, bad in faults.items():
        if bad.any():
            line = rows["line"][bad].iloc[0]
            raise _wrong(path, name, line, column, "no valid value")
    return rows.assign(state=state, mw=mw)


def blank(cells: pd.Series) -> pd.Series:
    """Return which cells are empty or hold blanks only."""
    return cells.isna() | (cells.astype("str").str.strip() == "")


def _wrong(path: Path, sheet: str, line: int, column: str, what: str) -> BadInput:
    return BadInput(f"{path}, sheet {sheet}, line {line}, {column}: {what}; {ANEW}")


def months(rows: pd.DataFrame, names: list[str], sheet: str, path: Path) -> pd.Series:
    """Return columns of month and year as first days of months, NaT where blank.

    Raises
    ------
    BadInput
        Naming the line of the first that is no month.
    """
    empty = rows[names].apply(blank)
    numbers = rows[names].mask(empty).apply(pd.to_numeric, errors="coerce")
    parts = numbers.set_axis(["month", "year"], axis=1).assign(day=1)
    dates = textfile.moments(parts[["year", "month", "day"]])
    bad = dates.isna() & ~empty.any(axis=1)
    if bad.any():
        line = rows["line"][bad].iloc[0]
        raise _wrong(path, sheet, line, " and ".join(names), "no month")
    return dates


def dated(rows: pd.DataFrame, sheet: str, path: Path, closed: bool) -> pd.DataFrame:
    """Add `opened`, `closed` and `undated`: a date that is due is absent."""
    opened = months(rows, OPENED, sheet, path)
    ends = pd.Series(pd.NaT, rows.index)
    if closed:
        ends = months(rows, CLOSED, sheet, path)
    undated = opened.isna() | (ends.isna() & closed)
    late = ends < opened
    ends = ends.where(~late, opened).astype("datetime64[ns]")
    return rows.assign(opened=opened, closed=ends, undated=undated, reversed=late)


def stock(plants: pd.DataFrame, last: pd.Timestamp, whole: bool) -> pd.DataFrame:
    """Return CAPACITY from the first opening in each state to the month `last`.

    `plants` has state, Technology, mw, opened, closed, undated; if it is not `whole`,
    all technologies, total_mw is missing.
    """
    parts = []
    for state, rows in plants.groupby("state"):
        known = rows[~rows["undated"]]
        first = min([last, *known["opened"]])
        span = pd.date_range(first, last, freq="MS", unit="ns")
        flag = pd.Series("E26" if state == NOWHERE else "", index=span)
        if rows["undated"].any():
            flag = loads.mark(flag, span == last, "E20")
        if (rows["reversed"] | (rows["opened"] > last)).any():
            flag = loads.mark(flag, span == last, "E29")
        solar = known[known["Technology"] == PV]
        columns = {
            "state": state,
            "month": span,
            "pv_mw": _running(solar, span),
            "total_mw": _running(known, span) if whole else np.nan,
            "flag": flag.to_numpy(),
        }
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def _running(rows: pd.DataFrame, span: pd.DatetimeIndex) -> np.ndarray:
    """Return MW that were opened in or before each month and not closed by then."""
    moves = [
        rows.groupby(column)["mw"].sum().reindex(span, fill_value=0.0)
        for column in ("opened", "closed")
    ]
    return (moves[0] - moves[1]).cumsum().round(6).to_numpy()


def openings(world, before: int) -> pd.DataFrame:
    """Return the photovoltaic power that a world opens: MW by state and month.

    By the first of each month the solar share of that day, times the mean load, stands;
    what stands at the start opened `before` months earlier. Rounded to 0.1 MW.
    """
    power = (world.solar_share * world.mean_mw()).T.groupby(pd.Series(world.states))
    daily = power.sum().T
    monthly = daily.groupby(daily.index.to_period("M")).first()
    steps = monthly.cummax().round(1).diff().fillna(monthly.iloc[:1].round(1)).round(1)
    steps.index = [steps.index[0] - before, *steps.index[1:]]
    return steps
