import numpy as np
import pytest

from seqshift.softgroup.data import clusters

SPEC = dict(C=6, n=4, context=256, horizon=96, noise=0.6, short=0.5)
SPEC |= dict(short_steps=(24, 64), negative=0.25, lag=0)


def draw(seed=5000, **changes):
    return clusters.clusters(seed, **(SPEC | changes))


def strength(one):
    """Return mean |r| of pairs within and across clusters, on whole histories."""
    r = np.abs(np.corrcoef(one.full))
    same = one.cluster[:, None] == one.cluster
    off = ~np.eye(len(r), dtype=bool)
    return r[same & off].mean(), r[~same].mean()


def test_a_replicate_has_the_sizes_asked_for():
    one = draw()
    assert one.context.shape == (24, 256) and one.target.shape == (24, 96)
    assert np.bincount(one.cluster).tolist() == [4] * 6
    assert np.isfinite(one.target).all() and np.isfinite(one.full).all()


def test_half_of_each_cluster_keeps_24_to_63_steps_and_the_rest_all():
    kept = np.concatenate([np.isfinite(draw(s).context).sum(1) for s in range(20)])
    short = kept < 256
    assert short.reshape(20, 6, 4).sum(axis=2).tolist() == [[2] * 6] * 20
    assert kept[short].min() >= 24 and kept[short].max() <= 63
    one = draw()
    seen = np.isfinite(one.context)
    np.testing.assert_array_equal(one.context[seen], one.full[seen])
    assert seen[:, -24:].all()


def test_series_of_a_cluster_are_more_related_and_the_noise_decides_how_much():
    inside, across = np.mean([strength(draw(seed)) for seed in range(40)], axis=0)
    assert inside > across + 0.3
    # of a factor and a noise of deviation .6, r is 1 / (1 + .6²) but for drifts
    assert abs(inside - 1 / 1.36) < 0.08
    clear = np.mean([strength(draw(seed, noise=0.2))[0] for seed in range(40)])
    noisy = np.mean([strength(draw(seed, noise=1.2))[0] for seed in range(40)])
    assert clear > inside > noisy


def test_some_series_are_their_factor_negated():
    def negative(share):
        found = []
        for seed in range(20):
            one = draw(seed, negative=share)
            r = np.corrcoef(one.full)
            found += [r[0, member] < 0 for member in range(1, 4)]
        return np.mean(found)

    assert negative(0.0) < 0.02
    # two of opposite sign: 2 · 1/4 · 3/4
    assert 0.2 < negative(0.25) < 0.55


def test_a_lag_makes_a_series_resemble_another_one_earlier():
    one = draw(noise=0.0, lag=24, negative=0.0, short=0.0)
    rows = one.full[:4]
    best = []
    for row in rows[1:]:
        moved = range(-24, 25)
        same = [
            abs(np.corrcoef(rows[0][24:-24], row[24 + k : 232 + k])[0, 1])
            for k in moved
        ]
        best.append(max(same))
    np.testing.assert_allclose(best, 1, atol=1e-9)


def test_the_seed_decides():
    np.testing.assert_array_equal(draw(1).context, draw(1).context)
    assert not np.array_equal(draw(1).target, draw(2).target)


@pytest.mark.parametrize("seed", [0, 7000])
def test_the_seasonal_naive_forecast_errs_on_the_family_as_published(seed):
    context, target = clusters.seasonal_family(seed, 256, 256, 48, 24)
    naive = context[:, -24:][:, np.arange(48) % 24]
    scale = np.abs(context[:, 24:] - context[:, :-24]).mean(axis=1)
    error = np.abs(target - naive)
    # another draw of the family gave 1.052 and .189
    assert abs((error.mean(axis=1) / scale).mean() - 1.052) < 0.05
    assert abs(error.sum() / np.abs(target).sum() - 0.189) < 0.02
