"""Failure ratios on the log scale: as pre-registered (seed) and corrected (corr).

Every argument is an error of shape (entity, ...), every value a natural logarithm.
A ratio with a part that is zero or missing is NaN: nothing is added to a denominator.
"""

import numpy as np

from seqshift.metrics.errors import mean

Pair = tuple[np.ndarray, np.ndarray]


def log_ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Return ln(numerator / denominator), NaN unless both are positive."""
    return _log(numerator) - _log(denominator)


def g_ratio(
    test: np.ndarray,
    train: np.ndarray,
    held: np.ndarray,
    naive_test: np.ndarray,
    naive_held: np.ndarray,
) -> Pair:
    """Return the generalisation ratio of RMSE: (seed, corr).

    seed = ln(test / train); corr = ln(test / held) less the same of the naive
    forecast, with `held` the days inside the train era that were kept from training.
    """
    corrected = log_ratio(test, held) - log_ratio(naive_test, naive_held)
    return log_ratio(test, train), corrected


def g_norm(
    test: np.ndarray, train: np.ndarray, naive_test: np.ndarray, naive_train: np.ndarray
) -> np.ndarray:
    """Return ln(test / train) less the same of the naive forecast."""
    return log_ratio(test, train) - log_ratio(naive_test, naive_train)


def transfer_gap(
    unseen_scaled: np.ndarray,
    seen_scaled: np.ndarray,
    unseen: np.ndarray,
    naive_unseen: np.ndarray,
    seen: np.ndarray,
    naive_seen: np.ndarray,
) -> Pair:
    """Return the transfer gap of MAE of each unseen entity: (seed, corr).

    seed compares errors in units of the entity's own scale with the mean over seen
    entities. One constant is added to all unseen entities, so that their mean is
    ln(mean error of unseen / mean error of seen) while they differ as their logs do.
    corr compares the ratio to the naive forecast with the mean log ratio of the seen
    entities on the same days.
    """
    own = _log(unseen_scaled)
    counted = np.where(np.isnan(own), np.nan, unseen_scaled)
    level = _log(mean(counted, axis=0)) - mean(own, axis=0)
    seed = own + level - _log(mean(seen_scaled, axis=0))
    corrected = log_ratio(unseen, naive_unseen) - mean(
        log_ratio(seen, naive_seen), axis=0
    )
    return seed, corrected


def robustness_delta(
    extreme: np.ndarray,
    normal: np.ndarray,
    naive_extreme: np.ndarray,
    naive_normal: np.ndarray,
) -> Pair:
    """Return the log ratio of P95 errors on extreme and normal days: (seed, corr)."""
    seed = log_ratio(extreme, normal)
    return seed, seed - log_ratio(naive_extreme, naive_normal)


def _log(values: np.ndarray) -> np.ndarray:
    values = np.asarray(values, float)
    missing = np.full(values.shape, np.nan)
    return np.log(values, where=values > 0, out=missing)
