"""The calendar of the exchange against its known closures and real bars."""

import gzip

import pandas as pd
import pytest

from seqshift import sessions


def closed(year):
    """Return the weekdays of a year without trading."""
    days = pd.bdate_range(f"{year}-01-01", f"{year}-12-31")
    return days.difference(sessions.between(days[0], days[-1])).strftime("%m-%d")


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (1997, "01-01 02-17 03-28 05-26 07-04 09-01 11-27 12-25"),
        (2001, "01-01 01-15 02-19 04-13 05-28 07-04 09-03 "
               "09-11 09-12 09-13 09-14 11-22 12-25"),
        (2011, "01-17 02-21 04-22 05-30 07-04 09-05 11-24 12-26"),
        (2012, "01-02 01-16 02-20 04-06 05-28 07-04 09-03 10-29 10-30 11-22 12-25"),
        (2021, "01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24"),
        (2022, "01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26"),
    ],
)  # fmt: skip
def test_the_exchange_is_closed_on_its_holidays_and_on_no_other_weekday(year, days):
    assert closed(year).tolist() == days.split()


@pytest.mark.parametrize(
    "day", "1980-11-04 1985-09-27 1994-04-27 2007-01-02 2018-12-05 2025-01-09".split()
)
def test_the_exchange_is_closed_on_days_of_mourning_and_disaster(day):
    assert len(sessions.between(day, day)) == 0


def test_both_ends_count_and_times_are_nanoseconds():
    days = sessions.between("2020-01-02", pd.Timestamp("2020-01-06"))
    assert days.strftime("%m-%d").tolist() == ["01-02", "01-03", "01-06"]
    assert days.dtype == "datetime64[ns]"


def test_each_date_is_told_apart():
    dates = pd.Series(pd.to_datetime(["2021-12-31", "2022-01-01", "2022-01-03"]))
    assert sessions.held(dates).tolist() == [True, False, True]


@pytest.mark.mirror
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("finance_yahoo_daily_2024-03/INTC", 6084),
        ("finance_yahoo_daily_2020-12/COHR", 10275),  # since 1980
        ("finance_yahoo_autoadj_2025-12/ADI", 2262),
    ],
)
def test_real_bars_are_on_the_sessions_exactly(mirror, name, count):
    with gzip.open(mirror / f"{name}.csv.gz", "rt") as file:
        dates = pd.DatetimeIndex(pd.read_csv(file, parse_dates=["Date"])["Date"])
    assert len(dates) == count
    assert dates.equals(sessions.between(dates[0], dates[-1]).as_unit(dates.unit))
