"""What a soft mask is compared with: other masks of its strength, other forecasts.

A control that copies the arm it imitates in all but the similarity tells whether the
similarity matters; one that shares nothing tells how far smoothing alone gets.
"""

from collections.abc import Callable, Mapping

import numpy as np
import xarray as xr
from scipy.ndimage import uniform_filter1d
from scipy.optimize import brentq

from seqshift.softgroup.runs.arms import BASE, JOINT, Arm

LEAST = -40.0  # ln s of a constant similarity that shares nothing in float32
TAIL = 0.1  # weight of the horizon mean in a shrunk forecast
WIDTH = 5  # steps of the moving average


def matched(mass: Callable[[float], float], wanted: float, tolerance: float) -> float:
    """Return the constant similarity s in [0, 1] with the wanted cross-group mass.

    `mass` rises in s. It is a mean of logistic functions of ln s in the first layer,
    of slope at most 1/4, so a root in ln s to the tolerance meets it with room.
    """
    if mass(0.0) >= wanted - tolerance / 2:
        return 0.0
    if mass(1.0) <= wanted + tolerance / 2:
        return 1.0
    root = brentq(lambda log: mass(np.exp(log)) - wanted, LEAST, 0, xtol=tolerance)
    return float(np.exp(root))


def weight(
    soft: np.ndarray, hard: np.ndarray, joint: np.ndarray, scale: np.ndarray
) -> np.ndarray:
    """Return how far soft forecasts are on the way from hard to joint, in [0, 1].

    One weight per origin, (origin,): a weight of all origins would know later ones.
    Every series counts in units of its `scale`, (origin, series), not the largest most.
    """
    axes = tuple(range(1, hard.ndim))
    each = scale.reshape(*scale.shape, *[1] * (hard.ndim - 2))
    way, gone = (
        (np.abs(one - hard) / each).mean(axes, dtype=float) for one in (joint, soft)
    )
    share = np.divide(gone, way, out=np.zeros_like(way), where=way > 0)
    return np.clip(share, 0, 1)


def derive(
    arm: Arm, forecasts: Mapping[str, np.ndarray], windows: xr.Dataset
) -> tuple[np.ndarray, float]:
    """Return a control made of the forecasts of other arms, and its mean weight.

    Forecasts are those of `windows`, (origin, series, level, step), by arm; only a mix
    has a weight.
    """
    hard = forecasts[BASE]
    if arm.control == "shrink10":
        return shrink(hard), np.nan
    if arm.control == "ma5":
        return moving_average(hard), np.nan
    if arm.control == "pastens":
        return past_ensemble(hard, windows["origin"].values), np.nan
    scale = windows["scale"].values
    share = weight(forecasts[arm.of], hard, forecasts[JOINT], scale)
    return mix(hard, forecasts[JOINT], share), float(share.mean())


def mix(hard: np.ndarray, joint: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return (1 - share) hard + share joint, with a share per origin, (origin,)."""
    share = share.reshape(-1, *[1] * (hard.ndim - 1))
    return ((1 - share) * hard + share * joint).astype(hard.dtype)


def shrink(quantiles: np.ndarray) -> np.ndarray:
    """Return .9 q + .1 of the mean of q over the horizon, (..., step)."""
    return (1 - TAIL) * quantiles + TAIL * quantiles.mean(-1, keepdims=True)


def moving_average(quantiles: np.ndarray) -> np.ndarray:
    """Return the mean of five steps, the ends repeated beyond the horizon."""
    return uniform_filter1d(quantiles, WIDTH, axis=-1, mode="nearest")


def past_ensemble(quantiles: np.ndarray, origins: np.ndarray) -> np.ndarray:
    """Return each step's mean over the forecasts of its own and of earlier origins.

    Parameters
    ----------
    quantiles
        (origin, series, level, step).
    origins
        Position of the last observed step, (origin,), rising.
    """
    horizon = quantiles.shape[-1]
    total, count = quantiles.astype(float), np.ones((len(origins), horizon))
    for later, position in enumerate(origins):
        for earlier in range(later):
            ahead = int(position - origins[earlier])
            if ahead < horizon:
                total[later, ..., : horizon - ahead] += quantiles[earlier, ..., ahead:]
                count[later, : horizon - ahead] += 1
    return (total / count[:, None, None]).astype(quantiles.dtype)
