"""Signals from attributions: ranks, mass, and what a classifier sees in them."""

import numpy as np
import pandas as pd
import xarray as xr

from seqshift.drift.explained import PRIMARY, Explained
from seqshift.signals.classifier import c2st


def ndcg(reference: np.ndarray, window: np.ndarray) -> float:
    """Return 1 - DCG / iDCG of attributions (feature,).

    DCG sums the reference over log2(place + 1) in the order of the window, iDCG in its
    own; equal values keep the order of the features. Jarvelin and Kekalainen 2002,
    doi:10.1145/582415.582418, as used by SageMaker Clarify.
    """
    weight = 1 / np.log2(np.arange(len(reference)) + 2)
    order, ideal = (np.argsort(-one, kind="stable") for one in (window, reference))
    best = float(reference[ideal] @ weight)
    if not best > 0:
        return 0.0
    return 1 - float(reference[order] @ weight) / best


def mass(reference: np.ndarray, window: np.ndarray) -> float:
    """Return ln of the sum of attributions, window over reference; NaN without any."""
    now, past = float(window.sum()), float(reference.sum())
    return float(np.log(now / past)) if now > 0 and past > 0 else np.nan


def averaged(run: Explained) -> pd.DataFrame:
    """Return entity, period, signal, value of rank change and mass of test quarters.

    A quarter is compared with the mean over the windows of the reference quarters of
    its season.
    """
    values = run.magnitude[PRIMARY].sum(axis=2)  # (entity, period, feature)
    rows = []
    plain = run.slice == ""
    for at, entity in enumerate(run.entities):
        past = plain & (run.role[at] == "reference")
        for period in np.flatnonzero(plain & (run.role[at] == "test")):
            alike = past & (run.quarter == run.quarter[period])
            if not alike.any():
                continue
            mean = np.average(values[at, alike], axis=0, weights=run.windows[at, alike])
            name = f"{run.year[period]}Q{run.quarter[period]}"
            now = values[at, period]
            rows.append((entity, name, "ndcg", ndcg(mean, now)))
            rows.append((entity, name, "mass", mass(mean, now)))
    return pd.DataFrame(rows, columns=["entity", "period", "signal", "value"])


def classified(dataset: xr.Dataset, penalty: float) -> pd.DataFrame:
    """Return entity, period, signal, value of a classifier on attributions of windows.

    They are summed over lags; reference windows are those of the quarter's season.
    """
    date = pd.DatetimeIndex(dataset["sample_date"].to_numpy())
    rows = pd.DataFrame({
        "entity": dataset["sample_entity"].to_numpy().astype(str),
        "role": dataset["sample_role"].to_numpy().astype(str),
        "period": date.to_period("Q").astype(str),
        "year": date.year,
        "season": date.quarter,
    })  # fmt: skip
    values = (
        dataset["explained"].transpose("sample", "feature").to_numpy().astype(float)
    )
    past = rows[rows["role"] == "reference"].groupby(["entity", "season"]).indices
    reference = np.flatnonzero(rows["role"] == "reference")
    past = {key: reference[at] for key, at in past.items()}
    now = rows[rows["role"] == "test"]
    found = []
    for (entity, season, period), own in now.groupby(["entity", "season", "period"]):
        if (entity, season) not in past:
            continue
        alike, place = past[entity, season], own.index.to_numpy()
        year = rows["year"].to_numpy()[alike]
        value = c2st(values[alike], values[place], year, penalty)
        found.append((entity, period, "explanation-c2st", value))
    return pd.DataFrame(found, columns=["entity", "period", "signal", "value"])
