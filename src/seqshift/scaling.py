"""Scaling: fitted on train rows only, applied to every window, undone for scores."""

import numpy as np
import pandas as pd

from seqshift.errors import BadInput


def fit_scaler(features: pd.DataFrame, roles: pd.DataFrame, spec: dict) -> dict:
    """Return means and deviations of train rows only.

    The target and the `own` features are scaled per entity, unseen entities by their
    own train-era rows (never used for weights); other features by one global z-score.
    """
    role = roles["role"]
    history = features[role.isin(["train", "spatial_test"])]
    per_entity = history.groupby("entity")
    target = per_entity[f"target_{spec['target']['horizons'][0]}"]
    scaler = {
        "target": _moments(target, spec["target"]["centred"]),
        "own": {
            name: _moments(per_entity[name], spec["target"]["centred"])
            for name in spec["own"]
        },
        "shared": {},
    }
    train = features[role == "train"]
    for name in spec["features"]:
        if name not in spec["own"] and name not in spec["raw"]:
            scaler["shared"][name] = [float(train[name].mean()), _sd(train[name], name)]
    return scaler


def _moments(groups, centred: bool) -> dict[str, list[float]]:
    moments = {}
    for entity, values in groups:
        mean = float(values.mean()) if centred else 0.0
        moments[str(entity)] = [mean, _sd(values, f"{values.name} of {entity}")]
    return moments


def _sd(values: pd.Series, what: str) -> float:
    deviation = float(values.std(ddof=0))
    if not np.isfinite(deviation) or deviation == 0:
        raise BadInput(
            f"features.parquet: {what} is constant or missing over its train rows, so "
            "it cannot be scaled; list it under 'raw' or exclude the entity"
        )
    return deviation


def scale(rows: pd.DataFrame, spec: dict, scaler: dict, entity: str) -> np.ndarray:
    """Return the scaled features (row, feature) of one entity."""
    columns = []
    for name in spec["features"]:
        mean, deviation = 0.0, 1.0
        if name in spec["own"]:
            mean, deviation = scaler["own"][name][entity]
        elif name in scaler["shared"]:
            mean, deviation = scaler["shared"][name]
        columns.append((rows[name].to_numpy() - mean) / deviation)
    return np.stack(columns, axis=1)  # (row, feature)


def unscale(z: np.ndarray, entity: np.ndarray, scaler: dict) -> np.ndarray:
    """Return predictions (n, ...) in z-units as raw units of each row's entity."""
    moments = np.array([scaler["target"][str(name)] for name in entity])  # (n, 2)
    extra = (1,) * (z.ndim - 1)
    mean, deviation = (column.reshape(-1, *extra) for column in moments.T)
    return z * deviation + mean
