"""Data frames whose items are to share information."""

import numpy as np
import pandas as pd
import pytest

from seqshift.errors import BadInput
from seqshift.softgroup import frames
from seqshift.softgroup.origins import MixedOriginError


@pytest.fixture
def frame() -> pd.DataFrame:
    days = pd.date_range("2024-01-01", periods=4)
    return pd.DataFrame(
        {"name": ["a"] * 4 + ["b"] * 4, "day": [*days, *days], "load": range(8)}
    )


def check(frame: pd.DataFrame, target="load"):
    frames.check(frame, "name", "day", target)


def test_items_of_one_origin_pass_in_any_order(frame):
    check(frame.sample(frac=1, random_state=1))
    check(frame.assign(day=frame["day"].astype(str)), target=["load"])


def test_an_id_that_two_series_share_is_refused(frame):
    twice = frame.assign(name="a")
    with pytest.raises(BadInput, match="item a has the time stamp 2024-01-01 .* twice"):
        check(twice)


def test_a_target_without_a_value_is_refused(frame):
    frame["heat"] = np.where(frame["name"] == "b", np.nan, 1.0)
    with pytest.raises(
        BadInput, match=r"item b has no observed value in column 'heat'"
    ):
        check(frame, target=["load", "heat"])


def test_items_of_different_origins_are_refused(frame):
    with pytest.raises(MixedOriginError, match="item a ends at .*04 .* item b at .*03"):
        check(frame.iloc[:-1])


def test_a_missing_column_is_refused(frame):
    with pytest.raises(BadInput, match="has no column 'heat'; name its columns"):
        check(frame, target="heat")
