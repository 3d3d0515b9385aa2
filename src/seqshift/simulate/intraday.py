"""Five-minute bars with known volatility, spread and signal.

Each bar is made of 12 trades. The efficient log price moves by Student t shocks (4
degrees) whose volatility is U-shaped over the UTC day around a daily level with memory;
a bar is expected to take back a tenth of the surprise of the bar before. A trade is
made half a spread above or below the efficient price, at random.

The shift acts from the first test day: covariate raises the level of log volatility by
.45; concept turns the sign of what is taken back; both does both; noise raises the half
spread by .6 of itself while volatility stays. There are no trends, so that none and
strict are the same.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.signal import lfilter

from seqshift.errors import BadInput, choose

SHIFTS = ("none", "covariate", "concept", "both", "noise", "strict")
BARS, TRADES = 288, 12  # bars a day, trades a bar
HALF_SPREAD = 1.5e-4  # of log price
SIGMA = 0.03  # daily volatility at level 0
DEPTH = 1.2  # volatility at midnight over that at noon, less 1
MEMORY, RIPPLE = 0.9, 0.1  # of the daily level of log volatility
REVERSAL = -0.10
LEVEL_SHIFT, NOISE_SHIFT = 0.45, 0.6  # at strength 1
START = 1000.0  # first price
PRICES = ("open", "high", "low", "close")


@dataclass(frozen=True)
class World:
    """The truth; everything is indexed by `times`, when bars open (UTC)."""

    times: pd.DatetimeIndex
    bars: dict[str, pd.DataFrame]  # open, high, low, close, volume: (bar, entity)
    volatility: pd.Series  # (bar,) of the log price, without spread
    half_spread: pd.Series  # (bar,) of the log price
    test_start: pd.Timestamp


def make(spec: dict) -> World:
    """Return the world of `spec`: `days` whole days, the last `test_days` shifted.

    The same seed gives the same draws for every shift.

    Raises
    ------
    BadInput
        If the shift is unknown, the strength is outside [0, 1] or no day is left
        before the test days.
    """
    times, test_start = _span(spec)
    names = list(spec["entities"])
    parts = [_bars(trades(spec, name), spec, name) for name in names]
    bars = {
        key: pd.DataFrame({n: p[key] for n, p in zip(names, parts, strict=True)}, times)
        for key in parts[0]
    }
    volatility, half_spread = _truth(spec, times >= test_start)
    return World(
        times=times,
        bars=bars,
        volatility=pd.Series(volatility, times),
        half_spread=pd.Series(half_spread, times),
        test_start=test_start,
    )


def trades(spec: dict, name: str) -> np.ndarray:
    """Return the log prices of all trades of an entity, (bar, trade)."""
    times, test_start = _span(spec)
    late = times >= test_start
    volatility, half_spread = _truth(spec, late)
    rng = np.random.default_rng(_seed(spec, name, 0))
    shape = (len(times), TRADES)
    shocks = rng.standard_t(4, shape) * (volatility / np.sqrt(2 * TRADES))[:, None]
    surprise = shocks.sum(axis=1)
    back = REVERSAL * (1 - 2 * _size(spec, "concept", late))
    expected = back * np.concatenate([[0.0], surprise[:-1]])
    moves = shocks + expected[:, None] / TRADES
    efficient = np.log(START) + np.cumsum(moves).reshape(shape)
    return efficient + half_spread[:, None] * rng.choice([-1.0, 1.0], shape)


def _bars(log_prices: np.ndarray, spec: dict, name: str) -> dict[str, np.ndarray]:
    """Return open, high, low, close and volume of each bar of one entity."""
    prices = np.exp(log_prices)
    rng = np.random.default_rng(_seed(spec, name, 1))
    busy = np.tile(_day_shape(), spec["days"])
    return {
        "open": prices[:, 0],
        "high": prices.max(axis=1),
        "low": prices.min(axis=1),
        "close": prices[:, -1],
        "volume": 100.0 * busy * rng.gamma(2.0, 0.5, len(prices)),
    }


def _span(spec: dict) -> tuple[pd.DatetimeIndex, pd.Timestamp]:
    """Return when each bar opens, and the first test day."""
    if spec["shift"] not in SHIFTS:
        raise choose("shift", spec["shift"], list(SHIFTS))
    if not 0 <= spec["strength"] <= 1:
        raise BadInput(f"strength of a world is {spec['strength']}: choose 0 to 1")
    if not 0 < spec["test_days"] < spec["days"]:
        raise BadInput(
            f"a world of {spec['days']} days cannot have {spec['test_days']} test "
            "days; choose fewer test_days"
        )
    start = pd.Timestamp(spec["start"])
    count = BARS * spec["days"]
    times = pd.date_range(start, periods=count, freq="5min", unit="ns")
    return times, start + pd.Timedelta(days=spec["days"] - spec["test_days"])


def _truth(spec: dict, late: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return volatility and half spread of each bar."""
    rng = np.random.default_rng(_seed(spec))
    ripple = RIPPLE * rng.standard_normal(spec["days"])
    level = np.repeat(lfilter([1.0], [1.0, -MEMORY], ripple), BARS)
    level = level + LEVEL_SHIFT * _size(spec, "covariate", late)
    usual = SIGMA / np.sqrt(BARS) * np.tile(_day_shape(), spec["days"])
    noise = _size(spec, "noise", late)
    return usual * np.exp(level), HALF_SPREAD * (1 + NOISE_SHIFT * noise)


def _day_shape() -> np.ndarray:
    """Return the volatility of each bar of a day relative to the root mean square."""
    place = 2 * (np.arange(BARS) + 0.5) / BARS - 1
    shape = 1 + DEPTH * place**2
    return shape / np.sqrt(np.mean(shape**2))


def _size(spec: dict, kind: str, late: np.ndarray) -> np.ndarray:
    """Return the strength of one kind of shift in each bar."""
    active = {"covariate", "concept"} if spec["shift"] == "both" else {spec["shift"]}
    return (kind in active) * spec["strength"] * late


def _seed(spec: dict, name: str = "", part: int = 0) -> np.random.SeedSequence:
    """Return the seed of the whole world, or of one part of an entity."""
    place = list(spec["entities"]).index(name) + 1 if name else 0
    return np.random.SeedSequence([spec["seed"], place, part])
