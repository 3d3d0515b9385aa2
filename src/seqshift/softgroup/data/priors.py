"""Groups of related series drawn from a prior: what a backbone is trained on here.

A series is made of one or two seasonal cycles, a smooth curve, a trend and a random
walk, each present with some probability; series of a group share such parts or do not.
"""

import numpy as np
import xarray as xr
from scipy.signal import lfilter

from seqshift import storage

_PERIODS = np.array([6, 7, 8, 12, 14, 16, 24, 28, 32, 48])  # of calendars, in steps
_FEATURES = 12
_SHIFTS = 32  # a series of a lead-lag group is late by fewer steps
_BURN_IN = 100  # steps until an autoregression forgets its start
_MODES = ("independent", "mixed", "shared", "lagged")
_CHANCES = (0.15, 0.30, 0.35, 0.20)


def prior_groups(
    seed: int, n_series: int, T: int, context: int, patch: int
) -> list[np.ndarray]:
    """Return groups of series: float32 [k, T], k of 1 to 8, NaN where unobserved.

    A training window ends its context at step `context` or later, at one step for a
    whole group, so unequal histories exist as missing values only: they begin with a
    run of fewer than `context - patch` missing values (35 % of series) or have a gap of
    1 to 19 steps before that place (10 %), which leaves each window the last `patch`
    steps before `context`.
    """
    rng = np.random.default_rng(np.random.SeedSequence([seed, 1]))
    groups, left = [], n_series
    while left:
        size = int(rng.integers(1, 9)) if rng.random() < 0.75 else 1
        group = _group(rng, min(size, left), T)
        for row in group:
            _hide(rng, row, context - patch)
        groups.append(group.astype(np.float32))
        left -= len(group)
    return groups


def write(groups: list[np.ndarray], path) -> None:
    """Write groups of equal length: values [series, step] and group [series]."""
    sizes = [len(group) for group in groups]
    number = np.repeat(np.arange(len(groups)), sizes)
    arrays = {
        "values": (("series", "step"), np.concatenate(groups)),
        "group": ("series", number),
    }
    storage.write_array(xr.Dataset(arrays), path)


def read(path) -> list[np.ndarray]:
    """Return the groups of a file.

    Raises
    ------
    BadInput
        If the file cannot be read.
    """
    file = storage.read_array(path)
    values, number = file["values"].values, file["group"].values
    return np.split(values, np.flatnonzero(np.diff(number)) + 1)


def base(rng: np.random.Generator, T: int) -> np.ndarray:
    """Return one series [T] of which at least one part is present."""
    time, parts = np.arange(T), []
    while not parts:
        if rng.random() < 0.8:
            parts.append(rng.uniform(0.5, 2) * _cycle(rng, time))
        if rng.random() < 0.4:
            second = rng.uniform(0.3, 1) * _cycle(rng, time)
            swell = rng.random() < 0.3
            parts.append(second * (1 + 0.5 * _smooth(rng, time)) if swell else second)
        if rng.random() < 0.5:
            parts.append(rng.uniform(0.3, 1.5) * _smooth(rng, time))
        if rng.random() < 0.35:
            slope = rng.standard_normal()
            parts.append(np.linspace(-2 * slope, 2 * slope, T))
        if rng.random() < 0.25:
            parts.append(standardised(rng.standard_normal(T).cumsum()))
    return np.sum(parts, axis=0)


def noise(rng: np.random.Generator, T: int, low: float, high: float) -> np.ndarray:
    """Return a first-order autoregression [T], unit deviation, memory of the range."""
    memory = rng.uniform(low, high)
    shocks = np.sqrt(1 - memory**2) * rng.standard_normal(T + _BURN_IN)
    return lfilter([1.0], [1.0, -memory], shocks)[_BURN_IN:]


def standardised(values: np.ndarray, within: int | None = None) -> np.ndarray:
    """Return the values with mean 0 and deviation 1 over their first `within` steps."""
    seen = values[:within]
    return (values - seen.mean()) / seen.std()


def harmonics(
    rng: np.random.Generator, time: np.ndarray, period: float, count: int
) -> np.ndarray:
    """Return a cycle of unit deviation: amplitudes N(0, 1) / k, phases of chance."""
    order = np.arange(1, count + 1)[:, None]
    amplitude = rng.standard_normal((count, 1)) / order
    phase = rng.uniform(0, 2 * np.pi, (count, 1))
    waves = amplitude * np.cos(2 * np.pi * order * time / period + phase)
    return standardised(waves.sum(axis=0))


def _cycle(rng: np.random.Generator, time: np.ndarray) -> np.ndarray:
    period = np.exp(rng.uniform(np.log(4), np.log(64)))
    if rng.random() < 0.6:
        period = float(_PERIODS[np.abs(_PERIODS - period).argmin()])
    return harmonics(rng, time, period, 3)


def _smooth(rng: np.random.Generator, time: np.ndarray) -> np.ndarray:
    """Return a Gaussian process by random Fourier features (Rahimi, Recht 2007)."""
    scale = np.exp(rng.uniform(np.log(10), np.log(200)))
    frequency = rng.standard_normal((_FEATURES, 1)) / scale
    phase = rng.uniform(0, 2 * np.pi, (_FEATURES, 1))
    weight = rng.standard_normal(_FEATURES) * np.sqrt(2 / _FEATURES)
    return weight @ np.cos(frequency * time + phase)


def _group(rng: np.random.Generator, size: int, T: int) -> np.ndarray:
    """Return [size, T]: signals of one mode, with noise, on scales of their own."""
    mode = rng.choice(_MODES, p=_CHANCES)
    if mode == "independent":
        signals = np.stack([base(rng, T) for _ in range(size)])
    elif mode == "mixed":
        parts = np.stack([base(rng, T) for _ in range(rng.integers(1, 4))])
        signals = rng.standard_normal((size, len(parts))) @ parts
    elif mode == "shared":
        signs = np.where(rng.random((size, 1)) < 0.75, 1, -1)
        signals = signs * base(rng, T)
    else:
        whole = base(rng, T + _SHIFTS - 1)
        starts = rng.integers(0, _SHIFTS, size)
        signals = np.stack([whole[start : start + T] for start in starts])
    rows = []
    for signal in signals:
        level = np.exp(rng.uniform(np.log(0.05), np.log(1.2)))
        row = standardised(signal) + level * noise(rng, T, 0, 0.8)
        rows.append(scaled(rng, row))
    return np.stack(rows)


def scaled(rng: np.random.Generator, row: np.ndarray) -> np.ndarray:
    """Return a row times a factor log-normal(0, 1) plus a level N(0, 9)."""
    return row * np.exp(rng.standard_normal()) + 3 * rng.standard_normal()


def _hide(rng: np.random.Generator, row: np.ndarray, end: int) -> None:
    """Take away the beginning of a row, or a few steps before `end`, or nothing."""
    if rng.random() < 0.35:
        row[: rng.integers(0, end)] = np.nan
    if rng.random() < 0.10:
        length = rng.integers(1, 20)
        start = rng.integers(0, end - length)
        row[start : start + length] = np.nan
