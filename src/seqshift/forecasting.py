"""Forecasts of a trained model in raw units: the only source of every score."""

import numpy as np
import pandas as pd
from torch import nn

from seqshift import batching, registry, scaling, windows
from seqshift.dataset import Dataset
from seqshift.errors import BadInput
from seqshift.schemas import results

ROWS = 4096  # windows in one forward: bounds memory
SCORED = tuple(role for role in results.ROLES if role not in ("embargo", "unused"))


def predict(model: nn.Module, cut: windows.Windows, batch_size: int) -> np.ndarray:
    """Return predictions (n, horizons, outputs) in z-units, in their order.

    About `batch_size` windows go through at once; models that look across entities
    get all windows of a date together, unseen entities among them with id 0.
    """
    device = str(next(model.parameters()).device)
    return batching.predict(model, cut.batch(device=device), batch_size).cpu().numpy()


def forecast(
    model: nn.Module,
    meta: dict,
    features: pd.DataFrame,
    roles: pd.DataFrame,
    spec: dict,
) -> pd.DataFrame:
    """Return FORECASTS of one run: natural windows of all roles but embargo, unused.

    One row per entity, target day, horizon and quantile (NaN for a point forecast).

    Raises
    ------
    BadInput
        If a forecast is not finite.
    """
    cut, frame = windows.cut(
        features, roles, spec, meta["scaler"], meta["entities"], SCORED
    )
    names = frame["entity"].to_numpy()
    found = predict(model, cut, ROWS)
    known = cut.entity > 0
    if model.by_date and not known.all():
        # The unseen join their dates; the seen are forecast as if they were not there.
        found[known] = predict(model, cut.take(np.flatnonzero(known)), ROWS)
    raw = scaling.unscale(found, names, meta["scaler"])
    _refuse_nan(raw, frame, "train again at a lower learning rate")
    return tidy(raw.astype(np.float64), frame, meta, features, spec)


def passed(model: nn.Module, meta: dict, table: pd.DataFrame) -> int:
    """Return how many windows went through the model for a table of forecasts."""
    entity = table.drop_duplicates(["entity", "origin"])["entity"]
    known = entity.isin(meta["entities"])
    again = model.by_date and not known.all()
    return len(entity) + int(known.sum()) * int(again)


def baseline(name: str, spec: dict, data: Dataset, domain: str) -> pd.DataFrame:
    """Return FORECASTS of a baseline, in the form of every other run.

    `spec["kind"]` names a module of seqshift.baselines, whose `predict` returns raw
    units (n, horizons) for the windows and frame of all roles but embargo, unused.

    Raises
    ------
    BadInput
        If there is no such kind or a forecast is not finite.
    """
    cut, frame = data.cut(*SCORED)
    kind = registry.load("baselines", spec["kind"])
    raw = kind.predict(data, cut, frame, spec)[..., None]  # (n, horizons, 1)
    _refuse_nan(raw, frame, f"take {name} out of the domain's baselines")
    keys = {"domain": domain, "modality": "natural", "model": name, "seed": 0}
    meta = keys | {"quantiles": None}
    return tidy(raw, frame, meta, data.features, data.spec)


def tidy(
    raw: np.ndarray, frame: pd.DataFrame, meta: dict, features: pd.DataFrame, spec: dict
) -> pd.DataFrame:
    """Return FORECASTS from raw predictions (n, horizons, outputs) and their frame."""
    horizons = spec["target"]["horizons"]
    quantiles = meta["quantiles"] or [np.nan]
    rows, _, outputs = raw.shape
    each = len(horizons) * outputs

    def values(name: str) -> np.ndarray:
        wide = frame[[f"{name}_{horizon}" for horizon in horizons]].to_numpy()
        return np.repeat(wide, outputs, axis=1).reshape(-1)

    long = frame.loc[
        frame.index.repeat(each), ["entity", "role", "id_dates", "slice", "origin"]
    ].rename(columns={"role": "split"})
    long["target_time"] = np.repeat(
        _target_times(frame, features, horizons), outputs, axis=1
    ).reshape(-1)
    long["horizon"] = np.tile(np.repeat(np.array(horizons, np.int64), outputs), rows)
    long["quantile"] = np.tile(np.array(quantiles, np.float64), rows * len(horizons))
    long["forecast"] = raw.reshape(-1)
    long["actual"] = values("target")
    long["naive"] = values("naive")
    for name in ("domain", "modality", "model", "seed"):
        long[name] = meta[name]
    return long[list(results.FORECASTS.columns)].reset_index(drop=True)


def _target_times(
    frame: pd.DataFrame, features: pd.DataFrame, horizons: list[int]
) -> np.ndarray:
    """Return the day that each horizon aims at (n, horizons), in the domain's steps."""
    days = features.drop_duplicates("step").set_index("step")["date"].sort_index()
    step = pd.Series(days.index, index=days)[frame["date"]].to_numpy()
    ahead = [days.reindex(step + horizon - 1).to_numpy() for horizon in horizons]
    return np.stack(ahead, axis=1)


def _refuse_nan(raw: np.ndarray, frame: pd.DataFrame, remedy: str):
    wrong = np.flatnonzero(~np.isfinite(raw).all(axis=(1, 2)))
    if len(wrong):
        row = frame.iloc[wrong[0]]
        raise BadInput(
            f"the forecast for {row['entity']} on {row['date']:%Y-%m-%d} is not "
            "finite; look for extreme or missing values in features.parquet on the "
            f"days before, or {remedy}"
        )
