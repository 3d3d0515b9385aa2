"""Equivalence: evidence that an effect is small, not merely that none was found."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from seqshift.errors import BadInput


@dataclass(frozen=True)
class Equivalence:
    """Two one-sided tests of a mean against a band.

    `p` is the larger of `p_low` (the mean is no larger than the lower end) and
    `p_high` (no smaller than the upper end); the mean is shown to lie in the band at
    level alpha if p <= alpha, that is if the interval of level 1 - 2 alpha lies in it.
    """

    mean: float
    low: float
    high: float
    p_low: float
    p_high: float
    p: float


def equivalent(
    mean: float,
    error: float,
    freedom: float,
    band: tuple[float, float],
    alpha: float = 0.05,
) -> Equivalence:
    """Test that a mean with this standard error lies inside a band.

    Source: Schuirmann (1987), doi:10.1007/BF01068419. An end of the band may be
    infinite: then the test is one-sided (non-inferiority).

    Parameters
    ----------
    freedom
        Degrees of freedom of the error, infinite for a normal one.
    alpha
        The ends `low` and `high` of the result are one-sided bounds at this level.

    Raises
    ------
    BadInput
        If the band is empty.
    """
    least, most = band
    if not least < most:
        raise BadInput(
            f"the band of an equivalence test runs from {least} to {most}; its lower "
            "end must lie below its upper end"
        )
    reach = stats.t.ppf(1 - alpha, freedom) * error
    p_low, p_high = (_tail(d, error, freedom) for d in (mean - least, most - mean))
    p = float(np.maximum(p_low, p_high))
    return Equivalence(mean, mean - reach, mean + reach, p_low, p_high, p)


def of_sample(
    values: np.ndarray, band: tuple[float, float], alpha: float = 0.05
) -> Equivalence:
    """Test that the mean of independent values, (unit,), lies inside a band."""
    values = np.asarray(values, float)
    if len(values) < 2:
        return equivalent(float(values.mean()), np.nan, np.nan, band, alpha)
    error = float(stats.sem(values))
    return equivalent(float(values.mean()), error, len(values) - 1, band, alpha)


def _tail(distance: float, error: float, freedom: float) -> float:
    """Return P(t > distance / error), 0 or 1 where nothing varies."""
    if np.isnan(error):
        return float("nan")
    if error == 0:
        return float(distance <= 0)
    return float(stats.t.sf(distance / error, freedom))
