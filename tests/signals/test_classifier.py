"""The classifier test: what it sees, what it cannot see, and tiny samples."""

import numpy as np
import pytest

from seqshift.signals.classifier import c2st

YEAR = np.repeat([2001, 2002, 2003, 2004], 40)


def samples(move=0.0, scale=1.0, window=60, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(160, 2)), rng.normal(move, scale, (window, 2))


def test_a_shift_of_mean_or_of_spread_is_seen_and_none_is_not():
    assert c2st(*samples(move=3), YEAR, 5) > 0.97
    assert c2st(*samples(scale=3), YEAR, 5) > 0.7
    calm = [c2st(*samples(seed=s), YEAR, 5) for s in range(20)]
    assert np.mean(calm) == pytest.approx(0.5, abs=0.05)


def test_it_is_judged_on_rows_that_it_was_not_fitted_to():
    # Rows of one year repeat each other: only other years can tell. Noise in forty
    # columns would be learnt by heart.
    rng = np.random.default_rng(1)
    past, now = rng.normal(size=(160, 40)), rng.normal(size=(60, 40))
    assert 0.35 < c2st(past, now, YEAR, 0.01) < 0.65


@pytest.mark.parametrize("window", [1, 2, 3])
def test_tiny_windows_give_a_number(window):
    past, now = samples(move=1, window=window)
    assert 0 <= c2st(past, now, YEAR, 5) <= 1
    assert c2st(past, now[:1], YEAR, 5) == 0.5
    flat = np.ones((160, 2))
    assert c2st(flat, flat[:window], YEAR, 5) == 0.5


def test_one_reference_year_leaves_no_fold_to_judge():
    past, now = samples(move=3)
    assert c2st(past, now, np.full(160, 2001), 5) == 0.5
