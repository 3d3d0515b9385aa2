"""The mean of a metric over seeds and entities, with every variance it has."""

from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class Effect:
    """A mean, its standard error, and the tests of it against a threshold.

    `error` and `freedom` count seeds, entities and periods; `window_error` and
    `window_freedom` leave the periods out. `above` is the p value of the mean being
    no larger than the threshold, `below` of it being no smaller. What cannot be
    estimated is NaN: with one entity, or with fewer than two blocks of days.
    """

    mean: float
    threshold: float
    error: float
    freedom: float
    window_error: float
    window_freedom: float
    above: float
    below: float
    window_above: float
    seeds: int
    entities: int
    blocks: int

    def interval(self, alpha: float) -> tuple[float, float]:
        """Return the two-sided interval of level 1 - alpha."""
        reach = stats.t.ppf(1 - alpha / 2, self.freedom) * self.error
        return self.mean - reach, self.mean + reach

    def detectable(self, alpha: float, power: float) -> float:
        """Return the mean that the test would call above threshold with this power."""
        quantiles = stats.t.ppf([1 - alpha, power], self.freedom)
        return self.threshold + float(quantiles.sum()) * self.error

    def beyond(self) -> tuple[float, float]:
        """Return the p values of lying above and below the threshold."""
        distance = self.mean - self.threshold
        above, below = (
            _tail(d, self.error, self.freedom) for d in (distance, -distance)
        )
        return above, below


def infer(
    values: np.ndarray, time_variance: float, blocks: int, threshold: float
) -> Effect:
    """Test the mean of seeds x entities against a threshold.

    Seeds and entities are random effects of a two-way table without replication
    (Satterthwaite 1946, doi:10.2307/3002019); the variance over periods comes on top,
    times b / (b - 1): b resampled blocks vary around their own mean.

    Parameters
    ----------
    values
        (seed, entity), finite, on the scale of the threshold (logs for ratios).
    time_variance
        Variance of the mean over resampled blocks of days.
    blocks
        Number of blocks in the shorter of the two eras.
    """
    values = np.asarray(values, float)
    mean, (window, window_freedom) = float(values.mean()), _table_variance(values)
    variance, freedom = np.nan, np.nan
    if blocks >= 2:
        periods = time_variance * blocks / (blocks - 1)
        variance = window + periods
        freedom = _satterthwaite((window, window_freedom), (periods, blocks - 1))
    error, window_error = (float(np.sqrt(one)) for one in (variance, window))
    return Effect(
        mean=mean,
        threshold=threshold,
        error=error,
        freedom=float(freedom),
        window_error=window_error,
        window_freedom=float(window_freedom),
        above=_tail(mean - threshold, error, freedom),
        below=_tail(threshold - mean, error, freedom),
        window_above=_tail(mean - threshold, window_error, window_freedom),
        seeds=values.shape[0],
        entities=values.shape[1],
        blocks=blocks,
    )


def _table_variance(values: np.ndarray) -> tuple[float, float]:
    """Return the variance of the mean over seeds and entities, and its freedom."""
    seeds, entities = values.shape
    if entities < 2:
        return np.nan, np.nan
    if seeds == 1:
        return float(values.var(ddof=1)) / entities, entities - 1
    by_seed = values.mean(axis=1, keepdims=True)
    by_entity = values.mean(axis=0, keepdims=True)
    rest = values - by_seed - by_entity + values.mean()
    return _combine(
        entities * float(by_seed.var(ddof=1)),
        seeds * float(by_entity.var(ddof=1)),
        float((rest**2).sum()) / ((seeds - 1) * (entities - 1)),
        (seeds, entities),
    )


def _combine(
    seed: float, entity: float, rest: float, shape: tuple[int, int]
) -> tuple[float, float]:
    seeds, entities = shape
    total = seed + entity - rest
    if total <= max(seed, entity):
        larger = seeds - 1 if seed > entity else entities - 1
        return max(seed, entity) / (seeds * entities), larger
    parts = seed**2 / (seeds - 1) + entity**2 / (entities - 1)
    parts += rest**2 / ((seeds - 1) * (entities - 1))
    return total / (seeds * entities), total**2 / parts


def _satterthwaite(*parts: tuple[float, float]) -> float:
    """Return the degrees of freedom of a sum of variances, each with its own."""
    total = sum(variance**2 / freedom for variance, freedom in parts)
    return sum(variance for variance, _ in parts) ** 2 / total if total > 0 else np.inf


def _tail(distance: float, error: float, freedom: float) -> float:
    """Return P(t > distance / error), 0 or 1 where nothing varies."""
    if np.isnan(error):
        return np.nan
    if error == 0:
        return float(distance <= 0)
    if np.isinf(freedom):
        return float(stats.norm.sf(distance / error))
    return float(stats.t.sf(distance / error, freedom))
