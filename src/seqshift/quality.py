"""Data quality: rows of the raw tables by data rule, and rows that are not there.

A table with a regular calendar (sessions, hours, days) lacks a row where its calendar
has one between the first and the last row of the series.
"""

from pathlib import Path

import pandas as pd

from seqshift import bars, repairs, storage
from seqshift.schemas.results import QUALITY

KEY = ["source", "entity", "year"]
_ENTITIES = ("entity", "series", "station", "state")
_STAMPS = ("date", "utc_end", "utc_open", "month", "time")
# The column that tells a table with a regular calendar -> its spacing and the rule of
# a row that is not there; sessions are counted by `bars`.
_CALENDARS = {
    "mw": ("h", "E23"),
    "t_mean": ("D", "W6"),
    "cdd": ("D", "W6"),
    "pv_mw": ("MS", "E28"),
    "mwh": ("MS", "E28"),
    "utc_open": ("5min", "B4"),
}


def count(paths: list[str]) -> pd.DataFrame:
    """Return QUALITY: how many rows of each source, entity and year each rule marked.

    Every entity and year has a line with the rule "" for its untouched rows; a row
    with several rules counts for each of them. `checked` are all rows there are.
    """
    parts = [_count(Path(path).stem, storage.read_parquet(path)) for path in paths]
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values([*KEY, "rule"], ignore_index=True)


def _count(source: str, frame: pd.DataFrame) -> pd.DataFrame:
    entity = next((name for name in _ENTITIES if name in frame), None)
    stamp = next(name for name in _STAMPS if name in frame)
    rows = pd.DataFrame(
        {
            "source": source,
            "entity": frame[entity] if entity else "all",
            "time": frame[stamp],
            "year": frame[stamp].dt.year.fillna(0).astype("int64"),
            "flag": frame["flag"],
        }
    )
    flags = rows.groupby([*KEY, "flag"]).size().rename("rows").reset_index()
    checked = flags.groupby(KEY)["rows"].sum().rename("checked").reset_index()
    marked = flags.assign(rule=flags["flag"].str.split("+")).explode("rule")
    counted = pd.concat([marked, _absent(rows, frame, stamp)], ignore_index=True)
    every = counted[KEY].drop_duplicates().assign(rule="", rows=0)
    counted = pd.concat([counted, every]).groupby([*KEY, "rule"])["rows"].sum()
    table = counted.reset_index().merge(checked, on=KEY, how="left")
    actions = {"": ""} | {name: rule.action for name, rule in repairs.RULES.items()}
    table["action"] = table["rule"].map(actions)
    table = table.fillna({"checked": 0}).astype({"rows": "int64", "checked": "int64"})
    return table[list(QUALITY.columns)]


def _absent(rows: pd.DataFrame, frame: pd.DataFrame, stamp: str) -> pd.DataFrame:
    """Return source, entity, year, rule, rows for rows that are not there."""
    found = [pd.DataFrame(columns=[*KEY, "rule", "rows"])]
    if {"close", "close_adj"} & set(frame) and stamp == "date":  # shares, an index
        named = frame.assign(entity=rows["entity"])
        lack = bars.missing_sessions(named)
        found.append(_lines(lack["entity"], lack["date"], "F5"))
    for column, (spacing, rule) in _CALENDARS.items():
        if column in frame:
            for entity, times in rows.groupby("entity")["time"]:
                due = pd.date_range(times.min(), times.max(), freq=spacing, unit="ns")
                found.append(_lines(entity, due.difference(times).to_series(), rule))
    return pd.concat(found, ignore_index=True).assign(source=rows["source"].iloc[0])


def _lines(entity, times: pd.Series, rule: str) -> pd.DataFrame:
    years = times.dt.year.astype("int64")
    return pd.DataFrame({"entity": entity, "year": years, "rule": rule, "rows": 1})


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Return the lines of a report on the QUALITY tables of some domains.

    `table` has a column domain; sources that domains share count once. Columns:
    source, rule, action, rows, share (percent of the source's rows), entities, years,
    meaning.
    """
    table = table.drop(columns="domain").drop_duplicates()
    total = table[table["rule"] == ""].groupby("source")["checked"].sum()
    table = table[(table["rule"] == "") | (table["rows"] > 0)]
    lines = []
    for (source, rule, action), part in table.groupby(["source", "rule", "action"]):
        rows = int(part["rows"].sum())
        lines.append(
            {
                "source": source,
                "rule": rule,
                "action": action,
                "rows": rows,
                "share": 100 * rows / total[source],
                "entities": part["entity"].nunique(),
                "years": f"{part['year'].min()}–{part['year'].max()}",
                "meaning": repairs.RULES[rule].meaning if rule else "as delivered",
            }
        )
    return pd.DataFrame(lines)
