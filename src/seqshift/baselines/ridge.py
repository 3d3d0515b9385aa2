"""Linear autoregression with exogenous inputs, shrunk (Hoerl and Kennard 1970).

One equation for all entities, without a term for any of them, so that it is defined
for unseen ones. Source: doi:10.1080/00401706.1970.10488634.
"""

import numpy as np
import pandas as pd
from scipy import linalg

from seqshift import design, scaling
from seqshift.dataset import Dataset
from seqshift.windows import Windows


def predict(data: Dataset, cut: Windows, frame: pd.DataFrame, spec: dict) -> np.ndarray:
    """Return forecasts in raw units (n, horizons).

    The coefficients come from train windows; of `spec["penalties"]` the one with the
    smallest validation error in z-units is taken, the larger of two equal ones.
    """
    train, val = data.windows("train"), data.windows("val")
    penalties = np.sort(spec["penalties"])[::-1]
    slopes, intercepts = fit(
        design.flat(train), train.target.astype(np.float64), penalties
    )
    errors = [
        np.square(design.flat(val) @ slope + intercept - val.target).mean()
        for slope, intercept in zip(slopes, intercepts, strict=True)
    ]
    best = int(np.argmin(errors))
    print(f"ridge: penalty {penalties[best]:g}, validation MSE {errors[best]:.6f}")
    z = design.flat(cut) @ slopes[best] + intercepts[best]
    return scaling.unscale(z, frame["entity"].to_numpy(), data.scaler)


def fit(
    x: np.ndarray, y: np.ndarray, penalties: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Minimise |y - a - x b|^2 + penalty |b|^2, in closed form, for each penalty.

    Parameters
    ----------
    x, y
        (n, column) and (n, horizon); the intercept a is not shrunk.
    penalties
        (penalty,), positive.

    Returns
    -------
    Slopes (penalty, column, horizon) and intercepts (penalty, horizon).
    """
    centre, level = x.mean(axis=0), y.mean(axis=0)
    x, y = x - centre, y - level
    values, vectors = linalg.eigh(x.T @ x)
    turned = vectors.T @ (x.T @ y)  # (column, horizon)
    # Rounding may leave an eigenvalue of a singular matrix just below zero.
    shrunk = turned / (np.maximum(values, 0)[:, None] + penalties[:, None, None])
    slopes = vectors @ shrunk
    return slopes, level - centre @ slopes
