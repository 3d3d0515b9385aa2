"""Resampled days: sums, counts and percentiles against explicit loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqshift.statistics import blocks


def drawn_days(draws: blocks.Draws, replicate: int) -> list[int]:
    spans = zip(draws.starts[replicate], draws.stops[replicate], strict=True)
    return [day % draws.days for start, stop in spans for day in range(start, stop)]


def circular(days: int, length: int, resamples: int = 20) -> blocks.Draws:
    return blocks.circular(days, length, resamples, np.random.default_rng(0))


SIZES = (st.integers(1, 40), st.integers(1, 60))


@settings(max_examples=40, deadline=None)
@given(*SIZES)
def test_a_circular_replicate_has_as_many_days_as_the_sample(days, length):
    draws = circular(days, length)
    for replicate in range(len(draws.starts)):
        assert len(drawn_days(draws, replicate)) == days


@settings(max_examples=40, deadline=None)
@given(*SIZES)
def test_replicate_zero_is_the_sample_itself(days, length):
    assert drawn_days(circular(days, length), 0) == list(range(days))
    edges = blocks.runs(np.arange(days), length)
    picked = blocks.pick(edges, 3, np.random.default_rng(0))
    assert drawn_days(picked, 0) == list(range(days))


@settings(max_examples=40, deadline=None)
@given(*SIZES)
def test_sums_and_counts_equal_loops_over_the_drawn_days(days, length):
    draws = circular(days, length)
    values = np.random.default_rng(1).normal(size=(3, days))
    found, counts = blocks.sums(values, draws), blocks.counts(draws)
    for replicate in range(len(draws.starts)):
        chosen = drawn_days(draws, replicate)
        expected = values[:, chosen].sum(axis=1)
        np.testing.assert_allclose(found[:, replicate], expected, atol=1e-9)
        expected = np.bincount(chosen, minlength=days)
        np.testing.assert_array_equal(counts[replicate], expected)


def test_every_day_is_drawn_equally_often():
    counts = blocks.counts(circular(30, 7, 20_000))[1:]
    share = counts.mean(axis=0)
    np.testing.assert_allclose(share, 1, atol=0.05)


def test_the_number_of_blocks_is_that_of_whole_years_in_the_sample():
    assert circular(1461, 365).blocks == 4
    assert circular(500, 365).blocks == 1
    assert circular(100, 365).blocks == 1


def test_runs_are_cut_at_gaps_and_at_the_length_of_a_block():
    place = np.array([*range(10, 20), *range(50, 69)])
    assert blocks.runs(place, 10).tolist() == [[0, 10], [10, 20], [20, 29]]


def test_picked_blocks_are_whole_and_come_from_the_given_ones():
    edges = np.array([[0, 4], [4, 9], [9, 10]])
    draws = blocks.pick(edges, 200, np.random.default_rng(0))
    assert draws.blocks == 3 and draws.starts.shape == (201, 3)
    found = {tuple(e) for e in np.stack([draws.starts, draws.stops], -1).reshape(-1, 2)}
    assert found == {(0, 4), (4, 9), (9, 10)}


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(0, 10_000), st.sampled_from([0.5, 0.95, 0.99]))
def test_the_weighted_percentile_is_that_of_the_repeated_values(cells, seed, share):
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 20, cells).astype(float)
    weights = rng.integers(0, 4, (15, cells)) * (rng.random((15, 1)) < 0.8)
    found = blocks.percentile(values, weights, weights.sum(axis=1), share)
    for weight, value in zip(weights, found, strict=True):
        repeated = np.repeat(values, weight)
        if len(repeated):
            assert value == pytest.approx(np.quantile(repeated, share), abs=1e-9)
        else:
            assert np.isnan(value)


def test_a_percentile_whose_top_cells_were_never_drawn_is_still_found():
    values = np.arange(1000.0)
    weights = np.ones((1, 1000), int)
    weights[0, 400:] = 0
    found = blocks.percentile(values, weights, weights.sum(axis=1), 0.95)
    assert found == pytest.approx(np.quantile(np.arange(400.0), 0.95))


def test_draws_depend_on_seed_and_names_only():
    def first(*key):
        return blocks.generator(*key).integers(0, 2**62)

    assert first(0, "finance", "test") == first(0, "finance", "test")
    others = {first(1, "finance", "test"), first(0, "energy", "test")}
    others |= {first(0, "finance", "train"), first(0, "finance", "test")}
    assert len(others) == 4
