"""Attributions of one run, averaged over the windows of each entity and period.

The file attributions.nc has the dims (variant, entity, period, lag, feature):
`magnitude` is the mean of |attribution|, `signed` of the attribution, both in z-units
of the target and missing where a variant does not explain a period; `windows` counts
the windows of a period and `role` tells its side. A period is a quarter ("2013Q1") or
the days of an extreme slice in a year ("2013/heat"). Lag counts the steps back from the
target day (led features show the step after). `explained` (sample, feature) holds the
integrated gradients of single windows, summed over lags.
"""

import numpy as np
import pandas as pd
import xarray as xr
from torch import nn

from seqshift import forecasting, perturbing, sampling, variants, windows
from seqshift.errors import BadInput
from seqshift.explaining import METHOD

DIMS = ("variant", "entity", "period", "lag", "feature")
Z = "standard deviations of the target"
# Name: unit and meaning of a variable; texts and dates have no unit.
MEANING = {
    "magnitude": (Z, "mean absolute attribution"),
    "signed": (Z, "mean attribution"),
    "gap": (Z, "99th percentile of the completeness gap of a variant"),
    "windows": ("1", "number of explained windows"),
    "explained": (Z, "integrated gradients of a window, summed over lags"),
    "variant": ("", "what was explained, and by which method"),
    "entity": ("", "entity"),
    "period": ("", "quarter, or year and extreme slice"),
    "lag": ("step", "steps back from the target day"),
    "feature": ("", "input column"),
    "year": ("1", "calendar year"),
    "quarter": ("1", "calendar quarter, 0 for a period of an extreme slice"),
    "slice": ("", "extreme slice, empty for a quarter"),
    "role": ("", "reference, test, or empty where nothing was explained"),
    "sample_entity": ("", "entity of a window"),
    "sample_date": ("", "target day of a window"),
    "sample_role": ("", "reference or test"),
}


def attribute(
    model: nn.Module,
    meta: dict,
    features: pd.DataFrame,
    roles: pd.DataFrame,
    spec: dict,
    drift: dict,
) -> xr.Dataset:
    """Return mean attributions of one run per variant, entity and period.

    Periods are the quarters of the train and the test era and, per extreme slice, the
    days of that slice in those years. `drift` holds `seed`, the seed of the sample and
    of all shuffles, and `season_days`.

    Raises
    ------
    BadInput
        If no group of windows is large enough, or a variant is unknown.
    """
    rule = spec["attribution"]
    names = {name: variants.load(name) for name in ("ig", *rule["variants"])}
    wanted = forecasting.SCORED if model.by_date else tuple(sampling.SIDE)
    cut, frame = windows.cut(
        features, roles, spec, meta["scaler"], meta["entities"], wanted
    )
    found = sampling.eligible(frame, spec, drift)
    drawn = sampling.sample(found, cut.entity > 0, spec, drift, model.by_date)
    if drawn.empty:
        raise BadInput(
            "no year has enough windows to explain; lower attribution.min_windows or "
            "check the eras under splits"
        )
    run = variants.Run(model, meta, cut, frame, spec, rule, drift["seed"])
    made = _blank([*names], drawn, _present(frame["entity"], meta["entities"]), spec)
    points = sum(_put(made, run, drawn, *item) for item in names.items())
    made.attrs |= {"exogenous": ",".join(perturbing.exogenous(spec)), "points": points}
    return _described(made)


def _put(
    made: xr.Dataset,
    run: variants.Run,
    drawn: pd.DataFrame,
    name: str,
    variant: variants.Variant,
) -> int:
    """Explain the rows that a variant does, put in what came out, return the points."""
    part = drawn[variants.chosen(name, drawn, run.meta["entities"])]
    rows = np.unique(part["row"])
    if run.model.by_date:
        rows = np.flatnonzero(np.isin(run.cut.date, run.cut.date[rows]))
    found = variant(run, rows)
    values = found.values[np.searchsorted(rows, part["row"])]
    _average(made, name, values, part)
    if len(found.gaps):
        made["gap"].loc[{"variant": name}] = np.quantile(found.gaps, 0.99)
    if name == "ig":
        _single(made, values, part)
        made.attrs |= _attrs(run, found.gaps) | {"explained": len(rows)}
    return found.points


def _present(entities: pd.Series, seen: list[str]) -> list[str]:
    """Return the names there are: seen ones in their order, then the others."""
    there = set(entities)
    return [name for name in seen if name in there] + sorted(there - set(seen))


def _blank(
    names: list[str], drawn: pd.DataFrame, entities: list[str], spec: dict
) -> xr.Dataset:
    """Return the dataset of all periods, of which no variant explains any yet."""
    group = drawn.drop_duplicates(sampling.GROUP)
    order = group["slice"].map(sampling.SLICES.index)
    keys = group.assign(order=order).sort_values(["year", "order", "quarter"])
    keys = keys.drop_duplicates(["year", "slice", "quarter"])
    coords = {
        "variant": names,
        "entity": entities,
        "period": _labels(keys),
        "lag": np.arange(spec["window"]["lags"], 0, -1),
        "feature": list(spec["features"]),
        "year": ("period", keys["year"].to_numpy(np.int64)),
        "quarter": ("period", keys["quarter"].to_numpy(np.int64)),
        "slice": ("period", keys["slice"].to_numpy().astype("<U5")),
    }
    found = xr.Dataset(coords=coords)
    shape = tuple(found.sizes[name] for name in DIMS)
    for name in ("magnitude", "signed"):
        found[name] = DIMS, np.full(shape, np.nan, np.float32)
    found["gap"] = DIMS[:1], np.full(shape[0], np.nan)
    at = pd.Index(entities).get_indexer(group["entity"])
    at = at, found.indexes["period"].get_indexer(_labels(group))
    count, role = np.zeros(shape[1:3], np.int64), np.full(shape[1:3], "", "<U9")
    count[at] = drawn.groupby(sampling.GROUP, sort=False).size().to_numpy()
    role[at] = group["role"].to_numpy().astype("<U9")
    found["windows"] = DIMS[1:3], count
    return found.assign_coords(role=(DIMS[1:3], role))


def _labels(group: pd.DataFrame) -> list[str]:
    columns = (group[name] for name in ("year", "slice", "quarter"))
    parts = zip(*columns, strict=True)
    return [f"{year}/{name}" if name else f"{year}Q{q}" for year, name, q in parts]


def _average(made: xr.Dataset, name: str, values: np.ndarray, part: pd.DataFrame):
    """Put in the means of the attributions (n, lags, feature) of rows, by period."""
    first = np.flatnonzero(~part.duplicated(sampling.GROUP))
    count = np.diff(np.append(first, len(part)))[:, None, None]
    group = part.iloc[first]
    at = (
        made.indexes["variant"].get_loc(name),
        made.indexes["entity"].get_indexer(group["entity"]),
        made.indexes["period"].get_indexer(_labels(group)),
    )
    for variable, each in (("magnitude", np.abs(values)), ("signed", values)):
        total = np.add.reduceat(each.astype(np.float64), first, axis=0)
        made[variable].values[at] = total / count


def _single(made: xr.Dataset, values: np.ndarray, part: pd.DataFrame):
    """Put in the attributions of the plain windows, a row each, summed over lags."""
    plain = (part["slice"] == "").to_numpy()
    summed = values[plain].sum(axis=1, dtype=np.float64).astype(np.float32)
    made["explained"] = ("sample", "feature"), summed
    for name, kind in (("entity", str), ("date", "datetime64[ns]"), ("role", "<U9")):
        column = part.loc[plain, name].to_numpy().astype(kind)
        made[f"sample_{name}"] = "sample", column


def _attrs(run: variants.Run, gaps: np.ndarray) -> dict:
    attrs = {name: run.meta[name] for name in ("domain", "modality", "model", "seed")}
    attrs |= {name: run.rule[name] for name in ("steps", "control_steps")}
    attrs |= {"method": METHOD}
    for share in (50, 95, 99, 100):
        attrs[f"completeness_p{share}"] = float(np.quantile(gaps, share / 100))
    return attrs


def _described(made: xr.Dataset) -> xr.Dataset:
    """Return the dataset with unit and meaning of each variable, to be compressed."""
    made = made.set_coords(["sample_entity", "sample_date", "sample_role"])
    for name, (unit, meaning) in MEANING.items():
        made[name].attrs = {"long_name": meaning} | ({"units": unit} if unit else {})
        if made[name].dtype == np.float32:
            made[name].encoding = {"zlib": True, "shuffle": True, "complevel": 4}
    return made
