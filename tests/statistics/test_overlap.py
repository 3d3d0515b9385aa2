"""Tests of overlapping means: by hand, against statsmodels, and their size."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from seqshift.statistics import overlap, resampling

# Share of true nulls rejected at 5 % (docs/softgroup.md): origins, overlap, then with
# independent parts and with AR(1) parts of 0.5 for each test.
SIZES = (
    (117, 4, (0.33, 0.41), (0.09, 0.10), (0.07, 0.08), (0.05, 0.06)),
    (113, 8, (0.50, 0.55), (0.12, 0.11), (0.08, 0.08), (0.05, 0.06)),
    (107, 14, (0.62, 0.63), (0.16, 0.15), (0.09, 0.09), (0.06, 0.06)),
    (91, 30, (0.77, 0.77), (0.25, 0.25), (0.16, 0.16), (0.07, 0.06)),
)
FREEDOM = {(117, 4): 9, (113, 8): 7, (107, 14): 3, (91, 30): 2}


def nulls(count: int, q: int, phi: float, draws: int) -> np.ndarray:
    """Return series of mean zero, each value a mean over q parts: (draw, time)."""
    rng = np.random.default_rng([count, q, int(10 * phi)])
    parts = rng.standard_normal((draws, 50 + count + q - 1))
    for step in range(1, parts.shape[1]):
        parts[:, step] += phi * parts[:, step - 1]
    total = np.cumsum(np.pad(parts[:, 50:], ((0, 0), (1, 0))), axis=1)
    return (total[:, q:] - total[:, :-q]) / q


def rejected(series: np.ndarray, q: int) -> tuple[float, ...]:
    ps = overlap.pooled(series), overlap.bartlett(series, q)
    ps = [*ps, np.where(overlap.fixed_b(series, q), 0, 1), overlap.ewc(series, q).p]
    return tuple(float((p < 0.05).mean()) for p in ps)


@pytest.mark.parametrize("row", SIZES, ids=lambda row: f"{row[0]}-{row[1]}")
@pytest.mark.parametrize("place", [0, 1], ids=["independent", "autoregressive"])
def test_true_nulls_are_rejected_as_often_as_the_page_says(row, place):
    count, q, *expected = row
    found = rejected(nulls(count, q, 0.5 * place, 4000), q)
    wanted = [shares[place] for shares in expected]
    assert found == pytest.approx(wanted, abs=0.02)


def test_the_decision_test_keeps_its_level_on_independent_values():
    series = np.random.default_rng(0).standard_normal((4000, 60))
    assert (overlap.ewc(series, 1).p < 0.05).mean() == pytest.approx(0.05, abs=0.02)


def test_the_usual_t_test_rejects_a_quarter_of_true_nulls_and_more():
    assert (overlap.pooled(nulls(117, 4, 0.0, 2000)) < 0.05).mean() > 0.25


def test_a_strong_rest_of_autocorrelation_lifts_the_size_to_nine_percent():
    shares = [(overlap.ewc(nulls(n, q, 0.8, 4000), q).p < 0.05).mean()
              for n, q in FREEDOM]  # fmt: skip
    assert 0.05 < max(shares) < 0.11


def test_the_moving_block_bootstrap_is_oversized_and_so_decides_nothing():
    rng, lost = np.random.default_rng(1), 0
    for series in nulls(107, 14, 0.0, 300):
        weights = resampling.moving_blocks(107, 28, 300, rng)
        low, high = resampling.interval(resampling.means(weights, series))
        lost += not low <= 0 <= high
    assert 0.15 < lost / 300 < 0.40


@pytest.mark.parametrize(("count", "q"), FREEDOM)
def test_the_number_of_cosines_is_that_of_the_page(count, q):
    assert overlap.cosines(count, q) == FREEDOM[count, q]


def test_power_at_three_standard_errors_is_that_of_the_page():
    wanted = (0.80, 0.76, 0.58, 0.49)
    for (count, q), power in zip(FREEDOM, wanted, strict=True):
        series = nulls(count, q, 0.0, 2000)
        shifted = series + 3 * series.mean(1).std()
        assert (overlap.ewc(shifted, q).p < 0.05).mean() == pytest.approx(
            power, abs=0.04
        )


def test_the_cosine_estimator_by_hand():
    values = np.array([1.0, 3.0, 2.0, 6.0])
    wave = np.sqrt(2 / 4) * np.cos(np.pi * (np.array([1, 2, 3, 4]) - 0.5) / 4)
    error = abs(values @ wave) / 2  # one cosine: its square over four values
    found = overlap.ewc(values, 1)
    assert found.freedom == 1 and found.mean == 3
    assert found.error == pytest.approx(error)
    assert found.p == pytest.approx(2 * stats.t.sf(3 / error, 1))
    reach = stats.t.ppf([0.975, 0.8], 1).sum()
    assert found.detectable() == pytest.approx(reach * error)


def test_n_eff_of_independent_values_is_near_their_number():
    series = np.random.default_rng(3).standard_normal((2000, 100))
    estimate = overlap.ewc(series, 1)
    assert np.median(overlap.effective(series, estimate)) == pytest.approx(100, rel=0.1)
    slow = nulls(117, 14, 0.0, 500)
    few = overlap.effective(slow, overlap.ewc(slow, 14))
    assert np.median(few) < 30


@settings(max_examples=20, deadline=None)
@given(st.integers(20, 80), st.integers(1, 5), st.integers(0, 999))
def test_the_kernel_tests_are_those_of_statsmodels(count, q, seed):
    values = np.random.default_rng(seed).normal(0.2, 1, count)
    fit = sm.OLS(values, np.ones(count)).fit(
        cov_type="HAC", cov_kwds={"maxlags": 2 * q, "use_correction": False}
    )
    t, factor = float(fit.tvalues[0]), (count + 1 - 2 * q + q * (q - 1) / count) / count
    p = 2 * stats.t.sf(abs(t) * np.sqrt(factor), count - 1)
    assert overlap.bartlett(values, q) == pytest.approx(p)
    b = (2 * q + 1) / count
    limit = 1.96 + 2.9694 * b + 0.416 * b**2 - 0.5324 * b**3
    assert overlap.fixed_b(values, q) == (abs(t) > limit)


def test_autocorrelation_is_that_of_statsmodels():
    values = np.random.default_rng(0).standard_normal(50).cumsum()
    expected = sm.tsa.acf(values, nlags=3)
    found = [overlap.autocorrelation(values, lag) for lag in (1, 2, 3)]
    assert found == pytest.approx(expected[1:])


def test_a_series_that_never_moves_is_certain():
    none, some = np.zeros(30), np.full(30, 0.5)
    assert overlap.ewc(none, 3).p == 1 and overlap.ewc(some, 3).p == 0
    assert overlap.ewc(none, 3).detectable() == 0
    assert np.isnan(overlap.autocorrelation(none))


def test_too_few_values_have_no_error():
    assert np.isnan(overlap.ewc(np.array([1.0, 2.0]), 1).p)
    assert np.isnan(overlap.bartlett(np.arange(6.0), 6))


def test_overlap_counts_the_origins_that_share_a_step():
    assert [overlap.overlapping(h, 24) for h in (24, 96, 100, 720)] == [1, 4, 5, 30]
