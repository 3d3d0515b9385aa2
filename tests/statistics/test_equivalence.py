"""Equivalence tests against statsmodels, and at their edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.weightstats import DescrStatsW

from seqshift.errors import BadInput
from seqshift.statistics.equivalence import equivalent, of_sample


@settings(max_examples=30, deadline=None)
@given(st.integers(3, 30), st.floats(-0.3, 0.3), st.integers(0, 999))
def test_two_one_sided_tests_are_those_of_statsmodels(count, mean, seed):
    values = np.random.default_rng(seed).normal(mean, 0.2, count)
    p, low, high = DescrStatsW(values).ttost_mean(-0.1, 0.15)
    found = of_sample(values, (-0.1, 0.15))
    assert found.p == pytest.approx(p)
    assert (found.p_low, found.p_high) == pytest.approx((low[1], high[1]))


@settings(max_examples=30, deadline=None)
@given(st.floats(-1, 1), st.floats(0.01, 1), st.floats(2, 50))
def test_a_mean_is_equivalent_if_its_interval_lies_in_the_band(mean, error, freedom):
    found = equivalent(mean, error, freedom, (-0.5, 0.5))
    assert (found.p <= 0.05) == (-0.5 <= found.low and found.high <= 0.5)


def test_an_open_band_is_a_one_sided_test():
    found = equivalent(0.001, 0.001, 9, (-np.inf, 0.005))
    assert found.p == found.p_high < 0.05 and found.p_low == 0
    assert equivalent(0.004, 0.001, 9, (-np.inf, 0.005)).p > 0.05


def test_no_evidence_is_not_equivalence():
    wide = of_sample(np.array([-1.0, 1.0, 0.2, -0.2]), (-0.1, 0.1))
    assert wide.p > 0.05, "a mean of zero with a wide interval shows nothing"
    assert np.isnan(of_sample(np.array([0.0]), (-0.1, 0.1)).p)


def test_values_that_do_not_vary_are_decided_by_the_band():
    assert of_sample(np.zeros(4), (-0.1, 0.1)).p == 0
    assert of_sample(np.ones(4), (-0.1, 0.1)).p == 1


def test_an_empty_band_is_refused():
    with pytest.raises(BadInput, match="lower end"):
        equivalent(0.0, 1.0, 5, (0.1, 0.1))


def test_means_outside_of_the_band_are_called_equivalent_no_more_often_than_stated():
    rng = np.random.default_rng(3)
    at_edge = rng.normal(0.1, 0.1, (2000, 6))
    false = np.mean([of_sample(row, (-0.3, 0.1)).p <= 0.05 for row in at_edge])
    assert 0.03 <= false <= 0.07
