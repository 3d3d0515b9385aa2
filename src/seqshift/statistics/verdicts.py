"""From the p values of the two columns of a metric to one of three verdicts."""

import numpy as np


def failing(p_seed: np.ndarray, p_corr: np.ndarray) -> np.ndarray:
    """Return the p value of `both columns exceed the threshold`: their maximum.

    Intersection-union test, Berger (1982), doi:10.1080/00401706.1982.10487790.
    """
    return np.maximum(p_seed, p_corr)


def passing(low_seed: np.ndarray, low_corr: np.ndarray) -> np.ndarray:
    """Return the p value of `some column lies below the threshold` (Bonferroni)."""
    return np.minimum(1.0, 2 * np.minimum(low_seed, low_corr))


def decide(
    q_fail: np.ndarray, q_pass: np.ndarray, status: np.ndarray, alpha: float
) -> np.ndarray:
    """Return `fails`, `does not fail` or `undecided` for each test.

    A status other than ok is always undecided, and so is a missing q value. A test
    that is significant both ways (its columns disagree) fails only if both columns do.
    """
    fine = np.asarray(status) == "ok"
    with np.errstate(invalid="ignore"):
        fails = fine & (np.asarray(q_fail) <= alpha)
        passes = fine & (np.asarray(q_pass) <= alpha)
    out = np.full(fine.shape, "undecided", dtype=object)
    out[passes] = "does not fail"
    out[fails] = "fails"
    return out
