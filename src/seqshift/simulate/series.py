"""Hourly series with a daily and a weekly cycle of known size, for the benchmarks.

value = level + daily cos(hour of day) + weekly cos(hour of week) + noise, the cosines
moved by a phase of each series, the noise a first-order autoregression (.8, SD 1).
Series of one sector have one phase and add the course of the sector, a slow
autoregression (.98, SD 3).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.signal import lfilter

DAY, WEEK = 24, 168  # hours
MEMORY = 0.8
COURSE_MEMORY, COURSE_SD = 0.98, 3.0
_BURN_IN = 50  # hours until the noise forgets its start


@dataclass(frozen=True)
class World:
    """Values by hour and series; parameters has one row per series."""

    seed: int
    values: pd.DataFrame
    parameters: pd.DataFrame

    def hourly(self) -> pd.DataFrame:
        """Return the values as MW of the hour that ends at the index."""
        return self.values.rename_axis("utc_end")


def make(spec: dict) -> World:
    """Return the world of `spec`: `days` whole days from `start`.

    A series has numbers of its own: they do not depend on the series after it. Nor do
    those of a sector depend on the others.
    """
    hours = pd.date_range(
        spec["start"], periods=DAY * spec["days"], freq="h", unit="ns"
    )
    names, sectors = list(spec["entities"]), spec.get("sectors", {})
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
        noise = 0.0
        if name in sectors:
            own["phase"], noise = _sector(spec["seed"], sectors[name], len(hours))
        hour = np.arange(len(hours)) - own["phase"]
        cycle = own["daily"] * np.cos(2 * np.pi * hour / DAY)
        cycle += own["weekly"] * np.cos(2 * np.pi * hour / WEEK)
        parameters[name] = own
        noise = noise + _noise(rng, len(hours), MEMORY)
        values[name] = own["level"] + cycle + noise
    return World(
        seed=spec["seed"],
        values=pd.DataFrame(values, index=hours),
        parameters=pd.DataFrame.from_dict(parameters, orient="index"),
    )


def _sector(seed: int, name: str, count: int) -> tuple[float, np.ndarray]:
    """Return the phase and the course of a sector."""
    entropy = [seed, 6, *name.encode()]
    rng = np.random.default_rng(np.random.SeedSequence(entropy))
    phase = rng.uniform(0, DAY)
    return phase, COURSE_SD * _noise(rng, count, COURSE_MEMORY)


def _noise(rng: np.random.Generator, count: int, memory: float) -> np.ndarray:
    """Return a first-order autoregression of unit deviation."""
    shocks = np.sqrt(1 - memory**2) * rng.standard_normal(count + _BURN_IN)
    return lfilter([1.0], [1.0, -memory], shocks)[_BURN_IN:]
