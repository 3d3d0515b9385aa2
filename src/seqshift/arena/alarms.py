"""Alarms at a bearable rate of false ones, and the time that they give."""

import numpy as np
import pandas as pd

from seqshift.arena.units import Domain, Units

PER_YEAR = 4  # quarters


def limit(values: np.ndarray, positive: np.ndarray, most: float) -> float:
    """Return the value above which a signal alarms.

    It is the lowest at which a course has at most `most` false alarms a year: alarms of
    a quarter that no failure follows.
    """
    calm = np.sort(values[~positive])[::-1]
    allowed = int(np.floor(most * len(values) / PER_YEAR))
    return float(calm[allowed]) if allowed < len(calm) else -np.inf


def alarms(
    units: Units, values: np.ndarray, lead: int, domain: Domain, most: float
) -> dict[str, float]:
    """Return lead_days, never and false_alarms of one signal (unit,).

    A course is a model, seed and entity with a failing quarter; its alarm is in time if
    it comes at least `lead` quarters before the first such quarter. `lead_days` is the
    median from the end of the first alarming quarter to that of the failing one, over
    courses with an alarm in time. The limit is set in hindsight, on these units.
    """
    alarm = values > limit(values, units.positive, most)
    false = PER_YEAR * float((alarm & ~units.positive).mean())
    course = pd.MultiIndex.from_arrays(units.code[:, :3].T)
    quarter = pd.Series(units.code[:, 3], index=course)
    fails = (quarter[units.positive] + lead).groupby(level=[0, 1, 2]).min()
    first = quarter[alarm].groupby(level=[0, 1, 2]).min().reindex(fails.index)
    timely = (first + lead <= fails).to_numpy()
    days = _ends(fails[timely], domain) - _ends(first[timely], domain)
    return {
        "lead_days": float(np.median(days)) if timely.any() else np.nan,
        "never": float(1 - timely.mean()),
        "false_alarms": false,
    }


def _ends(quarters: pd.Series, domain: Domain) -> np.ndarray:
    """Return the last day of quarters since 1970-01-01."""
    number = domain.first + quarters.to_numpy().astype(int)
    ends = pd.PeriodIndex.from_ordinals(number, freq="Q").to_timestamp(how="end")
    return ends.to_numpy().astype("datetime64[D]").astype(int)
