"""Hourly series with a daily and a weekly cycle of known size, for the benchmarks.

value = level + daily cos(hour of day) + weekly cos(hour of week) + noise, the cosines
moved by a phase of each series, the noise a first-order autoregression (.8, SD 1).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.signal import lfilter

DAY, WEEK = 24, 168  # hours
MEMORY = 0.8
_BURN_IN = 50  # hours until the noise forgets its start


@dataclass(frozen=True)
class World:
    """Values by hour and series; parameters has one row per series."""

    seed: int
    values: pd.DataFrame
    parameters: pd.DataFrame


def make(spec: dict) -> World:
    """Return the world of `spec`: `days` whole days from `start`.

    A series has numbers of its own: they do not depend on the series after it.
    """
    hours = pd.date_range(
        spec["start"], periods=DAY * spec["days"], freq="h", unit="ns"
    )
    names = list(spec["entities"])
    children = np.random.SeedSequence(spec["seed"]).spawn(len(names))
    parameters, values = {}, {}
    for name, child in zip(names, children, strict=True):
        rng = np.random.default_rng(child)
        own = {
            "level": rng.uniform(20, 100),
            "daily": rng.uniform(4, 10),
            "weekly": rng.uniform(1, 3),
            "phase": rng.uniform(0, DAY),
        }
        hour = np.arange(len(hours)) - own["phase"]
        cycle = own["daily"] * np.cos(2 * np.pi * hour / DAY)
        cycle += own["weekly"] * np.cos(2 * np.pi * hour / WEEK)
        parameters[name] = own
        values[name] = own["level"] + cycle + _noise(rng, len(hours))
    return World(
        seed=spec["seed"],
        values=pd.DataFrame(values, index=hours),
        parameters=pd.DataFrame.from_dict(parameters, orient="index"),
    )


def _noise(rng: np.random.Generator, count: int) -> np.ndarray:
    shocks = np.sqrt(1 - MEMORY**2) * rng.standard_normal(count + _BURN_IN)
    return lfilter([1.0], [1.0, -MEMORY], shocks)[_BURN_IN:]
