"""Losses averaged into units: what counts as one observation of a data set.

Rows of one origin share their weather, their day and the errors of one forecast, so
they are averaged before anything is tested (docs/softgroup.md). A unit is an origin, a
replicate of a simulated world or, where there is one origin only, a series.
"""

import numpy as np
import pandas as pd
from scipy.sparse import csgraph

from seqshift.schemas.findings import METRICS, UNITS

BASE = "hard_single"
KEYS = ["backbone", "dataset", "H", "seed", "arm"]


def of_losses(
    losses: pd.DataFrame,
    cell: dict,
    family: list[str],
    clusters: dict[str, int] | None = None,
) -> pd.DataFrame:
    """Average the losses of all seeds of a cell: the table UNITS.

    Parameters
    ----------
    losses
        LOSSES of the test windows of every seed; rows of a leak are left out.
    cell
        `unit` (origin, replicate, series) and `part` (series, group or "": what a
        table of parts lists).
    family
        Arms whose losses are also kept per part and band of steps.
    clusters
        Cluster of each series that is a unit (`alike`).
    """
    kept = losses[(losses["leak"] == 0) & (losses["split"] == "test")]
    kept = _comparable(kept, cell["unit"])
    kept = kept.assign(**_keys(kept, cell, clusters or {}))
    scopes = {"all": [], "band": ["band"]}
    if cell["part"]:
        scopes |= {"part": ["part"], "cell": ["part", "band"]}
    frames = []
    for scope, by in scopes.items():
        rows = kept[kept["arm"].isin([BASE, *family])] if scope == "cell" else kept
        frames.append(_mean(rows, by).assign(scope=scope))
    joined = pd.concat(frames, ignore_index=True)
    joined[["part", "band"]] = joined[["part", "band"]].fillna("")
    return joined[list(UNITS.columns)]


def alike(similarity: np.ndarray, limit: float) -> np.ndarray:
    """Return the cluster of each series: single linkage at |r| > limit, (series,)."""
    return csgraph.connected_components(np.abs(similarity) > limit, directed=False)[1]


def _comparable(rows: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Add wql, of which the mean over rows, weighted by steps, is the WQL.

    Origins: that of each series, averaged over series. Else: that of all rows pooled.
    """
    first = rows[(rows["arm"] == BASE) & (rows["seed"] == rows["seed"].min())]
    size = first.groupby(["origin", "series"], as_index=False)["wql_den"].sum()
    steps = first.groupby(["origin", "series"])["n_steps"].sum().max()
    if unit == "origin":
        level = rows["series"].map(size.groupby("series")["wql_den"].mean())
    else:
        level = size["wql_den"].mean()
    share = rows["wql_num"] / level * steps / rows["n_steps"]
    return rows.assign(wql=share.astype(float))


def _keys(rows: pd.DataFrame, cell: dict, clusters: dict[str, int]) -> dict:
    if cell["unit"] != "series":
        unit, time = rows["origin"], rows["origin_time"]
        stratum, cluster = "", unit
    else:
        names = np.unique(rows["series"].astype(str))
        unit = rows["series"].map({name: place for place, name in enumerate(names)})
        time, stratum = pd.NaT, rows["group"]
        cluster = rows["series"].map(clusters) if clusters else unit
    part = rows[cell["part"]] if cell["part"] else ""
    return {
        "unit": unit.astype("int64"),
        "time": pd.Series(time, rows.index, dtype="datetime64[ns]"),
        "stratum": stratum,
        "cluster": cluster.astype("int64"),
        "part": part,
        "band": rows["step_band"],
    }


def _mean(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return the losses of each unit, averaged over rows in proportion to steps."""
    weight = rows["n_steps"]
    sums = rows[[*METRICS]].mul(weight, axis=0).assign(n_steps=weight)
    keys = [rows[key] for key in [*KEYS, *by, "unit"]]
    total = sums.groupby(keys, sort=True, observed=True).sum()
    means = total[[*METRICS]].div(total["n_steps"], axis=0).reset_index()
    known = rows.drop_duplicates("unit").set_index("unit")
    for name in ("time", "stratum", "cluster"):
        means[name] = means["unit"].map(known[name])
    return means.assign(**{name: "" for name in ("part", "band") if name not in by})
