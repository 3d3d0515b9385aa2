"""Hourly demand of US states, estimated from FERC-714 by PUDL: one parquet file.

Table out_ferc714__hourly_estimated_state_demand: state_id_fips (two digits as text),
datetime_utc, demand_mwh and scaled_demand_mwh, in any order of rows. The second is
scaled to the yearly sales of EIA-861 and read by default (`query.column`). Only the 48
contiguous states are kept. Data rules: E3 not above zero, E24 no value, E12 no row;
such hours are interpolated in gaps of at most three.

Unverified: whether an hour is named by its end, and whether by the same rule before
2021 and after, when the form of FERC-714 changed. `query.utc_shift_h` is added to
datetime_utc: 0 by default, 1 if it is the beginning. loads.lag against a load whose
clock is known (TX against ERCO of EIA-930) is 0 in every year if it is right, and -1
where 1 hour is lacking.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from seqshift import loads, states, storage, textfile
from seqshift.errors import ANEW, BadInput, choose
from seqshift.localdays import HOUR

TABLE = "LOAD_HOURLY"
NAME = "out_ferc714__hourly_estimated_state_demand.parquet"
_VALUES = ("demand_mwh", "scaled_demand_mwh")
_COLUMNS = ["state_id_fips", "datetime_utc", *_VALUES]
_TYPES = ["string", "timestamp", "double", "double"]
_SCALE = 1.04  # of the simulated estimate to sales
_ABSENT = np.inf


def simulate(world, spec: dict, folder: Path) -> None:
    """Write the load of the world by state, all states of an hour together."""
    code = {postal: fips for fips, postal in states.fips().items()}
    hourly = world.of_states(world.hourly(), "sum")
    hours = pd.DatetimeIndex(hourly.index) - _shift(spec) * HOUR
    mwh = hourly.to_numpy().ravel()
    fips = pa.array([code[postal] for postal in hourly])
    place = np.tile(np.arange(len(fips), dtype=np.int32), len(hours))
    columns = [
        pa.DictionaryArray.from_arrays(place, fips).cast(pa.string()),
        np.repeat(hours.to_numpy().astype("datetime64[us]"), len(fips)),
        mwh / _SCALE,
        mwh,
    ]
    table = pa.table(dict(zip(_COLUMNS, columns, strict=True)))
    pq.write_table(table, folder / NAME, compression="zstd")


def download(spec: dict, client) -> None:
    """Save the table of the version that `url` names.

    Raises
    ------
    BadInput
        If `url` names a version that moves.
    """
    url = spec["url"]
    if re.search(r"/(nightly|stable)/", url):
        raise BadInput(
            f"source pudl: the file at {url} changes from time to time; name the tag "
            "of a release, such as v2026.7.0, in its place"
        )
    tag = re.search(r"/(v\d{4}\.\d+\.\d+)/", url)
    client.save(
        NAME,
        url,
        archive=spec.get("archive", ""),
        revision=tag[1] if tag else "",
        check=_check,
    )


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return the file of a folder as LOAD_HOURLY; a series is a state's postal code.

    Raises
    ------
    BadInput
        If the file has other columns, a code that is no state, an hour twice or text
        where a number belongs.
    """
    paths = sorted(Path(folder).glob("*.parquet"))
    if len(paths) != 1:
        raise BadInput(f"{folder} holds {len(paths)} parquet files, not one; {ANEW}")
    path, column = paths[0], spec.get("query", {}).get("column", _VALUES[1])
    if column not in _VALUES:
        raise choose("query.column of source pudl", column, list(_VALUES))
    _check(path)
    with storage.readable(path):
        table = pq.read_table(path, columns=[*_COLUMNS[:2], column])
        codes = table["state_id_fips"].combine_chunks().dictionary_encode()
        found = codes.dictionary.to_pylist()
    if codes.null_count:
        raise BadInput(f"{path}, column state_id_fips: a cell is empty; {ANEW}")
    names, places = _places(found, spec, path)
    place = places[codes.indices.to_numpy()]
    hours = table["datetime_utc"].to_numpy().astype("datetime64[s]")
    mw = table[column].to_numpy().astype("float64")
    kept = place >= 0
    mw, ends = _dense(place[kept], hours[kept], mw[kept], len(names), path)
    ends = ends + _shift(spec) * HOUR
    return loads.stack({name: _series(mw[i], ends) for i, name in enumerate(names)})


def _shift(spec: dict) -> int:
    """Return the hours that lie between datetime_utc and the end of its hour."""
    shift = spec.get("query", {}).get("utc_shift_h", 0)
    if shift not in (0, 1):
        raise choose("query.utc_shift_h of source pudl", str(shift), ["0", "1"])
    return shift


def _check(path: Path) -> None:
    """Refuse a file that is not this table."""
    with storage.readable(path):
        schema = pq.read_schema(path)
    if sorted(schema.names) != sorted(_COLUMNS):
        raise BadInput(
            f"{path} has the columns {', '.join(schema.names)} in place of "
            f"{', '.join(_COLUMNS)}; check the `url` of source pudl"
        )
    for name, kind in zip(_COLUMNS, _TYPES, strict=True):
        found = str(schema.field(name).type).removeprefix("large_")
        if not found.replace("float", "double").startswith(kind):
            raise BadInput(
                f"{path}, column {name} is of type {found} in place of {kind}; check "
                "the `url` of source pudl"
            )


def _places(found: list[str], spec: dict, path: Path) -> tuple[list[str], np.ndarray]:
    """Return the wanted states, and for each code its state's position or -1."""
    known = states.fips()
    unknown = set(found) - {*known, *states.ELSEWHERE}
    if unknown:
        what = f"'{min(unknown)}' is no state"
        raise BadInput(f"{path}, column state_id_fips: {what}; {ANEW}")
    names = states.wanted(spec, sorted(known[code] for code in found if code in known))
    position = {name: row for row, name in enumerate(names)}
    return names, np.array([position.get(known.get(code), -1) for code in found], int)


def _dense(
    place: np.ndarray, hours: np.ndarray, mw: np.ndarray, count: int, path: Path
) -> tuple[np.ndarray, pd.DatetimeIndex]:
    """Return MW as (state, hour), _ABSENT where there is no row, and all hours."""
    if np.isinf(mw).any():
        raise BadInput(f"{path} holds an infinite demand; {ANEW}")
    if not len(hours) or (hours != hours.astype("datetime64[h]")).any():
        what = (
            "a cell is no whole hour" if len(hours) else "no row of a contiguous state"
        )
        raise BadInput(f"{path}, column datetime_utc: {what}; {ANEW}")
    first, last = hours.min(), hours.max()
    if first < np.datetime64(textfile.EVER[0]) or last > np.datetime64(
        textfile.EVER[1]
    ):
        what = f"{first} to {last} are no times of this table"
        raise BadInput(f"{path}, column datetime_utc: {what}; {ANEW}")
    span = pd.date_range(first, last, freq="h", unit="ns", name="utc_end")
    cell = place * len(span) + (hours - first).astype("timedelta64[h]").astype(int)
    twice = np.bincount(cell, minlength=count * len(span)) > 1
    if twice.any():
        hour = span[int(twice.argmax()) % len(span)]
        raise BadInput(f"{path}: a state has {hour} UTC twice; {ANEW}")
    dense = np.full(count * len(span), _ABSENT)
    dense[cell] = mw
    return dense.reshape(count, len(span)), span


def _series(mw: np.ndarray, ends: pd.DatetimeIndex) -> pd.DataFrame:
    """Return the hours of one state after the data rules."""
    given = mw != _ABSENT
    mw, ends = mw[given], ends[given]
    frame = pd.DataFrame({"utc_end": ends, "mw": mw, "flag": ""})
    if (mw > 0).all() and len(ends) * HOUR > ends[-1] - ends[0]:
        return frame
    flag = loads.mark(frame["flag"], mw <= 0, "E3")
    flag = loads.mark(flag, np.isnan(mw), "E24")
    return loads.bridge(frame.assign(mw=frame["mw"].where(mw > 0), flag=flag), "E12")
