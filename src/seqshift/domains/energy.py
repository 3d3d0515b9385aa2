"""Daily load of regions with weather, holidays and solar share.

Load is energy per local day in MWh. Degree days are in degrees Celsius above or below
18.333 (65 degrees Fahrenheit). The solar share of a day is PV power over mean load of
the region's states in the month before; sales are held at their first and last month.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from pandas.tseries.holiday import USFederalHolidayCalendar

from seqshift import localdays
from seqshift.errors import BadInput, choose

BASE_C = 18.333
WEEK = 7
_EPOCH = pd.Timestamp("1970-01-01")
_DAY = pd.Timedelta(days=1)

Tables = dict[str, dict[str, pd.DataFrame]]


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
    parts = [
        _region(spec["regions"][name] | {"name": name}, tables, spec).assign(
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


def _region(region: dict, tables: Tables, spec: dict) -> pd.DataFrame:
    """Return the rows of one region without its name."""
    load = _load(region, tables, spec["sources"]["load"])
    days = pd.DatetimeIndex(load.index, name="date")
    columns = {"step": (days - _EPOCH) // _DAY}
    for horizon in spec["target"]["horizons"]:
        ahead = horizon - 1
        weeks = -(-horizon // WEEK)
        columns[f"target_{horizon}"] = load.shift(-ahead)
        columns[f"naive_{horizon}"] = load.shift(WEEK * weeks - ahead)
    makers = _makers(region, tables, spec, load)
    for name in spec["features"]:
        if name not in makers:
            raise choose("feature of an energy domain", name, list(makers))
        columns[name] = makers[name]().reindex(days)
    frame = pd.DataFrame(columns, index=days).dropna(subset=spec["features"])
    frame = frame.loc[pd.Timestamp(spec["start"]) : pd.Timestamp(spec["end"])]
    return frame.astype({"step": "int64"}).reset_index()


def _makers(
    region: dict, tables: Tables, spec: dict, load: pd.Series
) -> dict[str, Callable[[], pd.Series]]:
    """Return name -> function for the daily series of each feature."""
    days = pd.DatetimeIndex(load.index)
    weather = _weather(region, tables, spec["sources"]["weather"])
    mean = weather["t_mean"]
    return {
        "load": lambda: load,
        "cdd": lambda: (mean - BASE_C).clip(lower=0.0),
        "hdd": lambda: (BASE_C - mean).clip(lower=0.0),
        "temp_mean": lambda: mean,
        "temp_max": lambda: weather["t_max"],
        "is_holiday": lambda: _holidays(days),
        "solar_share": lambda: _solar_share(region, tables, spec["sources"], days),
    }


def _load(region: dict, tables: Tables, sources: list[str]) -> pd.Series:
    """Return MWh on every local day between the first and the last, NaN if missing.

    A source gives a day only if all its series of the region have that day; the source
    that is listed first wins where two overlap.
    """
    parts = []
    for source in sources:
        wanted = region["series"].get(source, [])
        if wanted:
            table = _pick(tables["load"][source], "series", wanted, source)
            hourly = table.pivot(index="utc_end", columns="series", values="mw")
            daily = localdays.energy(hourly, region["timezone"])
            parts.append(daily.sum(axis=1, skipna=False).dropna())
    return _union(parts, f"{region['name']} has no day of load").asfreq("D")


def _weather(region: dict, tables: Tables, sources: list[str]) -> pd.DataFrame:
    """Return t_mean and t_max per day, the mean over the stations of each source."""
    parts = []
    for source in sources:
        wanted = region["stations"].get(source, [])
        if wanted:
            table = _pick(tables["weather"][source], "station", wanted, source)
            values = table.pivot(index="date", columns="station")
            means = {
                name: values[name].mean(axis=1, skipna=False)
                for name in ("t_mean", "t_max")
            }
            parts.append(pd.DataFrame(means).dropna(subset="t_mean"))
    return _union(parts, f"{region['name']} has no day of weather")


def _union(parts: list, what: str):
    """Return the rows of all parts; on a day in two parts those of the earlier."""
    if not parts or all(part.empty for part in parts):
        raise BadInput(f"region {what}: check its series and stations and the sources")
    rows = pd.concat([part for part in parts if not part.empty])
    return rows[~rows.index.duplicated(keep="first")].sort_index()


def _pick(
    table: pd.DataFrame, key: str, wanted: list[str], source: str
) -> pd.DataFrame:
    """Return the rows of the wanted series or stations.

    Raises
    ------
    BadInput
        If one is not in the table, listing those that are.
    """
    rows = table[table[key].isin(wanted)]
    for name in wanted:
        if not (rows[key] == name).any():
            raise choose(f"{key} of source {source}", name, list(table[key].unique()))
    return rows


def _holidays(days: pd.DatetimeIndex) -> pd.Series:
    """Return 1 on US federal holidays, else 0."""
    calendar = USFederalHolidayCalendar().holidays(days[0], days[-1])
    return pd.Series(days.isin(calendar).astype("float64"), index=days)


def _solar_share(
    region: dict, tables: Tables, sources: dict, days: pd.DatetimeIndex
) -> pd.Series:
    """Return PV MW over mean load MW of the region's states, of the month before."""
    states = region["states"]
    power = _monthly(tables["capacity"], sources["capacity"], states, "pv_mw")
    sales = _monthly(tables["sales"], sources["sales"], states, "mwh")
    for state in states:
        if state not in sales:
            raise choose("state in the sales", state, list(sales.columns))
    hours = 24 * pd.DatetimeIndex(sales.index).days_in_month.to_numpy()
    mean_load = sales.div(hours, axis=0)
    before = (days.to_period("M") - 1).to_timestamp()
    months = pd.date_range(before[0], before[-1], freq="MS")
    # A state without a plant has no row: nothing was installed there before its first.
    power = _known(power, months).fillna(0.0).loc[months].sum(axis=1)
    mean_load = _known(mean_load, months).bfill().loc[months].sum(axis=1)
    share = (power / mean_load).loc[before]
    return pd.Series(share.to_numpy(dtype=np.float64), index=days)


def _monthly(
    tables: dict, sources: list[str], states: list[str], value: str
) -> pd.DataFrame:
    """Return month x state; the source that is listed first wins."""
    rows = pd.concat([tables[source] for source in sources])
    rows = rows[rows["state"].isin(states)].drop_duplicates(["state", "month"])
    return rows.pivot(index="month", columns="state", values=value).sort_index()


def _known(table: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    """Return the table with these months added: last known value of each state."""
    return table.reindex(table.index.union(months)).ffill()
