"""EIA-930 hourly demand: one CSV a series, UTC, hour ending; cleaned or as published.

Cleaned files carry `raw demand (MW),category,cleaned demand (MW)` and give the cleaned
value; the published form has one column with the words MISSING and EMPTY. Data rules:
E1a E1b absurd level, E3 not above zero, E4 words, E15 retired authority, E16 cleaned
value not above zero, E17 imputed by the release (category other than OKAY), E12 hours
without a row. The repaired hours of the published form and all gaps of at most three
hours are interpolated. On cleaned series E1b marks and changes nothing.
"""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import loads, textfile, web
from seqshift.errors import BadInput

TABLE = "LOAD_HOURLY"
_STAMP = "%Y-%m-%d %H:%M:%S"
_CLEANED = ["date_time", "raw demand (MW)", "category", "cleaned demand (MW)"]
_PUBLISHED = ["date_time", "demand (MW)"]
_CATEGORIES = (
    "OKAY MISSING IDENTICAL_RUN ANOMALOUS_REGION DELTA SINGLE_DELTA LOCAL_DEM_UP "
    "LOCAL_DEM_DOWN GLOBAL_DEM GLOBAL_DEM_PLUS_MINUS NEG_OR_ZERO"
).split()
_DEAD_HOURS = 48
# First hour end that an authority no longer reports: local midnight, in UTC.
_RETIRED = {
    "GRMA": "2018-05-03 07:00",
    "OVEC": "2018-12-01 05:00",
    "NSB": "2020-01-08 05:00",
    "EEI": "2020-02-29 06:00",
    "AEC": "2021-09-01 05:00",
}


def simulate(world, spec: dict, folder: Path) -> None:
    """Write one packed cleaned file per entity; four decimals keep the daily sums."""
    hourly = world.hourly()
    stamps = hourly.index.strftime(_STAMP)
    for name in hourly.columns:
        mw = hourly[name].to_numpy()
        columns = dict(zip(_CLEANED, (stamps, mw, "OKAY", mw), strict=True))
        frame = pd.DataFrame(columns)
        text = frame.to_csv(index=False, float_format="%.4f", lineterminator="\n")
        packed = gzip.compress(text.encode(), compresslevel=4, mtime=0)
        (folder / f"{name}.csv.gz").write_bytes(packed)


def download(spec: dict, folder: Path) -> None:
    """Save the files of a pinned release of cleaned data.

    Raises
    ------
    BadInput
        If `url` (with {name}) or `files` is missing, or a file cannot be had.
    """
    names = [name.partition(".csv")[0] for name in spec.get("files") or []]
    if (
        "{name}" not in spec.get("url", "")
        or not names
        or set("*?[") & set("".join(names))
    ):
        raise BadInput(
            "source eia930: download needs `url` with {name}, and each series by its "
            "full name in `files`"
        )
    for name in names:
        web.save(spec["url"].format(name=name), folder / f"{name}.csv")


def read(folder: Path) -> pd.DataFrame:
    """Return all files of a folder as LOAD_HOURLY; a series is named by its file.

    Raises
    ------
    BadInput
        Naming file, line and column of a cell that no rule repairs.
    """
    files = textfile.find(folder)
    return loads.stack({name: _series(name, path) for name, path in files.items()})


def _series(name: str, path: Path) -> pd.DataFrame:
    start = textfile.text(path).partition("\n")[0].rstrip("\r")
    published = start == ",".join(_PUBLISHED)
    header = _PUBLISHED if published else _CLEANED
    frame = textfile.table(path, header, header[:-1] if not published else header)
    times = loads.stamps(frame["date_time"], _STAMP, path)
    loads.once(times, path)
    frame = frame.assign(utc_end=times)
    frame = _published(frame, path) if published else _cleaned(frame, name, path)
    return loads.bridge(frame.sort_values("utc_end"), "E12")


def _published(frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    cells = frame["demand (MW)"]
    words = cells.isin(["MISSING", "EMPTY"])
    mw = loads.number(cells, path, words)
    flag = loads.mark(pd.Series("", index=mw.index), words, "E4")
    low = mw <= 0
    flag = loads.mark(flag, low, "E3")
    mw.index = pd.DatetimeIndex(frame["utc_end"])
    high, jump = loads.absurd(mw.mask(low.to_numpy()).sort_index())
    marks = {"E1a": high.reindex(mw.index), "E1b": jump.reindex(mw.index)}
    for rule, rows in marks.items():
        flag = loads.mark(flag, rows, rule)
    valid = mw.where((flag == "").to_numpy())
    return pd.DataFrame({"utc_end": mw.index, "mw": valid.array, "flag": flag.array})


def _cleaned(frame: pd.DataFrame, name: str, path: Path) -> pd.DataFrame:
    category = frame["category"]
    bad = np.flatnonzero(~category.isin(_CATEGORIES))
    if len(bad):
        cell = f"'{category.iloc[bad[0]]}'"
        what = f"is none of {', '.join(_CATEGORIES)}"
        raise textfile.wrong(path, bad[0], "category", cell, what)
    mw = frame[_CLEANED[-1]]
    flag = pd.Series("", index=mw.index)
    flag = loads.mark(flag, category != "OKAY", "E17")
    retired = frame["utc_end"] > pd.Timestamp(_RETIRED.get(name, "2262-01-01"))
    flag = loads.mark(flag, retired, "E15")
    flag = loads.mark(flag, (mw <= 0) & ~retired, "E16")
    mw = mw.mask(retired | (mw <= 0))
    loads.alive(mw, path, _DEAD_HOURS)
    indexed = mw.set_axis(pd.DatetimeIndex(frame["utc_end"]))
    _, jump = loads.absurd(indexed.sort_index())
    flag = loads.mark(flag, jump.reindex(indexed.index), "E1b")
    return pd.DataFrame({"utc_end": frame["utc_end"], "mw": mw, "flag": flag})
