"""Local days and the hours they hold: 23, 24 or 25 of them.

Hours are named by the UTC time at which they end. A local day owns the hours that end
after its midnight and not after the next one.
"""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from seqshift.errors import BadInput

HOUR = pd.Timedelta(hours=1)
LEAST_HOURS = 20  # a day with fewer valid hours has no energy


def zone(name: str) -> ZoneInfo:
    """Return the time zone of an IANA name.

    Raises
    ------
    BadInput
        If the time-zone database does not hold that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput(
            f"unknown timezone '{name}': use an IANA name such as America/Chicago"
        ) from None


def to_utc(local: pd.DatetimeIndex, timezone: str) -> pd.DatetimeIndex:
    """Return wall-clock times as UTC; of a repeated hour the first one."""
    first = np.ones(len(local), dtype=bool)
    aware = local.tz_localize(
        zone(timezone), ambiguous=first, nonexistent="shift_forward"
    )
    return aware.tz_convert("UTC").tz_localize(None)


def wall_clock(utc: pd.DatetimeIndex, timezone: str) -> pd.DatetimeIndex:
    """Return UTC times as naive local times."""
    return utc.tz_localize("UTC").tz_convert(zone(timezone)).tz_localize(None)


def lengths(days: pd.DatetimeIndex, timezone: str) -> np.ndarray:
    """Return the hours in each local day."""
    starts = to_utc(days, timezone)
    ends = to_utc(days + pd.Timedelta(days=1), timezone)
    return np.rint((ends - starts) / HOUR).astype(np.int64)


def day_of(utc_end: pd.DatetimeIndex, timezone: str) -> pd.DatetimeIndex:
    """Return the local day that owns each hour."""
    return wall_clock(utc_end - HOUR, timezone).normalize()


def hours_of(days: pd.DatetimeIndex, timezone: str) -> pd.DatetimeIndex:
    """Return the UTC ends of all hours of consecutive local days."""
    first = to_utc(days[:1], timezone)[0]
    last = to_utc(days[-1:] + pd.Timedelta(days=1), timezone)[0]
    return pd.date_range(first + HOUR, last, freq="h", unit="ns")


def energy(hourly: pd.DataFrame, timezone: str) -> pd.DataFrame:
    """Return MWh per local day and series: mean power times the hours of the day.

    `hourly` holds MW, one column a series, indexed by utc_end; NaN and absent rows are
    missing hours. A day with fewer than 20 valid hours is NaN.
    """
    days = day_of(pd.DatetimeIndex(hourly.index), timezone)
    grouped = hourly.groupby(days.rename("date"), sort=True)
    mean, count = grouped.mean(), grouped.count()
    hours = lengths(pd.DatetimeIndex(mean.index), timezone)
    return mean.mul(hours, axis=0).where(count >= LEAST_HOURS)


def place(ends: pd.Series, timezone: str) -> pd.DataFrame:
    """Return utc_end of wall-clock, hour-ending stamps in file order, with marks.

    Row k of a local day ends k + 1 hours after its midnight, whatever its stamp says,
    if the day has as many rows as true hours: the stamps of the autumn hour differ
    between files and are no wall-clock times a time-zone database knows. Other days
    keep their stamps. Columns, on the index of `ends`: `utc_end`; `moved`, a stamp
    that repeats or skips an hour on a whole 25- or 23-hour day; `short`, a row of such
    a day with another number of rows; `twice`, a stamp that repeats on any other day.
    """
    frame = pd.DataFrame({"end": ends, "day": (ends - HOUR).dt.normalize()})
    frame = frame.sort_values("end", kind="stable")
    days, code = np.unique(frame["day"].to_numpy(), return_inverse=True)
    index = pd.DatetimeIndex(days)
    length = lengths(index, timezone)[code]
    whole = np.bincount(code)[code] == length
    rank = frame.groupby("day").cumcount().to_numpy()
    counted = to_utc(index, timezone)[code] + (rank + 1) * HOUR
    stamped = to_utc(pd.DatetimeIndex(frame["end"] - HOUR), timezone) + HOUR
    frame["utc_end"] = np.where(whole, counted, stamped)
    odd, step = length != 24, frame["end"].diff()
    night = frame["end"].dt.hour.between(2, 4)  # where the clock is changed
    frame["moved"] = odd & whole & night & (step != HOUR)
    frame["short"] = odd & ~whole
    frame["twice"] = (step == pd.Timedelta(0)) & ~frame["moved"]
    return frame.loc[ends.index, ["utc_end", "moved", "short", "twice"]]
