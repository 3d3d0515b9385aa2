"""Bootstrap by weights: how often each replicate draws each unit.

A statistic that is a function of means over units is computed for all replicates at
once: `weights @ values / weights.sum(1)`.
"""

import numpy as np


def moving_blocks(
    count: int, length: int, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw overlapping blocks of consecutive units: (draw, unit), whole numbers.

    The last block is cut so that every replicate has `count` units. Source: Kuensch
    (1989), doi:10.1214/aos/1176347265. A length of 1 is the bootstrap of independent
    units.
    """
    length = min(length, count)
    pieces = -(-count // length)
    starts = rng.integers(0, count - length + 1, (draws, pieces))
    drawn = (starts[:, :, None] + np.arange(length)).reshape(draws, -1)[:, :count]
    return _counts(drawn, count)


def clusters(
    labels: np.ndarray, strata: np.ndarray, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw whole clusters within strata: (draw, unit), whole numbers.

    Parameters
    ----------
    labels, strata
        Cluster and stratum of each unit, (unit,). A cluster that lies in several
        strata counts as one cluster in each.
    """
    weights = np.zeros((draws, len(labels)), int)
    for stratum in np.unique(strata):
        inside = np.flatnonzero(strata == stratum)
        names, place = np.unique(labels[inside], return_inverse=True)
        drawn = rng.integers(0, len(names), (draws, len(names)))
        weights[:, inside] = _counts(drawn, len(names))[:, place]
    return weights


def means(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return replicates of a mean: (draw, unit) and (unit, ...) to (draw, ...)."""
    total = np.tensordot(weights, values, axes=1)
    return total / weights.sum(1).reshape(-1, *[1] * (np.ndim(values) - 1))


def interval(replicates: np.ndarray, alpha: float = 0.05) -> tuple[float, float]:
    """Return the percentile interval of the finite replicates, NaN without any."""
    known = replicates[np.isfinite(replicates)]
    if not len(known):
        return np.nan, np.nan
    low, high = np.quantile(known, [alpha / 2, 1 - alpha / 2])
    return float(low), float(high)


def _counts(drawn: np.ndarray, count: int) -> np.ndarray:
    """Count how often each row names each unit: (draw, pick) to (draw, unit)."""
    rows = np.arange(len(drawn))[:, None]
    flat = np.bincount((rows * count + drawn).ravel(), minlength=len(drawn) * count)
    return flat.reshape(len(drawn), count)
