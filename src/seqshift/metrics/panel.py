"""Forecast errors of one run as dense arrays, and their measures over drawn days."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from seqshift.errors import BadInput
from seqshift.schemas import results
from seqshift.statistics import blocks

RUN = [*results.RUN, "seed"]


@dataclass(frozen=True)
class Panel:
    """Values and errors of one run; every array has the shape (entity, day, slot).

    A slot is one forecast of a day: one per horizon and time of day. Missing errors
    are NaN; `split` and `slice` hold positions in the lists of the schema, -1 = none.
    """

    run: dict
    entities: np.ndarray
    days: pd.DatetimeIndex
    actual: np.ndarray
    error: np.ndarray
    naive: np.ndarray
    split: np.ndarray
    slice: np.ndarray
    id_dates: np.ndarray

    def where(self, split: str, slice: str | None = None) -> np.ndarray:
        """Mark the forecasts of a role, and of a slice if one is named."""
        mask = self.split == results.ROLES.index(split)
        if slice is not None:
            mask = mask & (self.slice == results.FORECAST_SLICES.index(slice))
        return mask


@dataclass(frozen=True)
class Era:
    """Days (positions in the panel) that are drawn together."""

    days: np.ndarray
    draws: blocks.Draws


@dataclass(frozen=True)
class Errors:
    """Measures of the model and of the naive forecast, (entity, replicate)."""

    count: np.ndarray
    rmse: np.ndarray
    mae: np.ndarray
    naive_rmse: np.ndarray
    naive_mae: np.ndarray


def read(forecasts: pd.DataFrame) -> Panel:
    """Arrange the point forecasts (no quantile, or the median) of one run.

    Forecasts without an actual or a naive value are left out of every measure, so
    that the model and the naive forecast are judged on the same windows.

    Raises
    ------
    BadInput
        If the table holds several runs or a forecast that is not finite.
    """
    point = forecasts["quantile"].isna() | (forecasts["quantile"] == 0.5)
    frame = forecasts[point].sort_values(["entity", "target_time", "horizon", "origin"])
    run = _run(frame)
    _check_finite(frame, run)
    day = frame["target_time"].dt.normalize()
    slot = frame.groupby(["entity", day]).cumcount().to_numpy()
    row, entities = pd.factorize(frame["entity"], sort=True)
    column, days = pd.factorize(day, sort=True)
    at = (row, column, slot)
    shape = (len(entities), len(days), slot.max() + 1)
    actual = frame["actual"].to_numpy()
    naive = frame["naive"].to_numpy()
    used = np.isfinite(actual) & np.isfinite(naive)
    forecast = frame["forecast"].to_numpy()
    roles = pd.Index(results.ROLES).get_indexer(frame["split"])
    slices = pd.Index(results.FORECAST_SLICES).get_indexer(frame["slice"])
    return Panel(
        run,
        np.asarray(entities),
        pd.DatetimeIndex(days),
        _fill(shape, at, np.where(used, actual, np.nan), np.nan),
        _fill(shape, at, np.where(used, forecast - actual, np.nan), np.nan),
        _fill(shape, at, np.where(used, naive - actual, np.nan), np.nan),
        _fill(shape, at, np.where(used, roles, -1).astype(np.int8), -1),
        _fill(shape, at, np.where(used, slices, -1).astype(np.int8), -1),
        _fill(shape, at, frame["id_dates"].to_numpy() & used, False),
    )


def era(panel: Panel, mask: np.ndarray) -> np.ndarray:
    """Return the days on which any entity has a marked forecast."""
    return np.flatnonzero(mask.any(axis=(0, 2)))


def measure(panel: Panel, mask: np.ndarray, era: Era) -> Errors:
    """Measure the marked errors over the drawn days of an era."""
    mask = mask[:, era.days]
    error = np.where(mask, panel.error[:, era.days], 0.0)
    naive = np.where(mask, panel.naive[:, era.days], 0.0)

    def total(values: np.ndarray) -> np.ndarray:
        return blocks.sums(values.sum(axis=2), era.draws)

    count = np.round(total(mask.astype(float)))
    some = np.where(count > 0, count, np.nan)

    def mean(values: np.ndarray) -> np.ndarray:
        # Differences of running sums may fall a rounding error below zero.
        return np.maximum(total(values), 0) / some

    return Errors(
        count,
        np.sqrt(mean(error**2)),
        mean(np.abs(error)),
        np.sqrt(mean(naive**2)),
        mean(np.abs(naive)),
    )


def _run(frame: pd.DataFrame) -> dict:
    runs = frame[RUN].drop_duplicates()
    if len(runs) != 1:
        raise BadInput(
            f"the forecasts hold {len(runs)} runs (domain, modality, model, seed); "
            "pass the table of exactly one run"
        )
    return runs.iloc[0].to_dict()


def _check_finite(frame: pd.DataFrame, run: dict):
    wrong = ~np.isfinite(frame["forecast"])
    if wrong.any():
        first = frame[wrong].iloc[0]
        raise BadInput(
            f"forecasts of {run['domain']}/{run['modality']}/{run['model']} seed "
            f"{run['seed']}: the forecast of {first['entity']} for "
            f"{first['target_time']:%Y-%m-%d} is not finite; train the run again"
        )


def _fill(shape: tuple, at: tuple, values: np.ndarray, missing) -> np.ndarray:
    out = np.full(shape, missing, dtype=values.dtype)
    out[at] = values
    return out
