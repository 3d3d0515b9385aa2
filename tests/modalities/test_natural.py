"""Budgets of natural windows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqshift.modalities import natural

DAY = np.datetime64("2001-01-01").astype(int)


def panel(entities, years, missing=()):
    """Return entity and date of a window a day; (entity, year) pairs may be missing."""
    date = DAY + np.arange(365 * years)
    entity = np.repeat(np.arange(1, entities + 1), len(date))
    date = np.tile(date, entities)
    gone = np.zeros(len(date), bool)
    for who, year in missing:
        gone |= (entity == who) & (calendar_year(date) == 2001 + year)
    return entity[~gone], date[~gone]


def calendar_year(date):
    return date.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970


def spec(fraction, by, seed=0):
    return {"kind": "natural", "fraction": fraction, "by": by, "seed": seed}


CASES = st.tuples(
    st.integers(1, 6),
    st.integers(1, 6),
    st.sampled_from(["time", "entity"]),
    st.integers(0, 99),
    st.lists(st.tuples(st.integers(2, 6), st.integers(0, 4)), max_size=6),
)


@settings(deadline=None, max_examples=60)
@given(CASES, st.lists(st.floats(0.01, 1.0), min_size=2, max_size=7))
def test_budgets_of_one_order_are_nested_and_hold_whole_entity_years(case, fractions):
    entities, years, by, seed, missing = case
    entity, date = panel(entities, years, missing)
    code = entity * 10_000 + calendar_year(date)
    before = set()
    for fraction in sorted(fractions):
        kept = natural.budget(entity, date, spec(fraction, by, seed))
        assert len(kept) and (np.diff(kept) > 0).all()
        assert before <= set(kept.tolist())
        before = set(kept.tolist())
        held = np.isin(np.arange(len(code)), kept)
        for one in np.unique(code):
            assert held[code == one].all() or not held[code == one].any()
        # No entity-year more or less would come closer to the fraction.
        assert abs(len(kept) - fraction * len(code)) <= 366


@pytest.mark.parametrize("by", ["time", "entity"])
def test_the_whole_fraction_is_everything(by):
    entity, date = panel(4, 5)
    kept = natural.budget(entity, date, spec(1.0, by))
    np.testing.assert_array_equal(kept, np.arange(len(date)))


def test_by_time_all_entities_share_the_years_and_by_entity_the_years_are_whole():
    entity, date = panel(5, 10)
    kept = natural.budget(entity, date, spec(0.2, "time"))
    assert set(entity[kept]) == set(entity)
    assert len(set(calendar_year(date[kept]))) in (2, 3)
    kept = natural.budget(entity, date, spec(0.2, "entity"))
    assert len(set(entity[kept])) in (1, 2)
    assert set(calendar_year(date[kept])) == set(calendar_year(date))


def test_another_seed_takes_other_years():
    entity, date = panel(3, 10)
    kept = [set(natural.budget(entity, date, spec(0.3, "time", s))) for s in range(5)]
    assert len({frozenset(one) for one in kept}) > 1
