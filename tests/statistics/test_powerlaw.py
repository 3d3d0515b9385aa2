import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from seqshift.statistics import powerlaw

SIZES = np.array([0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 1.0]) * 20_000


def curve(exponent, share, level=0.3, sizes=SIZES):
    """Return ln error of E + A N^-alpha where E is this share of the last error."""
    relative = sizes / sizes.max()
    return level + np.log(share + (1 - share) * relative**-exponent)


@settings(deadline=None, max_examples=40)
@given(st.floats(-0.3, 1.5), st.floats(-5, 5))
def test_a_power_law_is_recovered_exactly(exponent, level):
    law = powerlaw.fit("power", SIZES, curve(exponent, 0.0, level))
    assert law.exponent == pytest.approx(exponent, abs=1e-9)
    error = law.coefficient * SIZES**-exponent
    np.testing.assert_allclose(np.log(error), curve(exponent, 0.0, level), atol=1e-8)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.95])
@pytest.mark.parametrize("exponent", [0.25, 0.5, 1.0])
def test_exponent_and_floor_are_recovered_from_a_curve_with_a_floor(exponent, share):
    law = powerlaw.fit("floor", SIZES, curve(exponent, share))
    assert law.exponent == pytest.approx(exponent, rel=1e-3)
    assert law.share == pytest.approx(share, rel=1e-3)
    error = law.floor + law.coefficient * SIZES**-law.exponent
    np.testing.assert_allclose(np.log(error), curve(exponent, share), atol=1e-6)


def test_a_pure_law_is_too_flat_where_there_is_a_floor():
    # True exponent 0.5 with a floor of 50, 80 and 95 % of the last error.
    sizes = np.array([0.2, 0.5, 1.0])
    found = [
        powerlaw.fit("power", sizes, curve(0.5, share, sizes=sizes)).exponent
        for share in (0.5, 0.8, 0.95)
    ]
    np.testing.assert_allclose(found, [0.30, 0.14, 0.04], atol=0.015)


def test_a_law_with_a_floor_at_zero_is_the_pure_law():
    law = powerlaw.fit("floor", SIZES, curve(0.4, 0.0))
    assert law.share < 1e-3
    assert law.exponent == pytest.approx(0.4, abs=2e-3)


def test_the_criterion_prefers_the_form_that_made_the_points():
    rng = np.random.default_rng(1)
    for share, expected in ((0.0, "power"), (0.8, "floor")):
        logs = curve(0.6, share) + rng.normal(0, 0.01, (8, len(SIZES)))
        scores = {
            form: powerlaw.aicc(
                powerlaw.fit(form, SIZES, logs.mean(0)), form, SIZES, logs
            )
            for form in powerlaw.PARAMETERS
        }
        assert min(scores, key=scores.get) == expected


def test_the_criterion_is_that_of_a_regression():
    import statsmodels.api as sm

    logs = curve(0.4, 0.0) + np.random.default_rng(2).normal(0, 0.1, (3, len(SIZES)))
    law = powerlaw.fit("power", SIZES, logs.mean(0))
    every = np.log(np.tile(SIZES, 3))
    known = sm.OLS(logs.ravel(), sm.add_constant(every)).fit()
    assert -law.exponent == pytest.approx(known.params[1])
    # statsmodels keeps the constant of the likelihood and leaves the variance out.
    count, free = logs.size, 3
    full = known.aic + 2 + 2 * free * (free + 1) / (count - free - 1)
    full -= count * (1 + np.log(2 * np.pi))
    assert powerlaw.aicc(law, "power", SIZES, logs) == pytest.approx(full)


def test_the_criterion_is_missing_where_no_point_is_left():
    logs = curve(0.4, 0.0, sizes=SIZES[:3])[None]
    law = powerlaw.fit("power", SIZES[:3], logs[0])
    assert np.isnan(powerlaw.aicc(law, "power", SIZES[:3], logs))


def test_the_interval_of_an_exponent_is_the_t_interval_over_seeds():
    rng = np.random.default_rng(3)
    slopes = rng.normal(0.3, 0.05, 6)
    logs = np.array([curve(slope, 0.0) for slope in slopes])
    middle = powerlaw.fit("power", SIZES, logs.mean(0)).exponent
    drawn = powerlaw.resample("power", SIZES, logs, 2000, rng)
    low, high = powerlaw.interval(middle, [one.exponent for one in drawn], 6, 0.05)
    known = stats.t.interval(0.95, 5, slopes.mean(), stats.sem(slopes))
    np.testing.assert_allclose([low, high], known, atol=0.006)


def test_one_seed_has_no_interval():
    assert np.isnan(powerlaw.interval(0.3, [0.3, 0.3], 1, 0.05)).all()


def test_intervals_cover_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(4)
    hits = []
    for _ in range(120):
        noise = rng.normal(0, 0.05, (3, len(SIZES)))
        logs = curve(0.3, 0.0) + noise
        middle = powerlaw.fit("power", SIZES, logs.mean(0)).exponent
        drawn = powerlaw.resample("power", SIZES, logs, 60, rng)
        ends = powerlaw.interval(middle, [one.exponent for one in drawn], 3, 0.05)
        hits.append(ends[0] <= 0.3 <= ends[1])
    assert 0.89 <= np.mean(hits) <= 0.99
