"""Areas and correlations against scikit-learn, scipy and a brute-force bootstrap."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.metrics import average_precision_score, roc_auc_score

from arenatables import SPEC, make, useless
from seqshift.arena import judge, ranking, resample
from seqshift.schemas.signals import SIGNALS_BY_NAME


def one(values, positive, weights=None):
    weights = np.ones(len(values)) if weights is None else np.asarray(weights, float)
    area, precision = ranking.rates(weights[None], ranking.rank(values, positive))
    return area[0], precision[0]


samples = st.integers(4, 40).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 6), min_size=n, max_size=n),
        st.lists(st.booleans(), min_size=n, max_size=n),
        st.lists(st.integers(0, 3), min_size=n, max_size=n),
    )
)


@given(samples)
def test_weighted_rates_are_those_of_scikit_learn_with_ties(sample):
    values, positive, weights = (np.array(part) for part in sample)
    area, precision = one(values.astype(float), positive, weights)
    used = weights > 0
    if len(np.unique(positive[used])) < 2:
        assert np.isnan(area) and np.isnan(precision)
        return
    given_ = positive[used], values[used]
    kept = weights[used]
    assert area == pytest.approx(roc_auc_score(*given_, sample_weight=kept))
    found = average_precision_score(*given_, sample_weight=kept)
    assert precision == pytest.approx(found)


@given(samples)
def test_turning_a_signal_turns_its_area(sample):
    values, positive, _ = (np.array(part) for part in sample)
    area, _ = one(values.astype(float), positive)
    turned, _ = one(-values.astype(float), positive)
    if 0 < positive.sum() < len(positive):
        assert area + turned == pytest.approx(1)
    else:
        assert np.isnan([area, turned]).all()


@given(samples)
def test_a_rising_transformation_changes_nothing(sample):
    values, positive, weights = (np.array(part) for part in sample)
    plain = one(values.astype(float), positive, weights)
    bent = one(np.exp(values / 2.0), positive, weights)
    np.testing.assert_allclose(plain, bent)


def test_equal_weights_give_spearmans_coefficient():
    rng = np.random.default_rng(0)
    values, outcome = rng.integers(0, 9, (30, 3)).astype(float), rng.normal(size=30)
    found = ranking.correlations(np.ones((1, 30)), values, outcome)[0]
    want = [spearmanr(column, outcome).statistic for column in values.T]
    np.testing.assert_allclose(found, want)


def test_a_constant_has_no_correlation_and_no_slope():
    flat = np.ones(9)
    outcome = np.arange(9.0)
    assert np.isnan(ranking.correlations(np.ones((1, 9)), flat[:, None], outcome)).all()
    assert np.isnan(ranking.slopes(np.ones((1, 9)), flat, outcome)).all()


def test_the_slope_is_that_of_least_squares():
    rng = np.random.default_rng(1)
    x, y, w = rng.normal(size=20), rng.normal(size=20), rng.integers(0, 4, (1, 20))
    want = np.polyfit(np.repeat(x, w[0]), np.repeat(y, w[0]), 1)[0]
    assert ranking.slopes(w.astype(float), x, y)[0] == pytest.approx(want)


def test_intervals_are_those_of_a_bootstrap_that_copies_units():
    told = make(domains=("energy",), entities=3, quarters=6, seeds=2, dle=useless)
    spec = SPEC | {"resamples": 300, "least": 2}
    (domain,) = judge.domains(*told)
    cell = judge.cell(domain, "g-seed", 1, spec)
    at, place = cell.units.names.index("dle"), SIGNALS_BY_NAME.index("dle")
    values, positive = cell.units.values[:, at], cell.units.positive
    drawn = resample.draws(domain, 300, 0)
    found = []
    for times in zip(*(one[1:].astype(int) for one in drawn), strict=True):
        copies = []
        for seed, entity, quarter in np.ndindex(*(len(one) for one in times)):
            code = (cell.units.code[:, 1:] == (seed, entity, quarter)).all(axis=1)
            count = times[0][seed] * times[1][entity] * times[2][quarter]
            copies += [*np.flatnonzero(code)] * count
        labels = positive[copies]
        both = len(np.unique(labels)) == 2
        found.append(roc_auc_score(labels, values[copies]) if both else np.nan)
    np.testing.assert_allclose(cell.replicates["auroc"][1:, place], found)
    low, high = resample.interval(cell.replicates["auroc"][:, [place]], 0.05)
    want = np.nanquantile(found, [0.025, 0.975])
    np.testing.assert_allclose([low[0], high[0]], want)


def test_every_replicate_draws_as_many_clusters_as_there_are():
    (domain,) = judge.domains(*make(domains=("energy",)))
    seeds, entities, quarters = resample.draws(domain, 20, 0)
    assert (seeds.sum(axis=1) == 2).all()
    assert (entities.sum(axis=1) == 6).all()
    assert (quarters.sum(axis=1) == 16).all()
    assert (seeds[0] == 1).all() and (quarters[0] == 1).all()
