"""Error measures over the last axis; missing errors (NaN) are left out."""

import numpy as np


def rmse(error: np.ndarray) -> np.ndarray:
    """Return the root mean squared error, in the unit of the error."""
    return np.sqrt(mean(np.square(error)))


def mae(error: np.ndarray) -> np.ndarray:
    """Return the mean absolute error, in the unit of the error."""
    return mean(np.abs(error))


def p95(error: np.ndarray) -> np.ndarray:
    """Return the 95th percentile of the absolute error.

    Linear interpolation between order statistics, type 7 of Hyndman and Fan (1996),
    doi:10.2307/2684934.
    """
    error = np.abs(np.asarray(error, float))
    rows = error.reshape(-1, error.shape[-1])
    found = [row[~np.isnan(row)] for row in rows]
    out = [np.quantile(row, 0.95) if len(row) else np.nan for row in found]
    return np.array(out).reshape(error.shape[:-1])[()]


def skill(rmse: np.ndarray, naive_rmse: np.ndarray) -> np.ndarray:
    """Return 1 - MSE / MSE of the naive forecast; NaN where the naive is perfect.

    Source: Murphy (1988), doi:10.1175/1520-0493(1988)116<2417:SSBOTM>2.0.CO;2.
    """
    naive = np.where(np.asarray(naive_rmse) > 0, naive_rmse, np.nan)
    return 1 - np.square(rmse / naive)


def mean(values: np.ndarray, axis: int = -1) -> np.ndarray:
    """Return the mean without missing values, NaN where nothing is left."""
    values = np.asarray(values, float)
    held = ~np.isnan(values)
    count = held.sum(axis)
    total = np.where(held, values, 0).sum(axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)[()]
