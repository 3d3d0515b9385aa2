"""Losses averaged into units: what counts as one observation of a data set.

Rows of one origin share their weather, their day and the errors of one forecast, so
they are averaged before anything is tested (docs/softgroup.md). A unit is an origin, a
replicate of a simulated world or, where there is one origin only, a series.
"""

import numpy as np
import pandas as pd
import xarray as xr
from scipy.sparse import csgraph

from seqshift.schemas.findings import METRICS, UNITS
from seqshift.softgroup.runs.arms import BASE

OVERLAP = 32  # common steps below which two series are not alike
KEYS = ["backbone", "dataset", "H", "seed", "arm"]


def averaged(
    losses: pd.DataFrame, about: pd.DataFrame, unit: str, family: list[str]
) -> pd.DataFrame:
    """Average the losses of all seeds of a cell: UNITS.

    Parameters
    ----------
    losses
        LOSSES of all seeds; rows of validation and of a leak are left out.
    about
        What `series` says of every series.
    unit
        origin, replicate or series.
    family
        Arms whose losses are also kept per part and band of steps.
    """
    seeds = losses.groupby("seed")
    frames = [_of_seed(own, about, unit, family) for _, own in seeds]
    return pd.concat(frames, ignore_index=True)[list(UNITS.columns)]


def _of_seed(
    losses: pd.DataFrame, about: pd.DataFrame, unit: str, family: list[str]
) -> pd.DataFrame:
    kept = losses[(losses["leak"] == 0) & (losses["split"] == "test")]
    kept = _comparable(kept, unit)
    kept = kept.assign(**_keys(kept, about, unit))
    scopes = {"all": [], "band": ["band"]}
    if (about["part"] != "").any():
        scopes |= {"part": ["part"], "cell": ["part", "band"]}
    frames = []
    for scope, by in scopes.items():
        rows = kept[kept["arm"].isin([BASE, *family])] if scope == "cell" else kept
        frames.append(_mean(rows, by).assign(scope=scope))
    return pd.concat(frames, ignore_index=True)


def series(windows: xr.Dataset, part: str, limit: float) -> pd.DataFrame:
    """Return part, stratum and cluster of every series, by its name.

    Parameters
    ----------
    windows
        Windows of the test; their contexts tell which series move together.
    part
        What parts are: series, parent (of PARENT-SUB), length or "" for none.
    limit
        Series of |r| above it are one cluster (single linkage).
    """
    names = [str(name) for name in windows["series"].values]
    found = pd.DataFrame({"part": "", "stratum": ""}, index=names)
    found["cluster"] = np.arange(len(names))
    if part == "series":
        found["part"] = names
    elif part == "parent":
        found["part"] = [name.partition("-")[0] for name in names]
    elif part == "length":
        code = windows["group"].sel(grouping="length").values
        found["part"] = found["stratum"] = [f"length class {one + 1}" for one in code]
    if windows.attrs["unit"] == "series":
        context = pd.DataFrame(windows["context"].values[0].T.astype(float))
        found["cluster"] = alike(context.corr(min_periods=OVERLAP).to_numpy(), limit)
    return found


def alike(similarity: np.ndarray, limit: float) -> np.ndarray:
    """Return the cluster of each series: single linkage at |r| > limit, (series,)."""
    linked = np.abs(np.nan_to_num(similarity)) > limit
    return csgraph.connected_components(linked, directed=False)[1].astype("int64")


def _comparable(rows: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Add wql, of which the mean over rows, weighted by steps, is the WQL.

    Origins: that of each series, averaged over series. Else: that of all rows pooled.
    """
    first = rows[rows["arm"] == BASE]
    size = first.groupby(["origin", "series"], as_index=False)["wql_den"].sum()
    steps = first.groupby(["origin", "series"])["n_steps"].sum().max()
    if unit == "origin":
        level = rows["series"].map(size.groupby("series")["wql_den"].mean())
    else:
        level = size["wql_den"].mean()
    share = rows["wql_num"] / level * steps / rows["n_steps"]
    return rows.assign(wql=share.astype(float))


def _keys(rows: pd.DataFrame, about: pd.DataFrame, unit: str) -> dict:
    names = rows["series"].astype(str)
    of = {name: names.map(about[name]) for name in about}
    number, time = rows["origin"], rows["origin_time"]
    if unit == "series":
        number, time = (
            names.map({name: place for place, name in enumerate(about.index)}),
            pd.NaT,
        )
    return {
        "unit": number.astype("int64"),
        "time": pd.Series(time, rows.index, dtype="datetime64[ns]"),
        "stratum": of["stratum"] if unit == "series" else "",
        "cluster": of["cluster"] if unit == "series" else number,
        "part": of["part"],
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
