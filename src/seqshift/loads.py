"""Hourly load series: strict time stamps, marks of data rules, short gaps, stacking."""

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from seqshift.errors import BadInput
from seqshift.textfile import moments, wrong

LONGEST_GAP = 3  # hours that may be interpolated


def stamps(cells: pd.Series, form: str, path: Path) -> pd.Series:
    """Return a text column as times that all follow `form`.

    Raises
    ------
    BadInput
        Naming the first cell that does not.
    """
    times = moments(cells, format=form)
    bad = np.flatnonzero(times.isna())
    if len(bad):
        cell = f"'{cells.iloc[bad[0]]}'"
        raise wrong(path, bad[0], cells.name, cell, f"is not a time like {form}")
    return times.astype("datetime64[ns]")


def once(times: pd.Series, path: Path, bad: pd.Series | None = None) -> None:
    """Refuse a repeated time, or one marked in `bad`; the index counts the lines.

    Raises
    ------
    BadInput
        Naming the line.
    """
    rows = times.index[times.duplicated() if bad is None else bad]
    if len(rows):
        row = int(rows.min())
        raise wrong(path, row, times.name, f"'{times.loc[row]}'", "appears twice")


def mark(flag: pd.Series, rows: np.ndarray | pd.Series, rule: str) -> pd.Series:
    """Return `flag` with the id of a data rule added to some rows, joined by "+"."""
    both = flag.where(flag == "", flag + "+") + rule
    return flag.where(~np.asarray(rows, dtype=bool), both)


def marked(flag: pd.Series) -> Counter[str]:
    """Return how many rows each data rule marks."""
    return Counter(flag[flag != ""].str.split("+").explode())


def lag(mw: pd.Series, reference: pd.Series) -> pd.Series:
    """Return for each year the hours (-1, 0 or 1) by which `mw` is late.

    That is the shift at which the correlation with `reference`, a load of the same
    area whose clock is known, is largest. Both are indexed by utc_end.
    """
    moved = {hours: mw.shift(freq=pd.Timedelta(hours=-hours)) for hours in (-1, 0, 1)}
    both = pd.DataFrame(moved).assign(reference=reference).dropna()
    years = both.groupby(both.index.year)
    return years.apply(lambda rows: rows[[*moved]].corrwith(rows["reference"]).idxmax())


def absurd(mw: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the rows that break rule E1a and those that break E1b.

    E1a: above 3 times the median of the series. E1b: above 1.5 times the largest other
    value at the same UTC hour within 7 days. `mw` is indexed by utc_end.
    """
    high = mw > 3 * mw.median()
    hours = mw.mask(high).asfreq("h")
    days = [hours.shift(24 * lag) for lag in range(-7, 8) if lag]
    largest = pd.concat(days, axis=1).max(axis=1)
    return high, (hours > 1.5 * largest).reindex(mw.index)


def bridge(frame: pd.DataFrame, rule: str) -> pd.DataFrame:
    """Interpolate gaps of at most 3 hours; absent hours get a row marked `rule`.

    `frame` has utc_end (rising, unique), mw, flag. Longer gaps stay as they are.
    """
    series = frame.set_index("utc_end")
    hours = pd.date_range(series.index[0], series.index[-1], freq="h", name="utc_end")
    mw = series["mw"].reindex(hours)
    empty = mw.isna()
    run = empty.groupby((empty != empty.shift()).cumsum()).transform("sum")
    fill = empty & (run <= LONGEST_GAP)
    linear = mw.interpolate("linear", limit_area="inside")
    flag = series["flag"].reindex(hours, fill_value=rule)
    whole = pd.DataFrame({"mw": mw.where(~fill, linear), "flag": flag})
    known = hours.isin(series.index)
    return whole[known | (fill & whole["mw"].notna())].reset_index()


def stack(parts: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return series -> (utc_end, mw, flag) as one LOAD_HOURLY table."""
    frames = [part.assign(series=name) for name, part in sorted(parts.items())]
    table = pd.concat(frames, ignore_index=True)
    table["utc_end"] = table["utc_end"].astype("datetime64[ns]")
    table["flag"] = table["flag"].astype("str")
    return table[["series", "utc_end", "mw", "flag"]]


def number(cells: pd.Series, path: Path, missing: pd.Series | None = None) -> pd.Series:
    """Return cells as float64, NaN where `missing`.

    Raises
    ------
    BadInput
        Naming the first cell that is empty or text.
    """
    values = pd.to_numeric(cells, errors="coerce").astype("float64")
    empty = False if missing is None else missing
    bad = np.flatnonzero(~(np.isfinite(values) | empty))
    if len(bad):
        cell = f"'{cells.iloc[bad[0]]}'"
        raise wrong(path, bad[0], cells.name, cell, "is not a number")
    return values


def positive(mw: pd.Series, path: Path) -> None:
    """Refuse load that is not above zero.

    Raises
    ------
    BadInput
        Naming the first line that holds such a value.
    """
    bad = np.flatnonzero(~(mw > 0))
    if len(bad):
        value = mw.iloc[bad[0]]
        raise wrong(path, bad[0], mw.name, value, "is not a load above zero")


def frozen(mw: pd.Series, longest: int) -> pd.Series:
    """Return the rows that repeat one number for `longest` rows or more."""
    run = (mw != mw.shift()).cumsum()
    return mw.groupby(run).transform("size") >= longest


def alive(mw: pd.Series, path: Path, longest: int) -> None:
    """Refuse a series, indexed by utc_end, that repeats one value for so many hours.

    Raises
    ------
    BadInput
        Naming the first hour of the run.
    """
    dead = mw[frozen(mw, longest)]
    if len(dead):
        raise BadInput(
            f"{path}: {dead.iloc[0]} MW stands for {longest} hours or more from "
            f"{dead.index[0]} UTC, which no load does; leave the series out of this "
            "source"
        )
