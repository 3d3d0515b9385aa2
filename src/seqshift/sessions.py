"""Trading days of the New York Stock Exchange.

Rules and closures hold from 1980 on; they were verified against every daily bar of
INTC from 2000 to 2024 and of a share listed since 1980.
"""

from functools import cache

import pandas as pd
from pandas.tseries.holiday import (
    MO,
    AbstractHolidayCalendar,
    GoodFriday,
    Holiday,
    USLaborDay,
    USMemorialDay,
    USPresidentsDay,
    USThanksgivingDay,
    nearest_workday,
    sunday_to_monday,
)

_HOLIDAYS = [
    # a Saturday's New Year is not made up for: the books of the year close on Friday
    Holiday("New Year", month=1, day=1, observance=sunday_to_monday),
    Holiday(
        "Martin Luther King",
        month=1,
        day=1,
        offset=pd.DateOffset(weekday=MO(3)),
        start_date="1998-01-01",
    ),
    USPresidentsDay,
    GoodFriday,
    USMemorialDay,
    Holiday(
        "Juneteenth",
        month=6,
        day=19,
        observance=nearest_workday,
        start_date="2022-01-01",
    ),
    Holiday("Independence Day", month=7, day=4, observance=nearest_workday),
    USLaborDay,
    USThanksgivingDay,
    Holiday("Christmas", month=12, day=25, observance=nearest_workday),
]
_CLOSURES = (
    "1980-11-04 "  # election day
    "1985-09-27 "  # hurricane
    "1994-04-27 "  # mourning of a president, as in 2004, 2007, 2018 and 2025
    "2001-09-11 2001-09-12 2001-09-13 2001-09-14 "  # attacks
    "2004-06-11 2007-01-02 "
    "2012-10-29 2012-10-30 "  # hurricane
    "2018-12-05 2025-01-09"
).split()


def between(first, last) -> pd.DatetimeIndex:
    """Return the sessions from `first` to `last`, both included, in nanoseconds."""
    days = _years(pd.Timestamp(first).year, pd.Timestamp(last).year)
    return days[(days >= pd.Timestamp(first)) & (days <= pd.Timestamp(last))]


def held(dates: pd.Series) -> pd.Series:
    """Tell of each date whether it is a session."""
    return dates.isin(between(dates.min(), dates.max()))


@cache
def _years(first: int, last: int) -> pd.DatetimeIndex:
    start, end = f"{first}-01-01", f"{last}-12-31"
    holidays = AbstractHolidayCalendar("NYSE", _HOLIDAYS).holidays(start, end)
    weekdays = pd.bdate_range(start, end, unit="ns")
    return weekdays.difference(holidays.union(pd.DatetimeIndex(_CLOSURES)))
