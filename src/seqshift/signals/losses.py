"""Signals from errors of the past: the expected loss, and the validation era."""

import numpy as np
from sklearn.linear_model import Ridge

from seqshift.signals.distances import ratio


def design(x: np.ndarray, forecast: np.ndarray) -> np.ndarray:
    """Return what the loss is estimated from: x, x^2 (row, feature) and forecast."""
    return np.column_stack([x, x**2, forecast])


def expected(inputs: np.ndarray, loss: np.ndarray, penalty: float) -> Ridge:
    """Return a ridge regression of the absolute error on `design`.

    Direct loss estimation as in NannyML, https://nannyml.readthedocs.io.
    """
    return Ridge(alpha=penalty, solver="cholesky").fit(inputs, loss)


def dle(model: Ridge, reference: np.ndarray, window: np.ndarray) -> float:
    """Return the mean expected loss, window over reference; none is below zero."""
    now, past = (
        np.maximum(model.predict(one), 0).mean() for one in (window, reference)
    )
    return ratio(float(now), float(past))


def val_ratio(val: np.ndarray, train: np.ndarray) -> float:
    """Return RMSE of the validation era over that of the train era."""
    now, past = (float(np.sqrt(np.mean(np.square(loss)))) for loss in (val, train))
    return ratio(now, past)
