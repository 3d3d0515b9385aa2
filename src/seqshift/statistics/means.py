"""A mean with its standard error: interval, p value and what could be detected."""

from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class Mean:
    """Estimates of a mean; each field is a number or an array of one shape.

    An unknown error is NaN, and so is all that follows from it.
    """

    mean: np.ndarray
    error: np.ndarray
    freedom: np.ndarray

    def interval(self, alpha: float = 0.05) -> tuple[np.ndarray, np.ndarray]:
        """Return the ends of the interval of level 1 - alpha."""
        reach = stats.t.ppf(1 - alpha / 2, self.freedom) * self.error
        return self.mean - reach, self.mean + reach

    @property
    def p(self) -> np.ndarray:
        """Two-sided p value of a mean of zero; where nothing varies, 0 or 1."""
        with np.errstate(divide="ignore", invalid="ignore"):
            t = np.abs(np.divide(self.mean, self.error))
        still = np.equal(self.error, 0) & np.equal(self.mean, 0)
        return np.where(still, 1.0, 2 * stats.t.sf(t, self.freedom))

    def detectable(self, alpha: float = 0.05, power: float = 0.8) -> np.ndarray:
        """Return the true mean that a two-sided test would find with that power.

        Source: Bloom (1995), doi:10.1177/0193841X9501900504.
        """
        ends = [stats.t.ppf(one, self.freedom) for one in (1 - alpha / 2, power)]
        return sum(ends) * self.error


def independent(values: np.ndarray) -> Mean:
    """Return the mean of independent values, (..., unit), with the t of its error."""
    values = np.asarray(values, float)
    count = values.shape[-1]
    if count < 2:
        return Mean(values.mean(-1), np.full(values.shape[:-1], np.nan), np.nan)
    return Mean(values.mean(-1), stats.sem(values, axis=-1), count - 1)
