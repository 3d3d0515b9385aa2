import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqshift import loads
from seqshift.errors import BadInput

HOURS = pd.date_range("2020-01-01 01:00", periods=400, freq="h", unit="ns")


def series(mw):
    return pd.DataFrame({"utc_end": HOURS[: len(mw)], "mw": mw, "flag": ""})


@settings(max_examples=30, deadline=None)
@given(st.lists(st.booleans(), min_size=5, max_size=60), st.booleans())
def test_gaps_of_at_most_three_hours_are_filled_linearly(gone, as_rows):
    gone = np.array([False, *gone, False])
    frame = series(100.0 + np.arange(len(gone)))
    frame = frame.assign(mw=frame["mw"].mask(gone)) if as_rows else frame[~gone]
    full = loads.bridge(frame, "E12").set_index("utc_end")
    runs = pd.Series(gone).groupby((~gone).cumsum()).transform("sum")
    long = gone & (runs.to_numpy() > loads.LONGEST_GAP)
    times = HOURS[: len(gone)]
    line = pd.Series(100.0 + np.arange(len(gone)), index=times)
    valid = full["mw"].dropna()
    np.testing.assert_allclose(valid, line[~long], rtol=1e-12)
    assert valid.index.equals(times[~long])
    added = (full["flag"] == "E12").sum()
    assert added == (0 if as_rows else (gone & ~long).sum())


def test_absurd_values_are_found_but_not_their_neighbours():
    day = 100 + 20 * np.sin(2 * np.pi * np.arange(400) / 24)
    mw = pd.Series(day, index=HOURS)
    mw.iloc[200], mw.iloc[300] = 2_147_480_000.0, 1.6 * mw.iloc[300]
    high, jump = loads.absurd(mw)
    assert np.flatnonzero(high).tolist() == [200]
    assert np.flatnonzero(jump).tolist() == [300]


def test_rules_are_added_to_the_flag():
    flag = loads.mark(pd.Series(["", "E3", ""]), [True, True, False], "E10")
    assert flag.tolist() == ["E10", "E3+E10", ""]


def test_a_dead_series_is_refused_with_its_first_hour(tmp_path):
    mw = pd.Series([1.0, 2.0, *[3.0] * 48], index=HOURS[:50])
    words = "3.0 MW stands for 48 hours or more from 2020-01-01 03:00:00 UTC"
    with pytest.raises(BadInput, match=words):
        loads.alive(mw, tmp_path, 48)
    loads.alive(mw[:-1], tmp_path, 48)
    loads.alive(mw.where(mw < 3), tmp_path, 48)


def test_hours_of_a_long_run_are_frozen_and_missing_hours_are_not():
    mw = pd.Series([1.0, 2.0, 2.0, 2.0, np.nan, np.nan, np.nan, 2.0, 2.0, 3.0])
    assert np.flatnonzero(loads.frozen(mw, 3)).tolist() == [1, 2, 3]
    assert np.flatnonzero(loads.frozen(mw, 2)).tolist() == [1, 2, 3, 7, 8]


def test_the_lag_behind_a_reference_is_found_for_each_year():
    times = pd.date_range("2019-06-01", "2020-06-01", freq="h", unit="ns")
    rng = np.random.default_rng(0)
    reference = pd.Series(rng.normal(size=len(times)).cumsum(), index=times)
    noisy = 3 * reference + rng.normal(size=len(times))
    for hours in (-1, 0, 1):
        late = noisy.shift(freq=pd.Timedelta(hours=hours))
        assert loads.lag(late, reference).to_dict() == {2019: hours, 2020: hours}
    half = pd.concat([noisy[:"2019"], noisy["2020":].shift(freq="-1h")])
    half = half[~half.index.duplicated()]
    assert loads.lag(half, reference).to_dict() == {2019: 0, 2020: -1}


def test_rules_are_counted_by_row():
    flag = pd.Series(["", "E3", "E3+E1b", "E12"])
    assert loads.marked(flag) == {"E3": 2, "E1b": 1, "E12": 1}
    assert loads.marked(flag[:1]) == {}
