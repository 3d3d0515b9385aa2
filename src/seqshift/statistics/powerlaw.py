"""Power laws of error against the number of windows, with and without a floor.

power: error = A N^-alpha; floor: error = E + A N^-alpha (Hestness et al. 2017,
arXiv:1712.00409; Rosenfeld et al. 2020, arXiv:1909.12673). Both are fitted by least
squares on the log of the error. Every seed has the same sizes, so the fit to all points
is the fit to their means over seeds.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import optimize, stats

MOST = 5.0  # bound of the exponent of a law with a floor
STARTS = [
    (exponent, share) for exponent in (0.1, 0.5, 1.5) for share in (0.0, 0.5, 0.9)
]
PARAMETERS = {"power": 2, "floor": 3}
# The fewest sizes that leave a degree of freedom; a power law is a straight line.
SIZES = {"power": 2, "floor": 4}


@dataclass(frozen=True)
class Law:
    """ln error = level + ln(share + (1 - share) (N / whole)^-exponent).

    `whole` is the largest size, `level` the log error there, `share` the part of that
    error that more windows would not remove: 0 for a law without a floor.
    """

    whole: float
    level: float
    exponent: float
    share: float

    def log_error(self, windows: np.ndarray) -> np.ndarray:
        """Return ln error at these sizes."""
        return self.level + _shape(windows / self.whole, self.exponent, self.share)

    @property
    def floor(self) -> float:
        """Return E, in the unit of the error."""
        return self.share * float(np.exp(self.level))

    @property
    def coefficient(self) -> float:
        """Return A, in the unit of the error."""
        moving = (1 - self.share) * float(np.exp(self.level))
        return moving * self.whole**self.exponent


def fit(form: str, windows: np.ndarray, logs: np.ndarray, near: Law | None = None):
    """Return the law of a form for sizes and log errors, both (size,).

    The search for a floor begins at `near` if given, else at several places.
    """
    whole = float(windows.max())
    if form == "power":
        slope, level = np.polyfit(np.log(windows / whole), logs, 1)
        return Law(whole, float(level), -float(slope), 0.0)

    def misfit(place: np.ndarray) -> np.ndarray:
        rest = logs - _shape(windows / whole, *place)
        return rest - rest.mean()  # the level is linear, so it needs no search

    def slope_of(place: np.ndarray) -> np.ndarray:
        turns = _slopes(windows / whole, *place)  # (size, 2)
        return turns.mean(axis=0) - turns

    starts = STARTS if near is None else [(near.exponent, near.share)]
    bounds = ([0.0, 0.0], [MOST, 1 - 1e-6])
    inside = [np.clip(start, 1e-3, (MOST - 1e-3, 0.999)) for start in starts]
    search = partial(optimize.least_squares, misfit, jac=slope_of, bounds=bounds)
    found = [search(start) for start in inside]
    exponent, share = min(found, key=lambda one: one.cost).x
    level = float((logs - _shape(windows / whole, exponent, share)).mean())
    return Law(whole, level, float(exponent), float(share))


def aicc(law: Law, form: str, windows: np.ndarray, logs: np.ndarray) -> float:
    """Return AIC for small samples over all points (seed, size), NaN if too few.

    Source: Hurvich and Tsai (1989), doi:10.1093/biomet/76.2.297.
    """
    count, free = logs.size, PARAMETERS[form] + 1  # the variance is one more
    left = count - free - 1
    misfit = float(((logs - law.log_error(windows)) ** 2).sum())
    if left < 1 or misfit <= 0:
        return np.nan
    return count * np.log(misfit / count) + 2 * free + 2 * free * (free + 1) / left


def resample(
    form: str,
    windows: np.ndarray,
    logs: np.ndarray,
    resamples: int,
    rng: np.random.Generator,
) -> list[Law]:
    """Return the laws of resampled seeds; `logs` is (seed, size)."""
    seeds = len(logs)
    near = fit(form, windows, logs.mean(axis=0))
    chosen = rng.integers(0, seeds, (resamples, seeds))  # (replicate, seed)
    means = logs[chosen].mean(axis=1)  # (replicate, size)
    return [fit(form, windows, mean, near) for mean in means]


def interval(
    middle: np.ndarray, drawn: np.ndarray, seeds: int, alpha: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the interval of estimates from those of resampled seeds, (replicate, ...).

    The deviation over resamples is too small by sqrt((n - 1) / n) for n seeds and has
    n - 1 degrees of freedom: with few seeds a percentile interval is far too short. For
    a power law this is the t interval of the seeds' own exponents. NaN for one seed.
    """
    if seeds < 2:
        missing = np.full(np.shape(middle), np.nan)
        return missing, missing
    deviation = np.std(drawn, axis=0) * np.sqrt(seeds / (seeds - 1))
    reach = stats.t.ppf(1 - alpha / 2, seeds - 1) * deviation
    return middle - reach, middle + reach


def _shape(relative: np.ndarray, exponent: float, share: float) -> np.ndarray:
    return np.log(share + (1 - share) * relative**-exponent)


def _slopes(relative: np.ndarray, exponent: float, share: float) -> np.ndarray:
    """Return the derivatives of `_shape` by exponent and share, (size, 2)."""
    moving = relative**-exponent
    whole = share + (1 - share) * moving
    by_exponent = -(1 - share) * moving * np.log(relative) / whole
    return np.stack([by_exponent, (1 - moving) / whole], axis=1)
