from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqshift import localdays
from seqshift.errors import BadInput

ZONES = ["America/Chicago", "America/New_York", "Europe/Berlin", "UTC"]


def local_ends(ends, zone):
    """Return hour-ending wall-clock stamps as load files print them."""
    began = localdays.wall_clock(ends - localdays.HOUR, zone)
    return pd.Series(began + localdays.HOUR)


@settings(max_examples=20, deadline=None)
@given(st.dates(date(2002, 1, 2), date(2024, 12, 1)), st.sampled_from(ZONES))
def test_days_hold_the_hours_between_their_midnights(start, zone):
    days = pd.date_range(start, periods=20, unit="ns")
    ends = localdays.hours_of(days, zone)
    owners = localdays.day_of(ends, zone)
    assert owners.unique().equals(days)
    counts = pd.Series(owners).value_counts(sort=False).to_numpy()
    assert counts.tolist() == localdays.lengths(days, zone).tolist()
    assert set(counts) <= {23, 24, 25}


@settings(max_examples=20, deadline=None)
@given(st.integers(2007, 2024), st.sampled_from([3, 11]), st.booleans())
def test_stamps_of_any_clock_change_are_placed_where_they_ended(year, month, backwards):
    zone = "America/Chicago"
    days = pd.date_range(f"{year}-{month:02d}-01", periods=16, unit="ns")
    ends = localdays.hours_of(days, zone)
    stamps = local_ends(ends, zone)
    if backwards:  # days descend, hours rise
        order = np.argsort(-localdays.day_of(ends, zone).asi8, kind="stable")
        stamps, ends = stamps.iloc[order], ends[order]
    placed = localdays.place(stamps, zone)
    assert (placed["utc_end"].to_numpy() == ends.to_numpy()).all()
    assert placed["moved"].sum() == 1
    assert not placed["short"].any() and not placed["twice"].any()


def test_a_spring_day_whose_gap_is_stamped_an_hour_early_is_placed_by_position():
    days = pd.date_range("2010-03-14", periods=1, unit="ns")
    ends = localdays.hours_of(days, "America/Chicago")
    stamps = local_ends(ends, "America/Chicago")
    stamps[1] += localdays.HOUR  # 01:00, 03:00, 04:00
    placed = localdays.place(stamps, "America/Chicago")
    assert (placed["utc_end"].to_numpy() == ends.to_numpy()).all()


def test_a_short_autumn_day_keeps_its_stamps_and_is_marked():
    days = pd.date_range("2010-11-07", periods=1, unit="ns")
    ends = localdays.hours_of(days, "America/New_York")
    stamps = local_ends(ends, "America/New_York")
    kept = stamps.dt.hour != 2
    placed = localdays.place(stamps[kept], "America/New_York")
    assert len(placed) == 23 and placed["short"].all()
    assert (placed["utc_end"].to_numpy() == ends[kept].to_numpy()).all()


def test_a_stamp_that_repeats_on_an_ordinary_day_is_marked():
    days = pd.date_range("2010-06-01", periods=2, unit="ns")
    ends = localdays.hours_of(days, "America/New_York")
    stamps = local_ends(ends, "America/New_York")
    stamps[30] = stamps[29]
    assert localdays.place(stamps, "America/New_York")["twice"].sum() == 1


def test_energy_is_mean_power_times_the_true_hours_of_the_day():
    days = pd.DatetimeIndex(["2016-03-13", "2016-03-14", "2016-11-06"])
    for day, hours in zip(days, (23, 24, 25), strict=True):
        ends = localdays.hours_of(pd.DatetimeIndex([day]), "America/Chicago")
        hourly = pd.DataFrame({"A": 10.0, "B": np.arange(hours)}, index=ends)
        daily = localdays.energy(hourly, "America/Chicago")
        assert daily.index.tolist() == [day]
        assert daily["A"].item() == 10.0 * hours
        assert daily["B"].item() == pytest.approx(np.arange(hours).sum())


def test_a_day_needs_twenty_valid_hours():
    days = pd.DatetimeIndex(["2016-06-01"])
    ends = localdays.hours_of(days, "America/Chicago")
    hourly = pd.DataFrame({"A": 10.0, "B": 10.0}, index=ends)
    hourly.iloc[:4, 0] = np.nan
    hourly.iloc[:5, 1] = np.nan
    daily = localdays.energy(hourly, "America/Chicago")
    assert daily["A"].item() == 240.0 and np.isnan(daily["B"].item())
    assert localdays.energy(hourly[:19], "America/Chicago").isna().all(axis=None)


def test_an_unknown_time_zone_is_refused():
    with pytest.raises(BadInput, match="unknown timezone 'Mars/Olympus'"):
        localdays.zone("Mars/Olympus")
