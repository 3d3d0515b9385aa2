"""A power grid with known truth: temperatures, load, holidays and solar build-out.

Temperatures are a seasonal cycle plus a common and an own first-order autoregression
(innovation SD 2.2 and 1.3 degrees). Load is a base (GWh a day) times 1 + cooling +
heating - weekend - holiday - solar + noise (autoregression .6, SD .02). The shift acts
from the first day of the test era; all draws are made before it is applied.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.tseries.holiday import USFederalHolidayCalendar
from scipy.signal import lfilter

from seqshift import localdays
from seqshift.errors import BadInput, choose

SHIFTS = ("none", "covariate", "concept", "both", "noise")
BASE_C = 18.333  # 65 degrees Fahrenheit, the base of US degree days
_BURN_IN = 200  # days until an autoregression forgets its start
_SMALL_SHARE = 0.02
# Ceilings of daily mean and maximum: they touch a few days of rare seeds under a full
# covariate shift, which the range checks of real weather would refuse.
_HOTTEST = (58.0, 64.0)


@dataclass(frozen=True)
class World:
    """Daily truth; frames are indexed by `days` with one column per entity.

    load in MWh a day, temperatures in degrees Celsius, solar_share as a share of the
    base load; parameters has one row per entity; test_start is the first shifted day.
    """

    days: pd.DatetimeIndex
    load: pd.DataFrame
    temp_mean: pd.DataFrame
    temp_max: pd.DataFrame
    holiday: pd.Series
    solar_share: pd.DataFrame
    timezone: str
    states: dict[str, str]
    parameters: pd.DataFrame
    test_start: pd.Timestamp

    def hourly(self) -> pd.DataFrame:
        """Return MW per hour (index utc_end); the hours of a local day sum to load."""
        ends = localdays.hours_of(self.days, self.timezone)
        days = localdays.day_of(ends, self.timezone)
        hour = localdays.wall_clock(ends - localdays.HOUR, self.timezone).hour
        profile = pd.Series(1 + 0.2 * np.cos(2 * np.pi * (hour - 17) / 24), index=ends)
        weight = profile / profile.groupby(days).transform("sum")
        daily = self.load.loc[days].set_axis(ends, axis=0).rename_axis("utc_end")
        return daily.mul(weight, axis=0)


def make(spec: dict) -> World:
    """Return the world of `spec`: the same seed gives the same draws for every shift.

    Raises
    ------
    BadInput
        If the shift, strength, time zone or the state of an entity is unknown.
    """
    _check(spec)
    names = list(spec["entities"])
    start = pd.Timestamp(spec["start"])
    days, test_start = _span(spec, start)
    rngs = _generators(spec["seed"])
    truth = _parameters(rngs["parameters"], names)
    shifted = (days >= test_start).astype(float)[:, None] * spec["strength"]
    mean = _temperature(spec, days, truth, rngs, shifted)
    gap = 4.0 + rngs["gap"].gamma(4.0, 0.6, size=mean.shape)
    calendar = USFederalHolidayCalendar().holidays(days[0], days[-1])
    holiday = days.isin(calendar).astype(np.int64)
    share = _solar(spec, days, truth)
    noise = _autoregression(rngs["noise"], 0.6, 0.02 * np.sqrt(1 - 0.6**2), mean.shape)
    load = _load(spec, days, truth, mean, holiday, share, noise, shifted)

    def frame(values: np.ndarray) -> pd.DataFrame:
        return pd.DataFrame(values, index=days, columns=names)

    return World(
        days=days,
        load=frame(load),
        temp_mean=frame(mean),
        temp_max=frame(np.minimum(mean + gap, _HOTTEST[1])),
        holiday=pd.Series(holiday, index=days),
        solar_share=frame(share),
        timezone=spec["timezone"],
        states={name: spec["states"][name] for name in names},
        parameters=truth,
        test_start=test_start,
    )


def _check(spec: dict) -> None:
    if spec["shift"] not in SHIFTS:
        raise choose("shift", spec["shift"], list(SHIFTS))
    if not 0 <= spec["strength"] <= 1:
        raise BadInput(f"strength of a world is {spec['strength']}: choose 0 to 1")
    missing = [name for name in spec["entities"] if name not in spec["states"]]
    if missing:
        raise BadInput(f"world: entity {missing[0]} has no state; add it to states")
    localdays.zone(spec["timezone"])


def _span(spec: dict, start: pd.Timestamp) -> tuple[pd.DatetimeIndex, pd.Timestamp]:
    """Return all days of the world and the first day of the test era."""
    test_start = start + pd.DateOffset(years=spec["train_years"] + spec["val_years"])
    end = test_start + pd.DateOffset(years=spec["test_years"])
    days = pd.date_range(start, end, inclusive="left", unit="ns")
    return days, test_start


def _generators(seed: int) -> dict[str, np.random.Generator]:
    """Return one independent generator per component."""
    names = ("parameters", "common", "own", "noise", "gap")
    children = np.random.SeedSequence(seed).spawn(len(names))
    return dict(zip(names, map(np.random.default_rng, children), strict=True))


def _parameters(rng: np.random.Generator, names: list[str]) -> pd.DataFrame:
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


def _autoregression(
    rng: np.random.Generator, phi: float, sd: float, shape: tuple[int, int]
) -> np.ndarray:
    """Return x_t = phi x_(t-1) + sd e_t along the first axis, past its start."""
    shocks = rng.normal(0.0, sd, size=(shape[0] + _BURN_IN, shape[1]))
    return lfilter([1.0], [1.0, -phi], shocks, axis=0)[_BURN_IN:]


def _temperature(
    spec: dict,
    days: pd.DatetimeIndex,
    truth: pd.DataFrame,
    rngs: dict[str, np.random.Generator],
    shifted: np.ndarray,
) -> np.ndarray:
    """Return daily means, (day, entity)."""
    n, entities = len(days), len(truth)
    mu, amplitude = truth["mu"].to_numpy(), truth["amplitude"].to_numpy()
    season = np.cos(2 * np.pi * (days.dayofyear.to_numpy() - 200) / 365)[:, None]
    weather = _autoregression(rngs["common"], 0.8, 2.2, (n, 1))
    weather = weather + _autoregression(rngs["own"], 0.7, 1.3, (n, entities))
    mean = mu + amplitude * season + weather
    if spec["trend"]:
        mean = mean + 0.02 * (np.arange(n) / 365.25)[:, None]
    if spec["shift"] in ("covariate", "both"):
        mean = mean + shifted * (4.0 + 0.35 * (mean - mu))
    return np.minimum(mean, _HOTTEST[0])


def _solar(spec: dict, days: pd.DatetimeIndex, truth: pd.DataFrame) -> np.ndarray:
    """Return a constant small share, or with a trend its logistic build-out."""
    small = np.full((len(days), len(truth)), _SMALL_SHARE)
    if not spec["trend"]:
        return small
    years = np.arange(len(days)) / 365.25
    growth = 1 / (1 + np.exp(-(years - 0.7 * years[-1])))[:, None]
    return small + (truth["solar_ceiling"].to_numpy() - _SMALL_SHARE) * growth


def _load(
    spec: dict,
    days: pd.DatetimeIndex,
    truth: pd.DataFrame,
    mean: np.ndarray,
    holiday: np.ndarray,
    share: np.ndarray,
    noise: np.ndarray,
    shifted: np.ndarray,
) -> np.ndarray:
    """Return MWh a day, (day, entity)."""
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
