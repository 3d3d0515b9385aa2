"""The choice of windows to explain."""

import numpy as np
import pandas as pd
import pytest

from panel import small_panel
from seqshift import sampling


@pytest.fixture(scope="module")
def panel():
    return small_panel()


@pytest.fixture(scope="module")
def frame(panel):
    return panel.cut(*sampling.SIDE)[1]


def draw(panel, frame, by_date=False, seed=0, **rule):
    spec = panel.spec | {"attribution": panel.spec["attribution"] | rule}
    drift = panel.drift | {"seed": seed}
    found = sampling.eligible(frame, spec, drift)
    seen = frame["entity"].isin(panel.spec["entities"]["seen"]).to_numpy()
    return sampling.sample(found, seen, spec, drift, by_date)


def test_each_side_comes_from_its_own_roles(panel, frame):
    drawn = draw(panel, frame)
    role = frame["role"].to_numpy()[drawn["row"]]
    seen = drawn["entity"] != "SOUTH"
    assert set(role[seen & (drawn["role"] == "reference")]) == {"train"}
    assert set(role[seen & (drawn["role"] == "test")]) == {"temporal_test"}
    assert set(role[~seen]) == {"spatial_test"}
    assert set(drawn.loc[~seen, "year"]) == {2001, 2002}
    assert set(drawn.loc[~seen, "slice"]) == {""}


def test_a_drawn_row_is_the_window_it_names(panel, frame):
    drawn = draw(panel, frame)
    same = frame.iloc[drawn["row"]].reset_index(drop=True)
    pd.testing.assert_series_equal(same["entity"], drawn["entity"])
    pd.testing.assert_series_equal(same["date"], drawn["date"])
    assert (same["date"].dt.year == drawn["year"]).all()


def test_at_most_so_many_windows_a_year_are_drawn(panel, frame):
    drawn = draw(panel, frame, windows_per_year=12)
    assert not drawn.duplicated(["row", "slice"]).any()
    plain = drawn[drawn["slice"] == ""]
    assert set(plain.groupby(sampling.YEAR).size()) == {12, 6}  # 2003 is half a year
    assert drawn.loc[drawn["slice"] != ""].groupby(sampling.YEAR).size().max() == 12
    every = draw(panel, frame, windows_per_year=1000)
    plain = every[every["slice"] == ""]
    expected = frame[frame["role"].isin(sampling.SIDE)]
    assert sorted(plain["row"]) == expected.index.tolist()


@pytest.mark.parametrize("by_date", [False, True])
def test_each_calendar_quarter_gives_a_quarter_of_the_windows(panel, frame, by_date):
    drawn = draw(panel, frame, by_date, windows_per_year=12)
    plain = drawn[drawn["slice"] == ""]
    assert (plain["quarter"] == plain["date"].dt.quarter).all()
    sizes = plain.groupby(["entity", "year", "quarter"]).size()
    assert set(sizes) == {3}
    assert set(sizes["EAST", 2001].index) == {1, 2, 3, 4}
    assert set(drawn.loc[drawn["slice"] != "", "quarter"]) == {0}


def test_a_quarter_with_fewer_windows_gives_all_it_has(panel, frame):
    scarce = frame.copy()
    first = (scarce["date"].dt.quarter == 1) & (scarce["date"].dt.year == 2002)
    lost = first & (scarce["date"].dt.day > 1)
    scarce.loc[lost, "role"] = "val"
    drawn = draw(panel, scarce, windows_per_year=16)
    plain = drawn[(drawn["slice"] == "") & (drawn["year"] == 2002)]
    sizes = plain.groupby(["entity", "quarter"]).size().unstack()
    there = scarce[first & ~lost & scarce["role"].isin(sampling.SIDE)]
    assert sizes[1].to_dict() == there.groupby("entity").size().to_dict()
    assert (sizes[[2, 3, 4]] == 4).all(axis=None)


def test_the_sample_depends_on_the_seed_only(panel, frame):
    first = draw(panel, frame)
    pd.testing.assert_frame_equal(first, draw(panel, frame))
    assert not first.equals(draw(panel, frame, seed=1))


def test_the_sample_of_an_entity_does_not_depend_on_the_others(panel, frame):
    alone = frame[frame["entity"] == "NORTH"].reset_index(drop=True)
    drawn, few = draw(panel, frame), draw(panel, alone)
    both = drawn[drawn["entity"] == "NORTH"].reset_index(drop=True)
    assert both["date"].equals(few["date"])


def test_heat_is_compared_with_heat_days_of_train(panel, frame):
    drawn = draw(panel, frame, windows_per_year=1000)
    heat = drawn[drawn["slice"] == "heat"]
    assert {"reference", "test"} == set(heat["role"])
    assert (frame["slice"].to_numpy()[heat["row"]] == "heat").all()


def test_a_crash_is_compared_with_its_season_in_train(panel, frame):
    drawn = draw(panel, frame, windows_per_year=1000)
    crash = drawn[drawn["slice"] == "crash"]
    test = crash[crash["role"] == "test"]
    assert test["date"].between("2004-03-01", "2004-03-20").all()
    past = crash[crash["role"] == "reference"]
    assert set(past["year"]) == {2001, 2002}
    day = past["date"].dt.dayofyear  # 1 March 2004 is day 61, 20 March day 80
    assert day.between(61 - 15, 80 + 15).all()
    assert day.min() < 50 and day.max() > 90


def test_a_season_wraps_around_the_year():
    near = sampling._same_season(np.array([1, 10, 180, 360, 366]), np.array([3]), 8)
    assert near.tolist() == [True, True, False, False, True]
    assert not sampling._same_season(np.array([1]), np.array([], int), 8).any()


def test_groups_with_too_few_windows_are_dropped(panel, frame):
    drawn = draw(panel, frame, windows_per_year=1000, min_windows=100)
    plain = drawn[drawn["slice"] == ""]
    assert plain.groupby(sampling.YEAR).size().min() >= 100
    few = draw(panel, frame, windows_per_year=4, min_windows=5)
    assert set(few["slice"]) == {"crash", "heat"}
    fewer = draw(panel, frame, windows_per_year=4, min_windows=5, min_slice_windows=5)
    assert fewer.empty


@pytest.mark.parametrize("by_date", [False, True])
def test_the_years_of_a_slice_have_equal_numbers_of_windows(panel, frame, by_date):
    # Years of unequal noise cannot be permuted: the null would be wrong.
    drawn = draw(panel, frame, by_date, windows_per_year=1000)
    extreme = drawn[drawn["slice"] != ""]
    sizes = extreme.groupby(sampling.YEAR).size()
    assert len(sizes)
    assert (sizes.groupby(["entity", "slice"]).nunique() == 1).all()


def test_a_year_shared_by_two_eras_is_a_reference(panel, frame):
    shared = frame.copy()
    late = (shared["date"] >= "2002-11-01") & (shared["role"] == "train")
    shared.loc[late, "role"] = "temporal_test"
    drawn = draw(panel, shared, windows_per_year=1000)
    assert (drawn.groupby(sampling.YEAR)["role"].nunique() == 1).all()
    assert not np.isin(drawn["row"], np.flatnonzero(late)).any()
    assert 2003 in set(drawn.loc[drawn["role"] == "test", "year"])


def test_dates_are_shared_by_the_entities_of_a_cross_entity_model(panel, frame):
    drawn = draw(panel, frame, by_date=True)
    plain = drawn[drawn["slice"] == ""]
    for year, group in plain.groupby("year"):
        days = group.groupby("entity")["date"].agg(frozenset)
        assert days.nunique() == 1
        assert len(days.iloc[0]) == (4 if year == 2003 else 8)  # half of 2003 is there
    assert {"SOUTH", "EAST"} <= set(plain.loc[plain["year"] == 2001, "entity"])
