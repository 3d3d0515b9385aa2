import numpy as np
import pytest

from seqshift import spoiling
from seqshift.errors import BadInput


@pytest.mark.parametrize("seed", range(20))
def test_places_are_far_from_each_other_and_from_the_ends(seed):
    rng = np.random.default_rng(seed)
    places = sorted(spoiling.spots(rng, 8760, 8))
    assert len(places) == 8 and min(np.diff(places)) >= spoiling.APART
    assert places[0] >= spoiling.APART
    assert places[-1] <= 8760 - spoiling.APART


def test_a_series_that_is_too_short_is_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(BadInput, match="a world of 4000 hours is too short"):
        spoiling.spots(rng, 4000, 8)


def test_a_peak_stands_where_the_load_is_lowest():
    mw = np.repeat([300.0, 100.0, 200.0], 1000)
    assert spoiling.peak(mw, [500, 1500, 2500]) == (1500, 170)


def test_damage_is_drawn_and_touches_each_hour_once():
    mw = 1000 + np.arange(8760.0) % 24
    first = spoiling.demand(mw, np.random.default_rng(1))
    again = spoiling.demand(mw, np.random.default_rng(1))
    other = spoiling.demand(mw, np.random.default_rng(2))
    assert first == again != other
    values, lost, marks = first
    assert not set(values) & set(lost)
    assert len(values) == sum(marks.values()) - marks["E12"]
