"""Weights of the bootstrap: what each scheme may and may not draw."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from seqshift.statistics import resampling


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.integers(1, 50), st.integers(0, 99))
def test_every_replicate_has_as_many_units_as_the_sample(count, length, seed):
    rng = np.random.default_rng(seed)
    weights = resampling.moving_blocks(count, length, 7, rng)
    assert weights.shape == (7, count)
    assert (weights.sum(1) == count).all()


def test_one_block_as_long_as_the_sample_is_the_sample():
    weights = resampling.moving_blocks(9, 9, 5, np.random.default_rng(0))
    assert (weights == 1).all()


def test_blocks_hold_neighbours():
    weights = resampling.moving_blocks(40, 8, 200, np.random.default_rng(0))
    together = np.corrcoef(weights[:, 19], weights[:, 20])[0, 1]
    apart = np.corrcoef(weights[:, 5], weights[:, 30])[0, 1]
    assert together > 0.7 and abs(apart) < 0.4


def test_clusters_are_drawn_whole_and_within_their_stratum():
    labels = np.array([0, 0, 1, 2, 3, 3])
    strata = np.array(["a", "a", "a", "b", "b", "b"])
    weights = resampling.clusters(labels, strata, 400, np.random.default_rng(0))
    assert (weights[:, 0] == weights[:, 1]).all()
    assert (weights[:, 4] == weights[:, 5]).all()
    drawn = weights[:, [0, 2]].sum(1), weights[:, [3, 4]].sum(1)
    assert all((number == 2).all() for number in drawn)
    alone = resampling.clusters(np.arange(6), strata, 400, np.random.default_rng(0))
    assert (alone[:, :3].sum(1) == 3).all()


def test_the_error_of_a_mean_of_independent_values_is_found():
    values = np.random.default_rng(0).standard_normal(200)
    weights = resampling.moving_blocks(200, 1, 2000, np.random.default_rng(1))
    found = resampling.means(weights, values).std()
    assert abs(found / (values.std() / np.sqrt(200)) - 1) < 0.06


def test_means_of_several_columns_are_those_of_each():
    rng = np.random.default_rng(0)
    weights, values = rng.integers(0, 3, (5, 8)), rng.standard_normal((8, 3))
    both = resampling.means(weights, values)
    for column in range(3):
        one = resampling.means(weights, values[:, column])
        np.testing.assert_allclose(both[:, column], one)


def test_an_interval_leaves_out_what_is_not_known():
    low, high = resampling.interval(np.array([np.nan, *range(101)]))
    assert (low, high) == (2.5, 97.5)
    assert np.isnan(resampling.interval(np.array([np.nan]))).all()
