"""Distances of a window from its reference: both are samples (row, feature)."""

import numpy as np
from scipy import stats
from scipy.spatial.distance import cdist

FLOOR = 1e-4  # added to every share of the PSI: an empty bin has no logarithm


def ks(reference: np.ndarray, window: np.ndarray) -> float:
    """Return the two-sample Kolmogorov-Smirnov distance, mean over features, 0 to 1."""
    found = stats.ks_2samp(reference, window, axis=0, method="asymp")
    return float(np.mean(found.statistic))


def psi(reference: np.ndarray, window: np.ndarray, bins: int) -> float:
    """Return the population stability index, mean over features.

    Sum of (q - p) ln(q / p) over bins between the quantiles of the reference. Yurdakul
    and Naranjo 2020, doi:10.21314/JRMV.2020.227.
    """
    inner = np.linspace(0, 1, bins + 1)[1:-1]
    found = []
    for past, now in zip(reference.T, window.T, strict=True):
        edges = np.quantile(past, inner)
        p, q = (_shares(values, edges, bins) for values in (past, now))
        found.append(np.sum((q - p) * np.log(q / p)))
    return float(np.mean(found))


def _shares(values: np.ndarray, edges: np.ndarray, bins: int) -> np.ndarray:
    place = np.searchsorted(edges, values, side="left")
    return np.bincount(place, minlength=bins) / len(values) + FLOOR


def mmd(
    reference: np.ndarray, window: np.ndarray, most: int, rng: np.random.Generator
) -> float:
    """Return the unbiased MMD^2 of a Gaussian kernel of median width.

    At most `most` rows of each side, drawn without replacement, enter, in units of the
    reference's deviations. A side of one row has no pair: its own term is 1. Gretton
    et al. 2012, https://jmlr.org/papers/v13/gretton12a.html, eq. 3.
    """
    past, now = standardise(reference, reference), standardise(window, reference)
    x, y = (_some(values, most, rng) for values in (past, now))
    both = np.vstack([x, y])
    squares = cdist(both, both, "sqeuclidean")
    pairs = squares[np.triu_indices(len(both), 1)]
    width = np.median(pairs[pairs > 0]) if (pairs > 0).any() else 1.0
    kernel = np.exp(-squares / width)
    cut = len(x)
    within = _off_diagonal(kernel[:cut, :cut]) + _off_diagonal(kernel[cut:, cut:])
    return float(within - 2 * kernel[:cut, cut:].mean())


def _some(values: np.ndarray, most: int, rng: np.random.Generator) -> np.ndarray:
    if len(values) <= most:
        return values
    return values[np.sort(rng.choice(len(values), most, replace=False))]


def _off_diagonal(kernel: np.ndarray) -> float:
    count = len(kernel)
    if count == 1:
        return 1.0
    return (kernel.sum() - np.trace(kernel)) / (count * (count - 1))


def mahalanobis(reference: np.ndarray, window: np.ndarray, shrinkage: float) -> float:
    """Return the mean squared Mahalanobis distance, window over reference.

    The covariance of the reference is shrunk to its diagonal by `shrinkage`; a constant
    feature counts nothing.
    """
    centre = reference.mean(axis=0)
    cov = np.atleast_2d(np.cov(reference, rowvar=False, ddof=0))
    cov = (1 - shrinkage) * cov + shrinkage * np.diag(np.diag(cov))
    inverse = np.linalg.pinv(cov, hermitian=True)

    def mean_square(values: np.ndarray) -> float:
        apart = values - centre
        return float(np.einsum("ni,ij,nj->n", apart, inverse, apart).mean())

    return ratio(mean_square(window), mean_square(reference))


def disagreement(reference: np.ndarray, window: np.ndarray) -> float:
    """Return the mean deviation (n - 1) over seeds, window over reference.

    Both are forecasts (seed, row); NaN with one seed. Lakshminarayanan, Pritzel,
    Blundell 2017, arXiv:1612.01474.
    """
    if len(reference) < 2:
        return np.nan
    now, past = (each.std(axis=0, ddof=1).mean() for each in (window, reference))
    return ratio(float(now), float(past))


def standardise(values: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return values in deviations of the reference; a constant one is only moved."""
    deviation = reference.std(axis=0)
    return (values - reference.mean(axis=0)) / np.where(deviation > 0, deviation, 1)


def ratio(now: float, past: float) -> float:
    """Return now / past; nothing over nothing is no change."""
    if past > 0:
        return now / past
    return 1.0
