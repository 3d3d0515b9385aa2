"""How well a signal ranks units, for many weightings at once."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata


@dataclass(frozen=True)
class Ranking:
    """Places of a signal's units in falling order; ties share a group.

    `start` and `stop` are the first place and the place after the last of the group of
    each positive, `first` and `last` the same counted among positives.
    """

    order: np.ndarray  # (unit,)
    at: np.ndarray  # (positive,) places of positives in that order
    start: np.ndarray
    stop: np.ndarray
    first: np.ndarray
    last: np.ndarray


def rank(values: np.ndarray, positive: np.ndarray) -> Ranking:
    """Rank units by a signal (unit,), the largest first."""
    order = np.argsort(-values, kind="stable")
    falling = -values[order]
    at = np.flatnonzero(positive[order])
    own = falling[at]
    start, stop = (np.searchsorted(falling, own, side) for side in ("left", "right"))
    first, last = (np.searchsorted(own, own, side) for side in ("left", "right"))
    return Ranking(order, at, start, stop, first, last)


def rates(weights: np.ndarray, ranking: Ranking) -> tuple[np.ndarray, np.ndarray]:
    """Return area under the ROC and average precision of each weighting (row,).

    Pairs of a positive and a negative of the same value count half; precision is that
    of all units at least as high, as in scikit-learn. NaN without one of the classes.
    """
    sorted_ = weights[:, ranking.order]
    total = _sums(sorted_)  # (row, unit + 1)
    own = sorted_[:, ranking.at]  # (row, positive)
    hits = _sums(own)
    above, upto = total[:, ranking.start], total[:, ranking.stop]
    hits_above, hits_upto = hits[:, ranking.first], hits[:, ranking.last]
    positives, everything = hits[:, -1], total[:, -1]
    negatives = everything - positives
    passed = (above - hits_above + upto - hits_upto) / 2  # negatives ranked higher
    won = np.einsum("rp,rp->r", own, negatives[:, None] - passed)
    sharp = hits_upto / np.where(upto > 0, upto, 1)
    precise = np.einsum("rp,rp->r", own, sharp)
    both = (positives > 0) & (negatives > 0)
    some = np.where(both, positives, np.nan)
    return np.clip(won / (some * np.where(both, negatives, 1)), 0, 1), precise / some


def _sums(values: np.ndarray) -> np.ndarray:
    """Return running sums along the rows with a leading zero."""
    found = np.zeros((len(values), values.shape[1] + 1))
    np.cumsum(values, axis=1, out=found[:, 1:])
    return found


def correlations(
    weights: np.ndarray, values: np.ndarray, outcome: np.ndarray
) -> np.ndarray:
    """Return the correlation of each column of ranks with the outcome's, (row, column).

    `values` are (unit, column), `outcome` (unit,). Ranks are those of the whole sample:
    with equal weights this is Spearman's coefficient. NaN for a constant.
    """
    ranks, goal = ranked(values), ranked(outcome[:, None])  # (unit, column), (unit, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        covariance, spread, goal_spread = moments(weights, ranks, goal)
        return covariance / np.sqrt(spread * goal_spread)


def slopes(weights: np.ndarray, values: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Return the least-squares slope of the outcome (unit,) on a signal (unit,)."""
    found = moments(weights, values[:, None], outcome[:, None])
    covariance, spread, _ = (one[:, 0] for one in found)
    return covariance / np.where(spread > 0, spread, np.nan)


def ranked(values: np.ndarray) -> np.ndarray:
    """Return the ranks of each column, ties averaged, centred and scaled to 1."""
    count = max(len(values), 1)
    return rankdata(values, axis=0) / count - (count + 1) / (2 * count)


def moments(
    weights: np.ndarray, values: np.ndarray, goal: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return weighted covariance and variances of columns, NaN or 0 if degenerate."""
    total = weights.sum(axis=1, keepdims=True)
    total = np.where(total > 0, total, np.nan)

    def mean(columns: np.ndarray) -> np.ndarray:
        return weights @ columns / total

    a, b = mean(values), mean(goal)
    spread, goal_spread = mean(values**2) - a**2, mean(goal**2) - b**2
    floor = 1e-12 * np.maximum(a**2, 1e-3)
    spread = np.where(spread > floor, spread, 0)
    goal_spread = np.where(goal_spread > 1e-12 * np.maximum(b**2, 1e-3), goal_spread, 0)
    return mean(values * goal) - a * b, spread, goal_spread
