"""ISD-Lite hourly temperatures: {USAF}-{WBAN}-{year}.gz, fixed width, UTC.

A station is named by its WBAN number, because the USAF number of an airport changes
over the years (by the USAF number where the WBAN is 99999, which means none); its files
are joined. t_mean is the mean of the hours 0 to 23 of the local day if at least 20 of
them have a value; t_max and t_min are the extremes of these hourly values, so they lie
inside the true extremes. `query.zones` gives the time zone of each {USAF}-{WBAN}.

Data rules: W7, hours without a value are interpolated in gaps of three hours at most;
W1, days with fewer than 20 hours are interpolated in gaps of two days at most and stay
missing in longer ones (before the first and after the last whole day there is no row);
W8, two files of a station differ at an hour and the value of the number with more hours
is used.
"""

import gzip
import re
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import fixedwidth, gaps, loads, localdays, queries, textfile
from seqshift.errors import BadInput

TABLE = "WEATHER_DAILY"
MISSING = -9999
LONGEST_GAPS = {"h": 3, "D": 2}
WIDTH = 61
_TIME = {"year": (0, 4), "month": (5, 7), "day": (8, 10), "hour": (11, 13)}
_PLACES = _TIME | {"temperature": (13, 19)}
_NAME = re.compile(r"(\w{6}-\d{5})-(\d{4})\.gz")
_NO_WBAN = "99999"


def simulate(world, spec: dict, folder: Path) -> None:
    """Write the stations in `query.names`, one an entity in this order; or made-up ids.

    A daily cycle with its peak at 15:00 has the mean of the day and, on days of 24
    hours, its maximum.
    """
    count = len(world.temp_mean.columns)
    made_up = [f"{990000 + n}-{n:05d}" for n in range(1, count + 1)]
    ids = (spec.get("query") or {}).get("names") or made_up
    if len(ids) != count:
        raise BadInput(
            f"source isd-lite: `query.names` lists {len(ids)} stations for a world of "
            f"{count} entities; list one for each, in their order"
        )
    for id_, name in zip(ids, world.temp_mean.columns, strict=True):
        mean, top = world.temp_mean[name], world.temp_max[name]
        hourly = _cycle(mean, top - mean, world.timezones[name])
        tenths = np.rint(10 * hourly).astype(int)
        tenths.index = hourly.index.strftime("%Y %m %d %H")
        for year, values in tenths.groupby(hourly.index.year):
            write(folder / f"{id_}-{year}.gz", values.items())


def _cycle(mean: pd.Series, swing: pd.Series, zone: str) -> pd.Series:
    """Return temperatures by UTC hour from values by local day."""
    hours = localdays.hours_of(pd.DatetimeIndex(mean.index), zone) - localdays.HOUR
    local = localdays.wall_clock(hours, zone)
    days = local.normalize()
    cycle = pd.Series(np.cos(2 * np.pi * (local.hour - 15) / 24), hours)
    cycle = cycle - cycle.groupby(days).transform("mean")
    return mean.loc[days].to_numpy() + swing.loc[days].to_numpy() * cycle


def write(path: Path, rows) -> None:
    """Write (stamp, tenths of a degree); the other seven elements are missing."""
    rest = 7 * f"{MISSING:6d}"
    text = "".join(f"{stamp}{value:6d}{rest}\n" for stamp, value in rows)
    path.write_bytes(gzip.compress(text.encode(), compresslevel=4, mtime=0))


def download(spec: dict, client) -> None:
    """Save the yearly files of `query.names`; which exist is read in the listings.

    Raises
    ------
    BadInput
        If a station has no file of a year.
    """
    names, start, end, zones = queries.need(spec, "names", "start", "end", "zones")
    listings: dict[int, str] = {}
    for station, ids in _stations(names).items():
        for year in _years(start, end, _zone(station, ids, zones)):
            if year not in listings:
                address = spec["url"].rpartition("/")[0] + "/"
                listings[year] = client.text(address.format(year=year))
            there = [id_ for id_ in ids if f"{id_}-{year}.gz" in listings[year]]
            if not there:
                raise BadInput(
                    f"source isd-lite: the listing of {year} has no file of "
                    f"{' or '.join(ids)}; add the number that the station had that "
                    "year to `query.names`, or shorten the query"
                )
            for id_ in there:
                address = queries.fill(spec["url"], year=year, station=id_)
                check = partial(_hours, year)
                client.save(f"{id_}-{year}.gz", address, check=check)


def _years(start: str, end: str, zone: str) -> range:
    """Return the UTC years in which local days begin, last and end."""
    days = pd.DatetimeIndex([start, end]) + pd.to_timedelta([0, 1], "D")
    first, last = localdays.to_utc(days, zone)
    return range(first.year, (last - localdays.HOUR).year + 1)


def _stations(ids: list[str]) -> dict[str, list[str]]:
    """Return station name -> ids."""
    stations: dict[str, list[str]] = {}
    for id_ in ids:
        usaf, _, wban = id_.partition("-")
        stations.setdefault(usaf if wban == _NO_WBAN else wban, []).append(id_)
    return stations


def _zone(station: str, ids: list[str], zones: dict[str, str]) -> str:
    found = {zones[id_] for id_ in ids if id_ in zones}
    if len(found) != 1:
        raise BadInput(
            f"source isd-lite: `query.zones` must give one time zone for station "
            f"{station}, under {' or '.join(ids)}"
        )
    return found.pop()


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return all files of a folder as WEATHER_DAILY.

    Raises
    ------
    BadInput
        Naming file, line and column of what cannot be right, or the time zone that
        `query.zones` lacks.
    """
    (zones,) = queries.need(spec, "zones")
    hours: dict[str, list[pd.Series]] = {}
    for path in sorted(Path(folder).glob("*.gz")):
        match = _NAME.fullmatch(path.name)
        if not match:
            raise BadInput(f"{path} is not named like 722430-12960-2005.gz; remove it")
        hours.setdefault(match[1], []).append(_hours(int(match[2]), path))
    if not hours:
        raise BadInput(f"{folder} holds no .gz file; delete manifest.json there")
    tables = []
    for station, ids in sorted(_stations(sorted(hours)).items()):
        parts = [pd.concat(hours[id_]) for id_ in ids]
        table = _days(parts, _zone(station, ids, zones))
        if table.empty:
            raise BadInput(f"{folder}: {station} has no day of 20 hours; leave it out")
        tables.append(table.assign(station=station))
    columns = ["station", "date", "t_mean", "t_max", "t_min", "flag"]
    return pd.concat(tables, ignore_index=True)[columns]


def _days(parts: list[pd.Series], zone: str) -> pd.DataFrame:
    """Return the local days of one station from the hours of its ids."""
    parts = sorted((part.dropna() for part in parts), key=len, reverse=True)
    hours, clash = parts[0], parts[0].index[:0]
    for part in parts[1:]:
        both = hours.index.intersection(part.index)
        clash = clash.union(both[hours[both] != part[both]])
        hours = hours.combine_first(part)
    hours, guessed = gaps.fill(hours.to_frame("t"), "h", LONGEST_GAPS["h"])
    day = localdays.wall_clock(pd.DatetimeIndex(hours.index), zone).normalize()
    values = hours["t"].groupby(day.rename("date")).agg(["mean", "max", "min", "count"])
    whole = values.pop("count") >= localdays.LEAST_HOURS
    inside = whole.cummax() & whole[::-1].cummax()[::-1]
    days, filled = gaps.fill(values.where(whole)[inside], "D", LONGEST_GAPS["D"])
    few = filled | days["mean"].isna().to_numpy()
    flag = pd.Series(np.where(few, "W1", ""), dtype="str")
    clashing = localdays.wall_clock(clash, zone).normalize()
    for rule, marked in {"W7": day[guessed], "W8": clashing}.items():
        flag = loads.mark(flag, days.index.isin(marked) & ~few, rule)
    names = {"mean": "t_mean", "max": "t_max", "min": "t_min"}
    return days.rename(columns=names).reset_index().assign(flag=flag)


def _hours(year: int, path: Path) -> pd.Series:
    """Return degrees Celsius of a file by UTC hour, NaN where missing."""
    frame = fixedwidth.table(path, WIDTH, _PLACES)
    time = frame[[*_TIME]]
    times = textfile.moments(time)
    odd = times.isna() | (frame["year"] != year) | (frame["hour"] > 23)
    wrong = {
        f"is no hour of {year}": odd,
        "is not after the hour above": times.diff() <= pd.Timedelta(0),
    }
    for what, bad in wrong.items():
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            cell = "-".join(str(part) for part in time.iloc[row])
            raise textfile.wrong(path, row - 1, "time", cell, what)
    tenths = frame["temperature"].set_axis(pd.DatetimeIndex(times))
    return (tenths / 10).where(tenths != MISSING)
