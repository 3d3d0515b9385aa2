"""False discovery rates against the definition, and at the edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from seqshift.statistics.multiplicity import adjust, within

PS = st.lists(st.floats(0, 1), min_size=1, max_size=20)


@settings(max_examples=40, deadline=None)
@given(PS, st.sampled_from([("bh", "fdr_bh"), ("by", "fdr_by")]))
def test_q_values_equal_those_of_statsmodels(p, method):
    expected = multipletests(p, method=method[1])[1]
    np.testing.assert_allclose(adjust(np.array(p), method[0]), expected, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(PS, st.integers(0, 5), st.randoms(use_true_random=False))
def test_missing_p_values_count_for_nothing(p, missing, random):
    mixed = p + [np.nan] * missing
    random.shuffle(mixed)
    mixed = np.array(mixed)
    tested = ~np.isnan(mixed)
    q = adjust(mixed, "bh")
    np.testing.assert_array_equal(q[tested], adjust(mixed[tested], "bh"))
    assert np.isnan(q[~tested]).all()


def test_nothing_to_test_adjusts_to_nothing():
    assert np.isnan(adjust(np.array([np.nan, np.nan]), "bh")).all()
    assert adjust(np.array([]), "bh").size == 0


def test_a_lone_test_keeps_its_p_value():
    assert adjust(np.array([0.03]), "bh") == pytest.approx([0.03])


def test_families_of_pure_noise_yield_no_discovery_more_often_than_stated():
    rng = np.random.default_rng(0)
    found = [(adjust(rng.random(50), "bh") <= 0.05).any() for _ in range(400)]
    assert np.mean(found) < 0.08


def test_each_family_is_adjusted_by_itself():
    p = np.array([0.01, 0.02, 0.5, np.nan])
    q = within(p, np.array(["a", "b", "a", "b"]), "bh")
    np.testing.assert_allclose(q, [0.02, 0.02, 0.5, np.nan])
