"""Distances against hand computation and independent libraries."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp
from sklearn.metrics.pairwise import rbf_kernel

from seqshift.signals import distances


def samples(seed=0, n=40, m=15, features=3, move=0.0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, features)), rng.normal(move, 1, (m, features))


def rng():
    return np.random.default_rng(0)


def every(reference, window) -> dict:
    return {
        "ks": distances.ks(reference, window),
        "psi": distances.psi(reference, window, 10),
        "mmd": distances.mmd(reference, window, 256, rng()),
        "mahalanobis": distances.mahalanobis(reference, window, 0.1),
        "disagreement": distances.disagreement(reference.T, window.T),
    }


def test_ks_is_the_mean_over_features():
    past, now = samples()
    want = [ks_2samp(a, b).statistic for a, b in zip(past.T, now.T, strict=True)]
    assert distances.ks(past, now) == pytest.approx(np.mean(want))


def test_ks_of_samples_apart_is_one_and_of_equal_ones_zero():
    past = np.arange(10.0)[:, None]
    assert distances.ks(past, past + 20) == 1
    assert distances.ks(past, past) == 0


def test_psi_by_hand():
    past = np.arange(1.0, 11)[:, None]  # one value in each of ten bins
    now = np.array([[1.0], [1.0], [10.0], [10.0]])
    p, q = np.full(10, 0.1) + 1e-4, np.zeros(10) + 1e-4
    q[[0, 9]] += 0.5
    want = np.sum((q - p) * np.log(q / p))
    assert distances.psi(past, now, 10) == pytest.approx(want)
    assert distances.psi(past, past, 10) == 0


def test_mmd_against_kernels_of_scikit_learn():
    past, now = samples(1)
    x = (past - past.mean(0)) / past.std(0)
    y = (now - past.mean(0)) / past.std(0)
    both = np.vstack([x, y])
    squares = ((both[:, None] - both) ** 2).sum(-1)
    gamma = 1 / np.median(squares[np.triu_indices(len(both), 1)])
    total = 0.0
    for one in (x, y):
        kernel, count = rbf_kernel(one, gamma=gamma), len(one)
        total += (kernel.sum() - count) / (count * (count - 1))
    want = total - 2 * rbf_kernel(x, y, gamma=gamma).mean()
    assert distances.mmd(past, now, 256, rng()) == pytest.approx(want)


def test_mmd_is_unbiased_around_zero_and_grows_with_a_shift():
    calm = [distances.mmd(*samples(s), 256, rng()) for s in range(60)]
    assert abs(np.mean(calm)) < 0.01 and min(calm) < 0
    assert distances.mmd(*samples(0, move=2.0), 256, rng()) > max(calm)


def test_mmd_draws_no_more_than_it_may():
    past, now = samples(2, n=500, m=300)
    few = distances.mmd(past, now, 50, rng())
    assert few == distances.mmd(past, now, 50, rng())
    assert few == pytest.approx(distances.mmd(past, now, 1000, rng()), abs=0.05)


def test_mahalanobis_by_hand():
    past, now = samples(3)
    cov = np.cov(past.T, ddof=0)
    inverse = np.linalg.inv(0.9 * cov + 0.1 * np.diag(np.diag(cov)))
    both = [
        np.mean([(r - past.mean(0)) @ inverse @ (r - past.mean(0)) for r in rows])
        for rows in (now, past)
    ]
    want = both[0] / both[1]
    assert distances.mahalanobis(past, now, 0.1) == pytest.approx(want)


def test_disagreement_by_hand():
    past = np.array([[0.0, 0.0], [1.0, 1.0]])  # (seed, row)
    now = np.array([[0.0], [3.0]])
    assert distances.disagreement(past, now) == pytest.approx(3)
    assert np.isnan(distances.disagreement(past[:1], now[:1]))


@pytest.mark.parametrize("window", [1, 2, 15])
def test_degenerate_samples_give_numbers(window):
    past, now = samples(m=window)
    past[:, 1] = now[:, 1] = 2.0  # a constant feature
    assert np.isfinite([*every(past, now).values()]).all()
    flat = np.ones_like(past)
    assert np.isfinite([*every(flat, np.ones_like(now)).values()]).all()
    assert np.isfinite([*every(past[:1], now[:1]).values()]).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.1, 50), st.floats(-50, 50))
def test_units_of_a_feature_do_not_matter(seed, scale, move):
    past, now = samples(seed)
    for name, value in every(past, now).items():
        if name != "disagreement":
            other = every(past * scale + move, now * scale + move)[name]
            assert other == pytest.approx(value, rel=1e-6, abs=1e-6), name


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_the_order_of_rows_does_not_matter(seed):
    past, now = samples(seed)
    mixed = np.random.default_rng(seed).permutation(past)
    first, again = every(past, now), every(mixed, now)
    for name in ("ks", "psi", "mmd", "mahalanobis"):
        assert again[name] == pytest.approx(first[name])
