"""Ratios on the log scale: what changes them and what must not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from seqshift.metrics import ratios


def positive(rows: int):
    size = st.integers(1, 6)
    return size.flatmap(
        lambda n: hnp.arrays(float, (rows, n), elements=st.floats(0.01, 100))
    )


@settings(max_examples=30, deadline=None)
@given(positive(5), st.floats(0.01, 100))
def test_a_change_of_unit_changes_no_ratio(parts, factor):
    before = (*ratios.g_ratio(*parts), ratios.g_norm(*parts[:4]))
    after = (*ratios.g_ratio(*factor * parts), ratios.g_norm(*factor * parts[:4]))
    np.testing.assert_allclose(after, before, atol=1e-12)
    before = ratios.robustness_delta(*parts[:4])
    after = ratios.robustness_delta(*factor * parts[:4])
    np.testing.assert_allclose(after, before, atol=1e-12)


@settings(max_examples=30, deadline=None)
@given(positive(3))
def test_the_naive_forecast_has_a_corrected_ratio_of_exactly_one(parts):
    test, train, held = parts
    assert not ratios.g_ratio(test, train, held, test, held)[1].any()
    assert not ratios.g_norm(test, train, test, train).any()
    assert not ratios.robustness_delta(test, train, test, train)[1].any()


@settings(max_examples=30, deadline=None)
@given(positive(5), st.floats(1.01, 5))
def test_a_larger_test_error_raises_both_columns_by_its_log(parts, factor):
    before = ratios.g_ratio(*parts)
    after = ratios.g_ratio(factor * parts[0], *parts[1:])
    for one, other in zip(before, after, strict=True):
        np.testing.assert_allclose(other - one, np.log(factor), atol=1e-9)


def test_a_doubled_error_that_doubles_for_the_naive_too_is_corrected_away():
    seed, corr = ratios.g_ratio(*np.array([2.0, 1.0, 1.0, 6.0, 3.0]))
    assert np.exp(seed) == pytest.approx(2)
    assert corr == pytest.approx(0, abs=1e-12)


def test_the_corrected_column_divides_by_the_held_out_days_not_by_train():
    seed, corr = ratios.g_ratio(*np.array([6.0, 1.0, 3.0, 1.0, 1.0]))
    assert np.exp(seed) == pytest.approx(6)
    assert np.exp(corr) == pytest.approx(2)


@settings(max_examples=30, deadline=None)
@given(positive(6), st.randoms(use_true_random=False))
def test_the_order_of_seen_entities_does_not_matter(parts, random):
    order = list(range(parts.shape[1]))
    random.shuffle(order)
    away, home = parts[[0, 2, 3]], parts[[1, 4, 5]]
    results = [
        ratios.transfer_gap(away[0], seen[0], away[1], away[2], seen[1], seen[2])
        for seen in (home, home[:, order])
    ]
    np.testing.assert_allclose(results[0], results[1], atol=1e-12)


def test_the_transfer_gap_compares_with_the_mean_over_seen_entities():
    seed, corr = ratios.transfer_gap(
        unseen_scaled=np.array([4.0]),
        seen_scaled=np.array([1.0, 3.0]),
        unseen=np.array([8.0]),
        naive_unseen=np.array([4.0]),
        seen=np.array([1.0, 4.0]),
        naive_seen=np.array([2.0, 2.0]),
    )
    assert np.exp(seed) == pytest.approx([2])
    assert np.exp(corr) == pytest.approx([2])  # 8/4 over sqrt(1/2 * 4/2)


def scaled(unseen, seen):
    """Return the seed column of errors in units of each entity's own scale."""
    ones = np.ones_like
    return ratios.transfer_gap(
        unseen, seen, ones(unseen), ones(unseen), ones(seen), ones(seen)
    )[0]


@settings(max_examples=30, deadline=None)
@given(
    hnp.arrays(float, (4, 3), elements=st.floats(0.01, 100)),
    hnp.arrays(float, (5, 3), elements=st.floats(0.01, 100)),
)
def test_the_mean_transfer_gap_is_the_log_of_mean_over_mean_in_each_replicate(
    unseen, seen
):
    found = scaled(unseen, seen)  # (entity, replicate)
    expected = np.log(unseen.mean(axis=0) / seen.mean(axis=0))
    np.testing.assert_allclose(found.mean(axis=0), expected, atol=1e-9)
    np.testing.assert_allclose(found - found[0], np.log(unseen / unseen[0]), atol=1e-9)


@pytest.mark.parametrize("lost", [np.nan, 0.0])
def test_an_unseen_entity_without_a_value_does_not_move_the_others(lost):
    found = scaled(np.array([1.0, 3.0, lost]), np.array([1.0]))
    assert np.isnan(found[2])
    assert found[:2].mean() == pytest.approx(np.log(2))


def test_a_part_that_is_zero_makes_the_ratio_missing_not_infinite():
    assert np.isnan(ratios.log_ratio(1.0, 0.0))
    assert np.isnan(ratios.log_ratio(0.0, 1.0))
    assert np.isnan(ratios.log_ratio(1.0, np.nan))


def test_a_seen_entity_without_errors_is_left_out_of_the_mean():
    seed, corr = ratios.transfer_gap(
        np.array([2.0]),
        np.array([1.0, np.nan]),
        np.array([2.0]),
        np.array([1.0]),
        np.array([1.0, np.nan]),
        np.array([1.0, np.nan]),
    )
    assert np.exp([seed[0], corr[0]]) == pytest.approx([2, 2])
