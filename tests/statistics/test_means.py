"""A mean and its error, against scipy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from seqshift.statistics.means import Mean, independent


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 40), st.integers(0, 999))
def test_independent_values_give_the_t_test_of_scipy(count, seed):
    values = np.random.default_rng(seed).normal(0.3, 1, count)
    found, known = independent(values), stats.ttest_1samp(values, 0)
    assert found.p == pytest.approx(known.pvalue)
    assert found.interval(0.1) == pytest.approx(tuple(known.confidence_interval(0.9)))


def test_one_value_has_no_error():
    found = independent(np.array([2.0]))
    assert found.mean == 2 and np.isnan(found.p) and np.isnan(found.detectable())


def test_what_could_be_detected_is_found_with_the_promised_power():
    effect = float(Mean(0.0, 0.1, 20).detectable())
    draws = np.random.default_rng(0).normal(effect, 1, (4000, 21))
    scaled = (draws - effect) * 0.1 * np.sqrt(21) + effect  # error of the mean: 0.1
    assert (independent(scaled).p < 0.05).mean() == pytest.approx(0.8, abs=0.03)
