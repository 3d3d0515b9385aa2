"""Daily load of regions with weather, holidays and solar share.

Load is energy per local day in MWh. Degree days are those of the role `degree_days`, in
degrees Fahrenheit weighted by population, or without that role those of the daily mean,
in degrees Celsius above or below 18.333 (65 degrees Fahrenheit). `repaired` is the
share of the day's source values (hours of load, days of stations) that a data rule
repaired.
"""

from collections.abc import Callable, Iterator

import pandas as pd
from pandas.api.typing import DataFrameGroupBy
from pandas.tseries.holiday import USFederalHolidayCalendar

from seqshift import localdays, repairs, solar
from seqshift.errors import BadInput, choose

BASE_C = 18.333
WEEK = 7
_EPOCH = pd.Timestamp("1970-01-01")
_DAY = pd.Timedelta(days=1)
_STATIONS = {"weather": ["t_mean", "t_max"], "degree_days": ["cdd", "hdd"]}
_KEYS = {"load": "series", "weather": "station", "degree_days": "station"}

Tables = dict[str, dict[str, pd.DataFrame]]
Sources = dict[str, DataFrameGroupBy]


def features(tables: Tables, spec: dict) -> pd.DataFrame:
    """Return FEATURES of all regions in `spec["entities"]`, sorted by entity and date.

    Row t: target_h is the load at t + h - 1, naive_h the newest load before t that
    lies whole weeks before it. Days on which a feature is missing have no row.

    Raises
    ------
    BadInput
        If a region, feature, series, station or state is unknown.
    """
    names = sorted([*spec["entities"]["seen"], *spec["entities"]["unseen"]])
    for name in names:
        if name not in spec["regions"]:
            raise choose("region", name, list(spec["regions"]))
    groups = {
        role: {
            source: tables[role][source].groupby(key, sort=False)
            for source in spec["sources"].get(role, [])
        }
        for role, key in _KEYS.items()
    }
    parts = [
        _region(spec["regions"][name] | {"name": name}, tables, groups, spec).assign(
            entity=name
        )
        for name in names
    ]
    table = pd.concat(parts, ignore_index=True)
    if table.empty:
        raise BadInput(
            f"no region has a day with all features between {spec['start']} and "
            f"{spec['end']}; check the spans of the sources"
        )
    table["entity"] = table["entity"].astype("str")
    return table[["entity", *table.columns.drop("entity")]]


def _region(
    region: dict, tables: Tables, groups: dict[str, Sources], spec: dict
) -> pd.DataFrame:
    """Return the rows of one region without its name."""
    daily = {"load": _load(region, groups["load"])}
    for role, names in _STATIONS.items():
        if groups[role]:
            daily[role] = _stations(region, groups[role], names)
    load = daily["load"]["load"].asfreq("D")
    days = pd.DatetimeIndex(load.index, name="date")
    shares = [table["repaired"].reindex(days) for table in daily.values()]
    columns = {"step": (days - _EPOCH) // _DAY}
    columns["repaired"] = pd.concat(shares, axis=1).max(axis=1).fillna(0.0)
    for horizon in spec["target"]["horizons"]:
        ahead = horizon - 1
        weeks = -(-horizon // WEEK)
        columns[f"target_{horizon}"] = load.shift(-ahead)
        columns[f"naive_{horizon}"] = load.shift(WEEK * weeks - ahead)
    known = _makers(region, tables, spec["sources"], daily, days)
    for name in spec["features"]:
        if name not in known:
            raise choose("feature of an energy domain", name, list(known))
        columns[name] = known[name]().reindex(days)
    frame = pd.DataFrame(columns, index=days).dropna(subset=spec["features"])
    frame = frame.loc[pd.Timestamp(spec["start"]) : pd.Timestamp(spec["end"])]
    return frame.astype({"step": "int64"}).reset_index()


def _makers(
    region: dict,
    tables: Tables,
    sources: dict,
    daily: dict[str, pd.DataFrame],
    days: pd.DatetimeIndex,
) -> dict[str, Callable[[], pd.Series]]:
    """Return name -> function for the daily series of each feature there can be."""
    found = {
        "load": lambda: daily["load"]["load"],
        "is_holiday": lambda: _holidays(days),
    }
    if "weather" in daily:
        mean = daily["weather"]["t_mean"]
        found["temp_mean"] = lambda: mean
        found["temp_max"] = lambda: daily["weather"]["t_max"]
        found["cdd"] = lambda: (mean - BASE_C).clip(lower=0.0)
        found["hdd"] = lambda: (BASE_C - mean).clip(lower=0.0)
    if "degree_days" in daily:
        found["cdd"] = lambda: daily["degree_days"]["cdd"]
        found["hdd"] = lambda: daily["degree_days"]["hdd"]
    if sources.get("capacity"):
        monthly = [
            [tables[role][source] for source in sources.get(role, [])]
            for role in ("capacity", "sales")
        ]
        found["solar_share"] = lambda: solar.share(region["states"], days, *monthly)
    return found


def _load(region: dict, sources: Sources) -> pd.DataFrame:
    """Return MWh of each local day.

    A source gives a day only if all its series of the region have that day; the source
    that is listed first wins where two overlap.
    """
    zone, parts = region["timezone"], []
    for rows in _picked(sources, region["series"], "series"):
        hourly = rows.pivot(index="utc_end", columns="series", values="mw")
        daily = localdays.energy(hourly, zone).sum(axis=1, skipna=False)
        owner = localdays.day_of(pd.DatetimeIndex(rows["utc_end"]), zone)
        due = localdays.lengths(pd.DatetimeIndex(daily.index), zone) * hourly.shape[1]
        parts.append(_judged(daily.to_frame("load"), rows, "mw", owner, due))
    return _union(parts, f"{region['name']} has no day of load")


def _stations(region: dict, sources: Sources, columns: list[str]) -> pd.DataFrame:
    """Return the mean of each column over the stations of each source, by day."""
    parts = []
    for rows in _picked(sources, region["stations"], "station"):
        values = rows.pivot(index="date", columns="station")
        means = {name: values[name].mean(axis=1, skipna=False) for name in columns}
        days, due = pd.DatetimeIndex(rows["date"]), rows["station"].nunique()
        parts.append(_judged(pd.DataFrame(means), rows, columns[0], days, due))
    return _union(parts, f"{region['name']} has no day of {columns[0]}")


def _judged(
    values: pd.DataFrame, rows: pd.DataFrame, column: str, owner, due
) -> pd.DataFrame:
    """Return the days whose first column is known, and their share of repaired values.

    A day is due `due` values of `column`; those that are absent count as repaired,
    since the others stand for them.
    """
    sound = (rows[column].notna() & ~repairs.repaired(rows["flag"])).groupby(owner)
    share = 1 - sound.sum().reindex(values.index) / due
    known = values.assign(repaired=share)
    return known.dropna(subset=values.columns[0]).rename_axis("date")


def _union(parts: list[pd.DataFrame], what: str) -> pd.DataFrame:
    """Return the rows of all parts; on a day in two parts those of the earlier."""
    parts = [part for part in parts if not part.empty]
    if not parts:
        raise BadInput(f"region {what}: check its series and stations and the sources")
    rows = pd.concat(parts)
    return rows[~rows.index.duplicated(keep="first")].sort_index()


def _picked(
    sources: Sources, wanted: dict[str, list[str]], key: str
) -> Iterator[pd.DataFrame]:
    """Yield of each source the rows of the wanted series or stations.

    Raises
    ------
    BadInput
        If one is not in the table, listing those that are.
    """
    for source, groups in sources.items():
        names = wanted.get(source, [])
        for name in names:
            if name not in groups.indices:
                raise choose(f"{key} of source {source}", name, list(groups.indices))
        if names:
            yield pd.concat([groups.get_group(name) for name in names])


def _holidays(days: pd.DatetimeIndex) -> pd.Series:
    """Return 1 on US federal holidays, else 0."""
    calendar = USFederalHolidayCalendar().holidays(days[0], days[-1])
    return pd.Series(days.isin(calendar).astype("float64"), index=days)
