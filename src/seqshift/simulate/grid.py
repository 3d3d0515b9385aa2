"""A power grid with known truth: temperatures, load, holidays and solar build-out.

Temperatures are a seasonal cycle plus a common and an own first-order autoregression
(innovation SD 2.2 and 1.3 degrees). Load is a base (GWh a day) times 1 + cooling +
heating - weekend - holiday - solar + noise (autoregression .6, SD .02). The shift acts
from the first day of the test era; `strict` is no shift and no trend.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.tseries.holiday import USFederalHolidayCalendar

from seqshift import gridphysics, localdays
from seqshift.errors import BadInput, choose

SHIFTS = ("none", "covariate", "concept", "both", "noise")
STRICT = {"shift": "none", "trend": False}
_NOISE_SD = 0.02 * (1 - 0.6**2) ** 0.5  # of an innovation
_YEAR = 365
_GENERATORS = 2.0  # MW of all generators over the mean load of the first year


@dataclass(frozen=True)
class World:
    """Daily truth; frames are indexed by `days` with one column per entity.

    load in MWh a day, temperatures in degrees Celsius, solar_share as a share of the
    base load; parameters has one row per entity; test_start is the first shifted day;
    timezones holds the zone of each entity, timezone the one they have by default.
    Capacity: the photovoltaic power of a day is solar_share * mean_mw(), that of all
    generators total_mw() at all times, so that the share of a state's capacity is half
    its solar_share.
    """

    days: pd.DatetimeIndex
    load: pd.DataFrame
    temp_mean: pd.DataFrame
    temp_max: pd.DataFrame
    holiday: pd.Series
    solar_share: pd.DataFrame
    timezone: str
    timezones: dict[str, str]
    states: dict[str, str]
    parameters: pd.DataFrame
    test_start: pd.Timestamp

    def hourly(self) -> pd.DataFrame:
        """Return MW per hour (index utc_end); the hours of a local day sum to load.

        Where time zones differ, the hours at either end that lie outside the days of
        an entity repeat its first or last hour.
        """
        frames = []
        for zone in dict.fromkeys(self.timezones.values()):
            names = [name for name, its in self.timezones.items() if its == zone]
            frames.append(_hours(self.load[names], zone))
        whole = pd.concat(frames, axis=1, sort=True)
        return whole.ffill().bfill()[list(self.load)]

    def of_states(self, frame: pd.DataFrame, how: str) -> pd.DataFrame:
        """Return `sum` or `mean` over the entities of each state, by postal code."""
        return frame.T.groupby(self.states).agg(how).T

    def mean_mw(self) -> pd.Series:
        """Return the mean load in MW of each entity over the first 365 days."""
        return self.load.iloc[:_YEAR].mean() / 24

    def total_mw(self) -> pd.Series:
        """Return the power of all generators of each entity in MW."""
        return _GENERATORS * self.mean_mw()


def make(spec: dict) -> World:
    """Return the world of `spec`: the same seed gives the same draws for every shift.

    Raises
    ------
    BadInput
        If the shift, strength, a time zone or the state of an entity is unknown.
    """
    if spec["shift"] == "strict":
        spec = spec | STRICT
    zones = _check(spec)
    names = list(spec["entities"])
    days, test_start = _span(spec, pd.Timestamp(spec["start"]))
    rngs = _generators(spec["seed"])
    truth = gridphysics.parameters(rngs["parameters"], names)
    shifted = (days >= test_start).astype(float)[:, None] * spec["strength"]
    mean = gridphysics.temperature(spec, days, truth, rngs, shifted)
    gap = 4.0 + rngs["gap"].gamma(4.0, 0.6, size=mean.shape)
    calendar = USFederalHolidayCalendar().holidays(days[0], days[-1])
    holiday = days.isin(calendar).astype(np.int64)
    share = gridphysics.solar(spec, days, truth)
    noise = gridphysics.autoregression(rngs["noise"], 0.6, _NOISE_SD, mean.shape)
    load = gridphysics.load(spec, days, truth, mean, holiday, share, noise, shifted)

    def frame(values: np.ndarray) -> pd.DataFrame:
        return pd.DataFrame(values, index=days, columns=names)

    return World(
        days=days,
        load=frame(load),
        temp_mean=frame(mean),
        temp_max=frame(np.minimum(mean + gap, gridphysics.HOTTEST)),
        holiday=pd.Series(holiday, index=days),
        solar_share=frame(share),
        timezone=spec.get("timezone", next(iter(zones.values()))),
        timezones=zones,
        states={name: spec["states"][name] for name in names},
        parameters=truth,
        test_start=test_start,
    )


def _check(spec: dict) -> dict[str, str]:
    """Return the time zone of each entity."""
    if spec["shift"] not in SHIFTS:
        raise choose("shift", spec["shift"], [*SHIFTS, "strict"])
    if not 0 <= spec["strength"] <= 1:
        raise BadInput(f"strength of a world is {spec['strength']}: choose 0 to 1")
    missing = [name for name in spec["entities"] if name not in spec["states"]]
    if missing:
        raise BadInput(f"world: entity {missing[0]} has no state; add it to states")
    zones = dict.fromkeys(spec["entities"], spec.get("timezone", ""))
    zones |= {
        name: zone for name, zone in spec.get("timezones", {}).items() if name in zones
    }
    for zone in set(zones.values()):
        localdays.zone(zone)
    return zones


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


def _hours(load: pd.DataFrame, zone: str) -> pd.DataFrame:
    """Return MW on all hours of the days of one time zone."""
    days = pd.DatetimeIndex(load.index)
    ends = localdays.hours_of(days, zone)
    owner = localdays.day_of(ends, zone)
    hour = localdays.wall_clock(ends - localdays.HOUR, zone).hour
    profile = pd.Series(1 + 0.2 * np.cos(2 * np.pi * (hour - 17) / 24), index=ends)
    weight = profile / profile.groupby(owner).transform("sum")
    daily = load.loc[owner].set_axis(ends, axis=0).rename_axis("utc_end")
    return daily.mul(weight, axis=0)
