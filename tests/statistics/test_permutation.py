"""Cosine distances and their permutation null."""

from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.distance import cosine

from seqshift.statistics import permutation as pm


def rng(seed=0):
    return np.random.default_rng(seed)


def test_parallel_vectors_have_distance_zero_and_orthogonal_ones_distance_one():
    one = np.array([[1.0, 2.0, 0.0], [1.0, 0.0, 0.0]])
    other = np.array([[3.0, 6.0, 0.0], [0.0, 5.0, 1.0]])
    assert pm.cosine_distance(one, other) == pytest.approx([0, 1], abs=1e-12)
    assert np.isnan(pm.cosine_distance(np.zeros(3), np.ones(3)))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000))
def test_the_distance_is_that_of_scipy(seed):
    one, other = rng(seed).gamma(1, size=(2, 6))
    assert pm.cosine_distance(one, other) == pytest.approx(cosine(one, other))


def test_few_splits_are_enumerated_without_repetition():
    mask = pm.splits(5, 2, 10, rng())
    assert len(mask) == 10
    assert {tuple(np.flatnonzero(row)) for row in mask} == set(
        combinations(range(5), 2)
    )


def test_many_splits_are_drawn_with_the_same_number_of_test_years():
    mask = pm.splits(21, 7, 999, rng())
    assert mask.shape == (999, 21) and (mask.sum(axis=1) == 7).all()
    np.testing.assert_allclose(mask.mean(axis=0), 1 / 3, atol=0.06)


def test_the_exact_p_value_is_the_share_of_splits_that_drift_as_far():
    years = rng(1).gamma(3, size=(7, 4))
    test = np.arange(7) >= 4
    found = pm.permute(years, test, 99, rng())

    def drift(chosen):
        rest = [y for y in range(7) if y not in chosen]
        return cosine(years[list(chosen)].mean(axis=0), years[rest].mean(axis=0))

    drawn = [drift(chosen) for chosen in combinations(range(7), 3)]
    own = drift((4, 5, 6))
    assert found["drift"] == pytest.approx(own)
    assert found["p"] == sum(d >= own - 1e-12 for d in drawn) / comb(7, 3)
    assert found["null_mean"] == pytest.approx(np.mean(drawn))
    assert found["z"] == pytest.approx((own - np.mean(drawn)) / np.std(drawn))


def test_the_smallest_exact_p_value_is_one_over_the_number_of_splits():
    years = np.vstack([np.tile([1.0, 0.0], (6, 1)), np.tile([0.0, 1.0], (3, 1))])
    found = pm.permute(years, np.arange(9) >= 6, 999, rng())
    assert found["drift"] == pytest.approx(1) and found["p"] == 1 / comb(9, 3)


def test_the_smallest_sampled_p_value_counts_the_observed_split():
    years = np.vstack([np.tile([1.0, 0.0], (14, 1)), np.tile([0.0, 1.0], (7, 1))])
    found = pm.permute(years, np.arange(21) >= 14, 199, rng())
    assert found["p"] == 1 / 200


def test_years_that_are_all_alike_do_not_drift():
    found = pm.permute(np.ones((8, 3)), np.arange(8) >= 5, 999, rng())
    assert found["drift"] == pytest.approx(0, abs=1e-12) and found["p"] == 1


@pytest.mark.parametrize(("total", "permutations"), [(8, 99), (14, 199)])
def test_p_values_are_uniform_when_no_year_differs(total, permutations):
    test = np.arange(total) >= total - 3
    p = np.array(
        [
            pm.permute(rng(n).gamma(20, size=(total, 5)), test, permutations, rng(n))[
                "p"
            ]
            for n in range(400)
        ]
    )
    assert stats.kstest(p, "uniform").pvalue > 0.01
    assert 0.02 <= (p <= 0.05).mean() <= 0.085


@settings(max_examples=20, deadline=None)
@given(st.floats(0.01, 100), st.integers(0, 100))
def test_the_size_of_attributions_does_not_matter(factor, seed):
    years, test = rng(seed).gamma(3, size=(7, 4)), np.arange(7) >= 4
    one, other = (pm.permute(y, test, 99, rng()) for y in (years, factor * years))
    assert one["drift"] == pytest.approx(other["drift"], abs=1e-12)
    assert one["p"] == other["p"]


@pytest.mark.parametrize(
    ("reference", "test", "permutations"),
    [(6, 3, 199), (4, 4, 99), (5, 5, 999), (14, 7, 199)],
)
def test_the_smallest_p_is_that_of_years_that_turn_completely(
    reference, test, permutations
):
    sides = np.array([[1.0, 0.0]] * reference + [[0.0, 1.0]] * test)
    found = pm.permute(sides, np.arange(len(sides)) >= reference, permutations, rng())
    assert found["p"] == pm.least_p(reference + test, test, permutations)


def test_the_smallest_p_of_few_years_is_out_of_reach_of_the_usual_level():
    assert pm.least_p(6, 2, 999) == 1 / 15
    assert pm.least_p(4, 2, 999) == 2 / 6
    assert pm.least_p(12, 4, 999) == 1 / 495
