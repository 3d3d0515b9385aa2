"""Inference for the mean of a series whose neighbours overlap.

Forecasts of `horizon` steps from origins `stride` steps apart share steps with those
of the next q - 1 origins, so their losses are a moving average of order q - 1 at least
and the usual standard error is too small. The decision test is that of equal-weighted
cosines; the kernel tests beside it are liberal at these lengths (docs/softgroup.md).

All functions take values in time order as (..., time).
"""

import numpy as np
from scipy import stats

from seqshift.statistics.means import Mean

# Kiefer and Vogelsang (2005), doi:10.1017/S0266466605050565, Bartlett, 97.5 %.
FIXED_B = (1.9600, 2.9694, 0.4160, -0.5324)


def overlapping(horizon: int, stride: int) -> int:
    """Return q, the number of consecutive origins that share a step with the first."""
    return -(-horizon // stride)


def cosines(count: int, overlap: int) -> int:
    """Return how many cosines estimate the long-run variance: the t's freedom.

    No more than the rule of Lazarus et al. gives, and periods of at least 4 overlaps,
    so that the spectrum is flat over them.
    """
    return min(int(0.4 * count ** (2 / 3)), max(2, count // (2 * overlap)))


def ewc(values: np.ndarray, overlap: int) -> Mean:
    """Return the mean with the error of the equal-weighted cosine estimator.

    Source: Lazarus, Lewis, Stock and Watson (2018),
    doi:10.1080/07350015.2018.1506926. Fewer than four values give an error of NaN.
    """
    values = np.asarray(values, float)
    count = values.shape[-1]
    freedom = cosines(count, overlap)
    if not freedom:
        return Mean(values.mean(-1), np.full(values.shape[:-1], np.nan), np.nan)
    time = np.arange(1, count + 1) - 0.5
    order = np.arange(1, freedom + 1)[:, None]
    waves = np.sqrt(2 / count) * np.cos(np.pi * order * time / count)  # (wave, time)
    centred = values - values.mean(-1, keepdims=True)  # a still series is exactly still
    long_run = np.square(centred @ waves.T).mean(-1)
    return Mean(values.mean(-1), np.sqrt(long_run / count), freedom)


def bartlett(values: np.ndarray, overlap: int) -> np.ndarray:
    """Return p of the Diebold-Mariano test with a Bartlett kernel of 2q lags.

    The statistic is corrected for small samples and compared with t. Sources: Diebold
    and Mariano (1995), doi:10.1080/07350015.1995.10524599; Harvey, Leybourne and
    Newbold (1997), doi:10.1016/S0169-2070(96)00719-4.
    """
    count, q = np.shape(values)[-1], overlap
    room = (count + 1 - 2 * q + q * (q - 1) / count) / count
    if room <= 0:
        return np.full(np.shape(values)[:-1], np.nan)
    plain = _kernel(values, 2 * q)
    return Mean(plain.mean * np.sqrt(room), plain.error, count - 1).p


def fixed_b(values: np.ndarray, overlap: int) -> np.ndarray:
    """Tell whether the Bartlett test rejects at 5 % by the limits of fixed-b theory."""
    share = (2 * overlap + 1) / np.shape(values)[-1]
    limit = np.polynomial.polynomial.polyval(share, FIXED_B)
    plain = _kernel(values, 2 * overlap)
    return np.abs(plain.mean) > limit * plain.error


def effective(values: np.ndarray, estimate: Mean) -> np.ndarray:
    """Return how many independent values would give the mean this error."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.var(values, axis=-1) / np.square(estimate.error)


def autocorrelation(values: np.ndarray, lag: int = 1) -> np.ndarray:
    """Return the autocorrelation at a lag; NaN where nothing varies."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return autocovariance(values, lag) / autocovariance(values, 0)


def autocovariance(values: np.ndarray, lag: int) -> np.ndarray:
    """Return the autocovariance at a lag, over the whole number of values."""
    centred = values - np.mean(values, -1, keepdims=True)
    count = centred.shape[-1]
    return (centred[..., lag:] * centred[..., : count - lag]).sum(-1) / count


def _kernel(values: np.ndarray, lags: int) -> Mean:
    """Return the mean with the error of Newey and West (1987), doi:10.2307/1913610."""
    values = np.asarray(values, float)
    count = values.shape[-1]
    long_run = autocovariance(values, 0)
    for lag in range(1, min(lags, count - 1) + 1):
        long_run = long_run + 2 * (1 - lag / (lags + 1)) * autocovariance(values, lag)
    return Mean(values.mean(-1), np.sqrt(long_run / count), np.inf)


def pooled(values: np.ndarray) -> np.ndarray:
    """Return p of the t test that takes all values for independent: decides nothing."""
    return stats.ttest_1samp(values, 0, axis=-1).pvalue
