"""The mean over seeds and entities against independent references and simulation."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

from seqshift.statistics.effects import infer


def draw(rng, seeds, entities, by_seed=0.1, by_entity=0.2, rest=0.1):
    return (
        by_seed * rng.normal(size=(seeds, 1))
        + by_entity * rng.normal(size=(1, entities))
        + rest * rng.normal(size=(seeds, entities))
    )


def mean_squares(values):
    """Return the mean squares of seeds, entities and rest by statsmodels."""
    seeds, entities = values.shape
    frame = pd.DataFrame(
        {
            "y": values.ravel(),
            "seed": np.repeat(np.arange(seeds), entities),
            "entity": np.tile(np.arange(entities), seeds),
        }
    )
    table = anova_lm(ols("y ~ C(seed) + C(entity)", frame).fit())
    return (table["sum_sq"] / table["df"]).to_numpy()


@pytest.mark.parametrize(("seeds", "entities"), [(2, 2), (3, 5), (10, 7)])
def test_the_variance_is_that_of_a_two_way_anova(seeds, entities):
    values = draw(np.random.default_rng(seeds), seeds, entities, 0.5, 0.5)
    a, b, r = mean_squares(values)
    total = a + b - r
    assert total > max(a, b), "this draw is meant not to need the floor"
    freedom = total**2 / (
        a**2 / (seeds - 1)
        + b**2 / (entities - 1)
        + r**2 / ((seeds - 1) * (entities - 1))
    )
    found = infer(values, 0.0, 5, 0.1)
    assert found.window_error**2 == pytest.approx(total / values.size)
    assert found.window_freedom == pytest.approx(freedom)
    t = (values.mean() - 0.1) / np.sqrt(total / values.size)
    assert found.window_above == pytest.approx(stats.t.sf(t, freedom))
    assert found.above == pytest.approx(found.window_above)
    assert found.below == pytest.approx(1 - found.above)


def test_the_variance_never_falls_below_the_larger_mean_square():
    rng = np.random.default_rng(3)
    values = draw(rng, 4, 6, 0.0, 0.5, 0.3)
    values -= values.mean(axis=1, keepdims=True)  # seeds alike: their square is zero
    found = infer(values, 0.0, 5, 0.0)
    assert found.window_error**2 == pytest.approx(mean_squares(values)[1] / 24)
    assert found.window_freedom == 5
    found = infer(values.T, 0.0, 5, 0.0)
    assert found.window_freedom == 5


def test_one_seed_is_a_plain_t_test_over_entities():
    values = np.random.default_rng(0).normal(0.3, 1, (1, 9))
    found = infer(values, 0.0, 5, 0.1)
    reference = stats.ttest_1samp(values[0], 0.1, alternative="greater")
    assert found.window_above == pytest.approx(reference.pvalue)
    assert found.window_freedom == 8
    expected = reference.confidence_interval(0.95)
    two_sided = stats.ttest_1samp(values[0], 0.1).confidence_interval(0.95)
    assert found.interval(0.05) == pytest.approx(tuple(two_sided))
    assert found.interval(0.1)[0] == pytest.approx(expected.low)


def test_periods_add_their_variance_and_few_blocks_their_small_freedom():
    values = draw(np.random.default_rng(0), 3, 5)
    window = infer(values, 0.0, 5, 0.0)
    both = infer(values, 0.02, 5, 0.0)
    v, vt = window.error**2, 0.02 * 5 / 4
    assert both.error**2 == pytest.approx(v + vt)
    freedom = (v + vt) ** 2 / (v**2 / window.freedom + vt**2 / 4)
    assert both.freedom == pytest.approx(freedom)
    assert both.window_above == window.window_above


def test_one_block_tells_nothing_about_other_periods():
    found = infer(draw(np.random.default_rng(0), 3, 5), 0.0, 1, 0.0)
    assert np.isnan([found.above, found.below, *found.interval(0.05)]).all()
    assert np.isfinite(found.window_above)


def test_one_entity_tells_nothing_about_others():
    found = infer(np.ones((3, 1)), 0.0, 5, 0.0)
    assert np.isnan([found.error, found.above, found.window_above]).all()
    assert found.mean == 1


def test_values_that_never_vary_are_decided_by_their_side_of_the_threshold():
    assert infer(np.ones((3, 4)), 0.0, 5, 0.5).above == 0
    assert infer(np.ones((3, 4)), 0.0, 5, 1.5).above == 1
    assert infer(np.ones((3, 4)), 0.0, 5, 1.0).above == 1
    assert infer(np.ones((3, 4)), 0.0, 5, 1.5).below == 0


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 5), st.integers(2, 6), st.integers(0, 1000))
def test_the_order_of_seeds_and_entities_does_not_matter(seeds, entities, seed):
    rng = np.random.default_rng(seed)
    values = draw(rng, seeds, entities)
    other = values[rng.permutation(seeds)][:, rng.permutation(entities)]
    one, two = (infer(v, 0.001, 4, 0.1) for v in (values, other))
    assert one.above == pytest.approx(two.above)
    assert one.error == pytest.approx(two.error)


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 4), st.integers(2, 6), st.floats(0.01, 1), st.integers(0, 99))
def test_a_larger_mean_is_never_less_significant(seeds, entities, step, seed):
    values = draw(np.random.default_rng(seed), seeds, entities)
    low, high = (infer(v, 0.001, 4, 0.1) for v in (values, values + step))
    assert high.above <= low.above and high.below >= low.below


@pytest.mark.parametrize(("seeds", "entities"), [(3, 5), (10, 5), (3, 43)])
def test_intervals_cover_the_mean_as_often_as_they_say(seeds, entities):
    rng = np.random.default_rng(10 * seeds + entities)
    blocks, period, hits, false = 6, 0.1, 0, 0
    for _ in range(400):
        values = draw(rng, seeds, entities) + period * rng.normal()
        # The variance over resamples of six years.
        variance = period**2 * rng.chisquare(blocks - 1) / blocks
        found = infer(values, variance, blocks, 0.0)
        low, high = found.interval(0.05)
        hits += low <= 0 <= high
        false += found.above <= 0.05
    assert 0.90 <= hits / 400 <= 0.98
    assert 0.02 <= false / 400 <= 0.09


def test_the_detectable_effect_is_found_with_the_stated_power():
    rng = np.random.default_rng(0)
    reach = np.mean(
        [infer(draw(rng, 3, 20), 0, 9, 0).detectable(0.05, 0.8) for _ in range(200)]
    )
    hits = [infer(draw(rng, 3, 20) + reach, 0, 9, 0).above <= 0.05 for _ in range(400)]
    assert 0.68 <= np.mean(hits) <= 0.9
    found = infer(draw(rng, 3, 20), 0, 9, 0.4)
    reach = stats.t.ppf(0.95, found.freedom) + stats.t.ppf(0.8, found.freedom)
    assert found.detectable(0.05, 0.8) == pytest.approx(0.4 + reach * found.error)
    assert found.detectable(0.05, 0.95) > found.detectable(0.05, 0.8) > 0.4
