"""EIA-930 hourly demand: one CSV a series, UTC, hour ending; cleaned or as published.

Cleaned files carry `raw demand (MW),category,cleaned demand (MW)` and give the cleaned
value; the published form has one column with the words MISSING and EMPTY and is read by
the rules of seqshift.demand. Data rules of cleaned files: E15 retired authority, E16
cleaned value not above zero, E17 imputed by the release (category other than OKAY), E12
hours without a row. Gaps of at most three hours are interpolated. E1c marks and
changes nothing.
"""

import gzip
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import demand, loads, queries, textfile
from seqshift.errors import BadInput

TABLE = "LOAD_HOURLY"
STAMP = "%Y-%m-%d %H:%M:%S"
CLEANED = ["date_time", "raw demand (MW)", "category", "cleaned demand (MW)"]
PUBLISHED = ["date_time", "demand (MW)"]
CATEGORIES = (
    "OKAY MISSING IDENTICAL_RUN ANOMALOUS_REGION DELTA SINGLE_DELTA LOCAL_DEM_UP "
    "LOCAL_DEM_DOWN GLOBAL_DEM GLOBAL_DEM_PLUS_MINUS NEG_OR_ZERO"
).split()


def simulate(world, spec: dict, folder: Path) -> None:
    """Write one packed cleaned file per entity; four decimals keep the daily sums."""
    hourly = world.hourly()
    stamps = hourly.index.strftime(STAMP)
    for name in hourly.columns:
        mw = hourly[name].to_numpy()
        columns = dict(zip(CLEANED, (stamps, mw, "OKAY", mw), strict=True))
        frame = pd.DataFrame(columns)
        text = frame.to_csv(index=False, float_format="%.4f", lineterminator="\n")
        packed = gzip.compress(text.encode(), compresslevel=4, mtime=0)
        (folder / f"{name}.csv.gz").write_bytes(packed)


def download(spec: dict, client) -> None:
    """Save the file of each series in `query.names` from a pinned release."""
    (names,) = queries.need(spec, "names")
    for name in names:
        url = queries.fill(spec["url"], name=name)
        client.save(f"{name}.csv", url, check=_header)


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return all files of a folder as LOAD_HOURLY; a series is named by its file.

    Raises
    ------
    BadInput
        Naming file, line and column of a cell that no rule repairs.
    """
    files = textfile.find(folder)
    return loads.stack({name: _series(name, path) for name, path in files.items()})


def _header(path: Path) -> list[str]:
    """Return the header of a file, one of the two forms."""
    start = textfile.text(path).partition("\n")[0].rstrip("\r")
    for header in (CLEANED, PUBLISHED):
        if start == ",".join(header):
            return header
    raise BadInput(
        f"{path} should start with '{','.join(CLEANED)}' or '{','.join(PUBLISHED)}', "
        f"it starts with '{start[:80]}'; check the kind and `url` of this source"
    )


def _series(name: str, path: Path) -> pd.DataFrame:
    if _header(path) == PUBLISHED:
        frame = textfile.table(path, PUBLISHED, PUBLISHED)
        cells = [frame[column] for column in PUBLISHED]
        return demand.published(name, *cells, STAMP, partial(textfile.wrong, path))
    frame = textfile.table(path, CLEANED, CLEANED[:-1])
    frame = frame.assign(utc_end=loads.stamps(frame["date_time"], STAMP, path))
    loads.once(frame["utc_end"].rename("date_time"), path)
    _known(frame["category"], path)
    frame = frame.set_index("utc_end").sort_index()
    return loads.bridge(_cleaned(frame, name, path), "E12")


def _known(category: pd.Series, path: Path) -> None:
    bad = np.flatnonzero(~category.isin(CATEGORIES))
    if len(bad):
        cell = f"'{category.iloc[bad[0]]}'"
        what = f"is none of {', '.join(CATEGORIES)}"
        raise textfile.wrong(path, bad[0], "category", cell, what)


def _cleaned(frame: pd.DataFrame, name: str, path: Path) -> pd.DataFrame:
    """Apply the data rules to a cleaned file, indexed by utc_end."""
    mw = frame[CLEANED[-1]]
    late = demand.retired(name, frame.index)
    low = (mw <= 0) & ~late
    valid = mw.mask(late | low)
    loads.alive(valid, path, demand.DEAD_HOURS)
    _, jump = loads.absurd(valid)
    marks = {"E17": frame["category"] != "OKAY", "E15": late, "E16": low, "E1c": jump}
    flag = pd.Series("", index=frame.index)
    for rule, rows in marks.items():
        flag = loads.mark(flag, rows, rule)
    return pd.DataFrame({"mw": valid, "flag": flag}).reset_index()
