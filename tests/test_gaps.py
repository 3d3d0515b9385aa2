import numpy as np
import pandas as pd

from seqshift import gaps


def series(values, drop=()):
    days = pd.date_range("2020-01-01", periods=len(values), unit="ns", name="date")
    frame = pd.DataFrame({"a": values, "b": np.arange(len(values)) * 1.0}, days)
    return frame.drop(index=days[list(drop)])


def test_short_gaps_of_missing_and_absent_rows_are_interpolated():
    frame = series([0, np.nan, 2, 9, 4, 5], drop=[3])
    whole, filled = gaps.fill(frame, "D", 1)
    assert whole["a"].tolist() == [0, 1, 2, 3, 4, 5]
    assert filled.tolist() == [False, True, False, True, False, False]


def test_rows_of_longer_gaps_stay_as_they_were_given():
    frame = series([0, np.nan, np.nan, 3, 9, 9, 9, 7], drop=[4, 5, 6])
    whole, filled = gaps.fill(frame, "D", 1)
    pd.testing.assert_frame_equal(whole, frame)
    assert not filled.any()
    whole, filled = gaps.fill(frame, "D", 2)
    assert whole["a"].tolist() == [0, 1, 2, 3, 7]
    assert filled.tolist() == [False, True, True, False, False]


def test_a_row_that_lacks_one_value_is_filled_as_a_whole():
    frame = series([0.0, np.nan, 2.0])
    frame.loc[frame.index[1], "b"] = 50.0
    whole, _ = gaps.fill(frame, "D", 1)
    assert whole["b"].tolist() == [0, 1, 2]


def test_nothing_is_filled_before_the_first_and_after_the_last_complete_row():
    frame = series([np.nan, 1, 2, np.nan])
    whole, filled = gaps.fill(frame, "D", 3)
    pd.testing.assert_frame_equal(whole, frame)
    assert not filled.any()


def test_a_frame_without_a_complete_row_comes_back():
    frame = series([np.nan, np.nan])
    whole, filled = gaps.fill(frame, "D", 3)
    assert whole["a"].isna().all() and not filled.any()
