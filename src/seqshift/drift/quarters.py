"""Cos-Drift of single quarters, against train quarters of the same season."""

import numpy as np
import pandas as pd

from seqshift.drift import axes
from seqshift.drift.explained import PRIMARY, UNTRAINED, Explained, Years, flat, years
from seqshift.schemas.controls import QUARTERS
from seqshift.statistics.permutation import cosine_distance

VARIANTS = (PRIMARY, UNTRAINED, "gradient-shap")


def quarters(run: Explained, spec: dict) -> pd.DataFrame:
    """Return the table QUARTERS of the seen entities.

    D = 1 - cos(mean of the train years, quarter). The null of a quarter are the
    distances of the train quarters of its season, each from the mean of the other train
    years, so that no quarter is compared with itself. A train quarter's own drift is
    that distance too, and its null are those of the other years. z counts deviations
    (n - 1) of the null; it is NaN with fewer than two. `spec` holds `min_mass`.
    """
    rows = []
    for variant in VARIANTS:
        if variant not in run.magnitude:
            continue
        vectors = flat(run.magnitude[variant])  # (entity, period, cell)
        found = years(run, vectors)
        small = axes.masses(run, variant) < axes.least_mass(variant, spec)
        for at in np.flatnonzero(found.seen):
            own = _entity(run, found, vectors, at)
            if small[at]:
                own[["drift", "null_mean", "null_sd", "z"]] = np.nan
            rows.append(own.assign(entity=run.entities[at], variant=variant))
    frame = pd.concat(rows, ignore_index=True).assign(**run.keys)
    return QUARTERS.validate(frame[list(QUARTERS.columns)])


def _entity(run: Explained, found: Years, vectors: np.ndarray, at: int) -> pd.DataFrame:
    """Return one row a plain quarter of an entity."""
    used = np.flatnonzero((run.slice == "") & (run.role[at] != ""))
    distance = _distances(run, found, vectors, at, used)
    reference = run.role[at, used] == "reference"
    rows = []
    for place, period in enumerate(used):
        season = run.quarter[used] == run.quarter[period]
        alike = reference & season & (np.arange(len(used)) != place)
        null = distance[alike & np.isfinite(distance)]
        mean = float(null.mean()) if len(null) else np.nan
        deviation = float(null.std(ddof=1)) if len(null) > 1 else np.nan
        drift = float(distance[place])
        rows.append({
            "period": f"{run.year[period]}Q{run.quarter[period]}",
            "role": run.role[at, period],
            "drift": drift,
            "null_mean": mean,
            "null_sd": deviation,
            "z": (drift - mean) / deviation if deviation > 0 else np.nan,
            "windows": int(run.windows[at, period]),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _distances(
    run: Explained, found: Years, vectors: np.ndarray, at: int, used: np.ndarray
) -> np.ndarray:
    """Return the distance (period,) of each quarter from the train years but its own.

    NaN for a train quarter if its year is the only one.
    """
    train = found.role[at] == "reference"
    others = train & (found.year != run.year[used][:, None])  # (period, year)
    counts = others.sum(axis=1, keepdims=True)
    sums = others @ np.where(train[:, None], found.vectors[at], 0)
    means = sums / np.where(counts > 0, counts, np.nan)
    return cosine_distance(means, vectors[at, used])
