"""Hourly demand as the balancing authorities report it (EIA-930): cells, then rules.

Data rules of published demand: E15 hour after the authority had ceased to report, E4
words, E24 hour listed without a value, E3 not above zero, E25 one value for two days or
longer, E1a E1b absurd level. Such hours become missing; gaps of at most three hours,
absent hours (E12) included, are interpolated.
"""

from collections.abc import Callable, Collection
from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import loads, queries, textfile
from seqshift.errors import BadInput

DEAD_HOURS = 48
WORDS = ("MISSING", "EMPTY")
# First hour end that an authority no longer reports: local midnight, in UTC.
RETIRED = {
    "GRMA": "2018-05-03 07:00",
    "OVEC": "2018-12-01 05:00",
    "NSB": "2020-01-08 05:00",
    "EEI": "2020-02-29 06:00",
    "AEC": "2021-09-01 05:00",
}
_NUMBER = r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?"
_LAST_MIDNIGHT = pd.Timedelta(hours=32)  # from 00:00 UTC to the end of a Pacific day

# Returns the error for a cell: its position, column and text, and what is wrong.
Fault = Callable[[int, str, object, str], BadInput]


def span(spec: dict) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and last hour (UTC) that the local days of the query touch.

    Raises
    ------
    BadInput
        If `query` lacks start or end.
    """
    start, end = queries.need(spec, "start", "end")
    return pd.Timestamp(start), pd.Timestamp(end) + _LAST_MIDNIGHT


def chosen(spec: dict, found: Collection[str], place: Path) -> list[str]:
    """Return the series to read: those of `query.names`, without names all `found`.

    Raises
    ------
    BadInput
        If one that is asked for is not among them.
    """
    names = (spec.get("query") or {}).get("names")
    absent = [name for name in names or [] if name not in found]
    if absent or not found:
        raise BadInput(
            f"{place} holds no hourly demand{' of ' if absent else ''}"
            f"{', '.join(absent)}; correct `names` in the query of this source, or "
            "delete manifest.json there and run again"
        )
    return list(names or sorted(found))


def retired(name: str, utc_end: pd.Series | pd.Index) -> np.ndarray:
    """Return which hours lie after an authority had ceased to report."""
    return np.asarray(utc_end > pd.Timestamp(RETIRED.get(name, "2262-01-01")))


def published(
    name: str, stamps: pd.Series, cells: pd.Series, form: str, fault: Fault
) -> pd.DataFrame:
    """Return utc_end, mw and flag of one series, in order of time.

    `stamps` are texts of the form `form`, `cells` texts with or without commas
    between thousands; no value is None or "". Their names are those of the columns.

    Raises
    ------
    BadInput
        By `fault`, for the first cell that no rule repairs, or where there is no load
        at all.
    """
    text = cells.fillna("").astype("str").reset_index(drop=True)
    facts = {"text": text, "mw": _numbers(text, cells.name, fault)}
    times = _times(stamps.reset_index(drop=True), form, fault)
    frame = pd.DataFrame(facts).set_index(pd.DatetimeIndex(times, name="utc_end"))
    series = _judged(frame.sort_index(), name)
    if series["mw"].isna().all():
        what = "is, like all others, no demand above zero; leave the series out, or"
        raise fault(0, cells.name, f"'{text[0]}'", what)
    return loads.bridge(series.reset_index(), "E12")


def _judged(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return mw and flag of rows with text and mw, both sorted by utc_end."""
    late = retired(name, frame.index)
    mw = frame["mw"].mask(late)
    low = mw <= 0
    dead = loads.frozen(mw.mask(low), DEAD_HOURS)
    valid = mw.mask(low | dead)
    high, jump = loads.absurd(valid)
    marks = {
        "E15": late,
        "E4": frame["text"].isin(WORDS) & ~late,
        "E24": (frame["text"] == "") & ~late,
        "E3": low,
        "E25": dead,
        "E1a": high,
        "E1b": jump,
    }
    flag = pd.Series("", index=frame.index)
    for rule, rows in marks.items():
        flag = loads.mark(flag, rows, rule)
    return pd.DataFrame({"mw": valid.mask(high | jump), "flag": flag})


def _times(cells: pd.Series, form: str, fault: Fault) -> pd.Series:
    times = textfile.moments(cells, format=form)
    faults = {
        f"is not a time like {form}": times.isna(),
        "is not a whole hour": times != times.dt.floor("h"),
        "appears twice": times.duplicated(),
    }
    for what, bad in faults.items():
        if bad.any():
            row = int(bad.argmax())
            raise fault(row, cells.name, f"'{cells[row]}'", what)
    return times.astype("datetime64[ns]")


def _numbers(text: pd.Series, column: str, fault: Fault) -> pd.Series:
    """Return the numbers, NaN for what rules E4 and E24 read as missing."""
    missing = text.isin([*WORDS, ""])
    bad = ~(missing | text.str.fullmatch(_NUMBER))
    if bad.any():
        row = int(bad.argmax())
        raise fault(row, column, f"'{text[row]}'", "is not a number")
    return pd.to_numeric(text.mask(missing).str.replace(",", "")).astype("float64")
