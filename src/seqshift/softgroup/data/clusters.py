"""Panels whose truth is known: clusters of series, and a family of seasonal ones."""

from dataclasses import dataclass

import numpy as np

from seqshift.softgroup.data import priors


@dataclass(frozen=True)
class Clusters:
    """context [series, context] with NaN, target [series, horizon], cluster [series].

    full is the context before histories were cut.
    """

    context: np.ndarray
    target: np.ndarray
    cluster: np.ndarray
    full: np.ndarray


def clusters(
    seed: int,
    C: int,
    n: int,
    context: int,
    horizon: int,
    noise: float,
    short: float,
    short_steps: tuple[int, int],
    negative: float,
    lag: int,
) -> Clusters:
    """Return C clusters of n series that share a factor each.

    A series is its factor (negated with probability `negative`, late by up to `lag`
    steps) plus `noise` times an autoregression of unit deviation, on a scale of its
    own. In each cluster a share `short` of the series keep only so many of their last
    steps: at least the first, fewer than the second of `short_steps`.
    """
    rng = np.random.default_rng(np.random.SeedSequence([seed, 2]))
    length = context + horizon
    rows = []
    for _ in range(C):
        factor = priors.base(rng, length + lag)
        for _ in range(n):
            late = int(rng.integers(0, lag + 1))
            own = factor[lag - late : lag - late + length]
            sign = -1 if rng.random() < negative else 1
            row = sign * priors.standardised(own, context)
            row = row + noise * priors.noise(rng, length, 0, 0.8)
            rows.append(priors.scaled(rng, row))
    whole = np.stack(rows)
    full = whole[:, :context].copy()
    seen = full.copy()
    for first in range(0, C * n, n):
        for member in rng.choice(n, round(short * n), replace=False):
            kept = rng.integers(*short_steps)
            seen[first + member, : context - kept] = np.nan
    return Clusters(seen, whole[:, context:], np.repeat(np.arange(C), n), full)


def seasonal_family(
    seed: int, n_series: int, context: int, horizon: int, season: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return context and target of seasonal series that no backbone was trained on.

    Four harmonics of `season`, an autoregression (memory .3 to .9, deviation .5) and a
    slow walk (.05 a step), times log-normal(0, 1), plus 5.
    """
    rng = np.random.default_rng(np.random.SeedSequence([seed, 3]))
    time, rows = np.arange(context + horizon), []
    for _ in range(n_series):
        row = priors.harmonics(rng, time, season, 4)
        row = row + 0.5 * priors.noise(rng, len(time), 0.3, 0.9)
        row = row + 0.05 * rng.standard_normal(len(time)).cumsum()
        rows.append(row * np.exp(rng.standard_normal()) + 5)
    whole = np.stack(rows)
    return whole[:, :context], whole[:, context:]
