"""Daily physics of a simulated grid: temperature, solar build-out and load.

Arrays are (day, entity). `truth` has one row per entity, `shifted` is the strength of
the shift on each day, (day, 1). All draws are made before the shift is applied.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.signal import lfilter

BASE_C = 18.333  # 65 degrees Fahrenheit, the base of US degree days
# Ceilings of daily mean and maximum: they touch a few days of rare seeds under a full
# covariate shift, which the range checks of real weather would refuse.
HOTTEST_MEAN, HOTTEST = 58.0, 64.0
_BURN_IN = 200  # days until an autoregression forgets its start
_SMALL_SHARE = 0.02


def parameters(rng: np.random.Generator, names: list[str]) -> pd.DataFrame:
    """Return the coefficients of each entity."""
    n = len(names)
    columns: dict[str, Callable[[], np.ndarray]] = {
        "mu": lambda: rng.uniform(8, 20, n),
        "amplitude": lambda: rng.uniform(8, 14, n),
        "cooling": lambda: rng.uniform(0.010, 0.022, n),
        "heating": lambda: rng.uniform(0.006, 0.014, n),
        "base_mwh": lambda: 1e3 * rng.lognormal(3.0, 0.7, n),
        "solar_ceiling": lambda: rng.uniform(0.08, 0.20, n),
    }
    return pd.DataFrame({key: draw() for key, draw in columns.items()}, index=names)


def autoregression(
    rng: np.random.Generator, phi: float, sd: float, shape: tuple[int, int]
) -> np.ndarray:
    """Return x_t = phi x_(t-1) + sd e_t along the first axis, past its start."""
    shocks = rng.normal(0.0, sd, size=(shape[0] + _BURN_IN, shape[1]))
    return lfilter([1.0], [1.0, -phi], shocks, axis=0)[_BURN_IN:]


def temperature(
    spec: dict,
    days: pd.DatetimeIndex,
    truth: pd.DataFrame,
    rngs: dict[str, np.random.Generator],
    shifted: np.ndarray,
) -> np.ndarray:
    """Return daily means in degrees Celsius."""
    n, entities = len(days), len(truth)
    mu, amplitude = truth["mu"].to_numpy(), truth["amplitude"].to_numpy()
    season = np.cos(2 * np.pi * (days.dayofyear.to_numpy() - 200) / 365)[:, None]
    weather = autoregression(rngs["common"], 0.8, 2.2, (n, 1))
    weather = weather + autoregression(rngs["own"], 0.7, 1.3, (n, entities))
    mean = mu + amplitude * season + weather
    if spec["trend"]:
        mean = mean + 0.02 * (np.arange(n) / 365.25)[:, None]
    if spec["shift"] in ("covariate", "both"):
        mean = mean + shifted * (4.0 + 0.35 * (mean - mu))
    return np.minimum(mean, HOTTEST_MEAN)


def solar(spec: dict, days: pd.DatetimeIndex, truth: pd.DataFrame) -> np.ndarray:
    """Return a constant small share, or with a trend its logistic build-out."""
    small = np.full((len(days), len(truth)), _SMALL_SHARE)
    if not spec["trend"]:
        return small
    years = np.arange(len(days)) / 365.25
    growth = 1 / (1 + np.exp(-(years - 0.7 * years[-1])))[:, None]
    return small + (truth["solar_ceiling"].to_numpy() - _SMALL_SHARE) * growth


def load(
    spec: dict,
    days: pd.DatetimeIndex,
    truth: pd.DataFrame,
    mean: np.ndarray,
    holiday: np.ndarray,
    share: np.ndarray,
    noise: np.ndarray,
    shifted: np.ndarray,
) -> np.ndarray:
    """Return MWh a day."""
    concept = shifted if spec["shift"] in ("concept", "both") else 0.0 * shifted
    cooling = truth["cooling"].to_numpy() * (1 + 0.8 * concept)
    heating = truth["heating"].to_numpy() * (1 - 0.6 * concept)
    if spec["shift"] == "noise":
        noise = noise * (1 + 1.5 * shifted)
    sun = np.cos(2 * np.pi * (days.dayofyear.to_numpy() - 172) / 365)
    weekend = (days.dayofweek.to_numpy() >= 5).astype(float)
    fixed = 1 - 0.07 * weekend - 0.10 * holiday
    level = fixed[:, None] - share * np.maximum(sun, 0.0)[:, None] + noise
    level = level + cooling * np.maximum(mean - BASE_C, 0.0)
    level = level + heating * np.maximum(BASE_C - mean, 0.0)
    return truth["base_mwh"].to_numpy() * level
