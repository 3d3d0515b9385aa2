"""From two columns to one of three verdicts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqshift.statistics import multiplicity, verdicts


def decide(q_fail, q_pass, status="ok"):
    one = (np.array([q]) for q in (q_fail, q_pass))
    return verdicts.decide(*one, np.array([status]), 0.05)[0]


def test_failing_needs_both_columns():
    assert verdicts.failing(0.001, 0.2) == 0.2
    assert verdicts.failing(0.2, 0.001) == 0.2
    assert verdicts.failing(0.01, 0.02) == 0.02


def test_passing_needs_one_column_and_pays_for_the_choice():
    assert verdicts.passing(0.01, 0.9) == 0.02
    assert verdicts.passing(0.9, 0.7) == 1.0


def test_a_missing_column_leaves_nothing_to_decide():
    assert np.isnan(verdicts.failing(0.01, np.nan))
    assert np.isnan(verdicts.passing(np.nan, 0.01))
    assert decide(np.nan, np.nan) == "undecided"


def test_there_are_three_verdicts():
    assert decide(0.05, 0.9) == "fails"
    assert decide(0.9, 0.05) == "does not fail"
    assert decide(0.051, 0.051) == "undecided"


@pytest.mark.parametrize(
    "status", ["underfit", "low_n", "not_testable", "invalid", "attr_mass_low"]
)
def test_a_status_that_is_not_ok_is_undecided_whatever_the_q_values(status):
    assert decide(0.0, 1.0, status) == "undecided"
    assert decide(1.0, 0.0, status) == "undecided"


def test_a_table_of_pure_nulls_is_undecided_or_passing_but_never_failing():
    rng = np.random.default_rng(0)
    p = verdicts.failing(rng.uniform(0.2, 1, 100), rng.uniform(0.2, 1, 100))
    q = multiplicity.adjust(p, "bh")
    found = verdicts.decide(q, np.ones(100), np.full(100, "ok"), 0.05)
    assert set(found) == {"undecided"}


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 30), st.integers(0, 10_000))
def test_a_failing_row_is_a_discovery_in_each_column_alone(size, seed):
    rng = np.random.default_rng(seed)
    seed_p, corr_p = rng.beta(0.3, 1, (2, size))
    q = multiplicity.adjust(verdicts.failing(seed_p, corr_p), "bh")
    for p in (seed_p, corr_p):
        assert (multiplicity.adjust(p, "bh")[q <= 0.05] <= 0.05).all()
