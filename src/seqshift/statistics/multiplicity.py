"""False discovery rate over a family of tests."""

import numpy as np
from scipy import stats


def adjust(p: np.ndarray, method: str) -> np.ndarray:
    """Return q values; tests without a p value (NaN) stay NaN and count for nothing.

    Parameters
    ----------
    p
        One p value per test.
    method
        `bh` (Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x) or
        `by` (Benjamini and Yekutieli 2001, doi:10.1214/aos/1013699998).
    """
    p = np.asarray(p, float)
    q = np.full(p.shape, np.nan)
    tested = ~np.isnan(p)
    if tested.any():
        q[tested] = stats.false_discovery_control(p[tested], method=method)
    return q


def within(p: np.ndarray, families: np.ndarray, method: str) -> np.ndarray:
    """Return q values adjusted inside each family of the same name."""
    p = np.asarray(p, float)
    q = np.full(p.shape, np.nan)
    for family in np.unique(families):
        members = families == family
        q[members] = adjust(p[members], method)
    return q
