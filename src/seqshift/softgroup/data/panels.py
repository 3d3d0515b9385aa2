"""Windows of a panel: contexts, targets, scales and groupings on shared origins.

An origin is the position of the last observed step; all rows of an origin have the same
one. `check` states what a file of windows holds.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from seqshift.errors import BadInput
from seqshift.softgroup.data import slices

ROW = ("origin", "series")
FORM = {
    "context": ((*ROW, "lag"), "float32"),
    "target": ((*ROW, "step"), "float32"),
    "scale": (ROW, "float64"),
    "mean": (ROW, "float64"),
    "sd": (ROW, "float64"),
    "batch": (ROW, "int64"),
    "group": (("grouping", "series"), "int64"),
}
ATTRS = (
    "dataset horizon split season stride calendar world unit right wrong dropped digest"
).split()


def assemble(
    context: np.ndarray,
    target: np.ndarray,
    scale: np.ndarray,
    groupings: Mapping[str, np.ndarray],
    series: list[str],
    origin: np.ndarray,
    *,
    time=None,
    mean=np.nan,
    sd=np.nan,
    batch=0,
) -> xr.Dataset:
    """Return windows of context [origin, series, lag] and target [.., step].

    scale, mean, sd and batch spread over [origin, series]; groupings are by series.
    """
    rows = context.shape[:2]
    spread = {"scale": scale, "mean": mean, "sd": sd, "batch": batch}
    arrays = {name: np.broadcast_to(value, rows) for name, value in spread.items()}
    arrays |= {"context": context, "target": target}
    arrays["group"] = np.stack([*groupings.values()])
    missing = np.full(len(origin), np.datetime64("NaT", "ns"))
    return xr.Dataset(
        {
            name: (dims, arrays[name].astype(kind))
            for name, (dims, kind) in FORM.items()
        },
        coords={
            "origin": np.asarray(origin, dtype=np.int64),
            "origin_time": ("origin", missing if time is None else time),
            "series": np.array(series, dtype=object),
            "lag": np.arange(-context.shape[2] + 1, 1),
            "step": np.arange(1, target.shape[2] + 1),
            "grouping": np.array([*groupings], dtype=object),
        },
    )


def cut(
    panel: pd.DataFrame,
    spec: dict,
    split: str,
    horizon: int,
    groupings: Mapping[str, np.ndarray],
    imputed: pd.DataFrame | None = None,
    seen: pd.DataFrame | None = None,
) -> xr.Dataset:
    """Return the windows of one split of a panel [time, series].

    Contexts are of `seen` [time, series], the panel without values that later ones went
    into; so are scales, means and deviations, before the first bound. A target that
    misses a step, or of which more than `spec["max_imputed"]` is `imputed` [time,
    series], is refused: all of it is missing, `dropped` counts it, its context stays.

    Raises
    ------
    BadInput
        If the panel is shorter than its bounds or a series has no scale.
    """
    _check_length(panel, spec)
    values, names = panel.to_numpy(np.float64), list(panel)
    observed = (panel if seen is None else seen).to_numpy(np.float64)
    origin = slices.origins(spec["bounds"], split, horizon, spec["stride"])
    context = slices.windows(observed, origin - spec["context"] + 1, spec["context"])
    target = slices.windows(values, origin + 1, horizon)
    refused = np.isnan(target).any(axis=2) | _doubtful(imputed, origin, horizon, spec)
    target[refused] = np.nan
    known = observed[: spec["bounds"][0]]
    facts = {
        "time": panel.index[origin].to_numpy("datetime64[ns]"),
        "mean": np.nanmean(known, axis=0),
        "sd": np.nanstd(known, axis=0),
    }
    scale = slices.scale(known, spec["season"], names)
    made = assemble(context, target, scale, groupings, names, origin, **facts)
    return made.assign_attrs(dropped=int(refused.sum()))


def _doubtful(
    imputed: pd.DataFrame | None, origin: np.ndarray, horizon: int, spec: dict
) -> np.ndarray | bool:
    """Tell of which targets [origin, series] too large a share is imputed."""
    if imputed is None:
        return False
    values = imputed.to_numpy(np.float64)
    share = slices.windows(values, origin + 1, horizon).mean(axis=2)
    return share > spec["max_imputed"]


def _check_length(panel: pd.DataFrame, spec: dict):
    if len(panel) < spec["bounds"][-1]:
        raise BadInput(
            f"source {spec['source']} gives {len(panel)} steps and bounds end at "
            f"{spec['bounds'][-1]}; set bounds to the steps that the source has"
        )


def shuffled(groups: np.ndarray, seed: int) -> np.ndarray:
    """Return groups of the same sizes with members of chance."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, 4]))
    return rng.permutation(groups)


def numbered(labels: list[str]) -> np.ndarray:
    """Return 0, 1 ... for each label, in alphabetical order of labels."""
    return np.unique(labels, return_inverse=True)[1]


def check(ds: xr.Dataset, where) -> xr.Dataset:
    """Return windows that keep the form: FORM, ATTRS, rising coordinates.

    A context has an observed value, a target is complete or entirely missing, a scale
    is above zero.

    Raises
    ------
    BadInput
        Naming the file, what is wrong and the first row it is wrong in.
    """
    for name, (dims, kind) in FORM.items():
        if name not in ds or ds[name].dims != dims or ds[name].dtype != kind:
            raise BadInput(
                f"{where}: {name} should be {kind} by {', '.join(dims)}; delete the "
                "file and run again"
            )
    if absent := [name for name in ATTRS if name not in ds.attrs]:
        raise BadInput(f"{where} lacks {absent[0]}; delete the file and run again")
    gaps = np.isnan(ds["target"]).sum("step")
    rows = {
        "has no observed value in its context": np.isnan(ds["context"]).all("lag"),
        "misses some steps of its target": (gaps > 0) & (gaps < ds.sizes["step"]),
        "has no scale above zero": ~((ds["scale"] > 0) & np.isfinite(ds["scale"])),
        "has an infinite value": np.isinf(ds["context"]).any("lag")
        | np.isinf(ds["target"]).any("step"),
    }
    for what, wrong in rows.items():
        if wrong.any():
            origin, series = (int(place[0]) for place in np.nonzero(wrong.to_numpy()))
            raise BadInput(
                f"{where}: series {ds['series'].values[series]} {what} at origin "
                f"{ds['origin'].values[origin]}; correct or leave it out at its source"
            )
    return ds
