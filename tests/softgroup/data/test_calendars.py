import numpy as np
import pandas as pd
import pytest

from seqshift.errors import BadInput
from seqshift.softgroup.data import calendars


def panel(start, hours):
    index = pd.date_range(start, periods=hours, freq="h", unit="ns")
    return pd.DataFrame({"a": np.arange(hours, dtype=float), "b": 1.0}, index)


def table(frame):
    tidy = frame.rename_axis("time").melt(ignore_index=False, var_name="series")
    return tidy.reset_index()


def test_a_tidy_table_becomes_one_column_a_series():
    frame = panel("2020-01-01", 30)
    wide = calendars.wide(table(frame), "time", "value", "s")
    pd.testing.assert_frame_equal(
        wide, frame, check_names=False, check_freq=False, check_column_type=False
    )


def test_an_absent_stamp_is_a_missing_value():
    tidy = table(panel("2020-01-01", 30))
    gone = tidy[tidy["time"] != tidy["time"].iloc[7]]
    wide = calendars.wide(gone, "time", "value", "s")
    assert len(wide) == 30 and wide.index[wide["a"].isna()].tolist() == [wide.index[7]]


def test_series_of_unequal_length_are_named():
    words = (
        "source s: series b runs from 2020-01-01 00:00:00 to 2020-01-02 04:00:00 and a"
    )
    with pytest.raises(BadInput, match=words):
        calendars.wide(table(panel("2020-01-01", 30)).iloc[:-1], "time", "value", "s")


def test_days_and_weeks_are_whole_ones():
    frame = panel("2020-01-01 05:00", 24 * 20)  # a Wednesday
    days = calendars.coarser(frame, "daily")
    assert days.index[0] == pd.Timestamp("2020-01-02") and len(days) == 19
    assert days["a"].iloc[0] == np.arange(19, 43).mean()
    weeks = calendars.coarser(frame, "weekly")
    assert [str(day.date()) for day in weeks.index] == ["2020-01-12", "2020-01-19"]
    monday = frame.loc["2020-01-06":"2020-01-12"]
    assert len(monday) == 168 and weeks["a"].iloc[0] == monday["a"].mean()
    pd.testing.assert_frame_equal(calendars.coarser(frame, "native"), frame)


def test_days_of_quarter_hours_are_whole_ones_too():
    index = pd.date_range("2020-01-01", periods=96 * 3 + 1, freq="15min", unit="ns")
    days = calendars.coarser(pd.DataFrame({"a": np.arange(289.0)}, index), "daily")
    assert days["a"].tolist() == [47.5, 143.5, 239.5]


def test_a_mean_leaves_missing_hours_out_and_an_empty_day_is_missing():
    frame = panel("2020-01-01", 72)
    frame.iloc[0:6, 0] = np.nan
    frame.iloc[24:48, 0] = np.nan
    days = calendars.coarser(frame, "daily")["a"]
    assert days.iloc[0] == np.arange(6, 24).mean() and np.isnan(days.iloc[1])
