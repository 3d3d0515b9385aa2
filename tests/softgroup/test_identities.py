"""Equalities between soft and hard masks, to the last bit."""

import copy

import numpy as np
import pytest
import torch

pytest.importorskip("chronos", reason="run make extras EXTRAS=softgroup")

from chronos import Chronos2Pipeline  # noqa: E402

from seqshift.softgroup import similarity  # noqa: E402
from seqshift.softgroup.mask import BUILDER, log_bias, soft_bias  # noqa: E402
from seqshift.softgroup.pipeline import SoftGroupPipeline, forecast  # noqa: E402

DTYPES = [torch.float32, torch.bfloat16, torch.float16]
ATTENTION = ["sdpa", "eager"]
# A pass has 32 steps, so the last is unrolled over quantile paths.
HORIZONS = [24, 32, 80]
NOTHING, ALL = torch.eye(10), torch.ones(10, 10)
ALONE, TOGETHER = torch.arange(10), torch.zeros(10, dtype=torch.int64)

every_kind = pytest.mark.parametrize("attn", ATTENTION)
every_type = pytest.mark.parametrize("dtype", DTYPES, ids=str)
every_horizon = pytest.mark.parametrize("horizon", HORIZONS)


@pytest.fixture
def of_type(random_model):
    return lambda attn, dtype: SoftGroupPipeline(random_model(attn=attn).to(dtype))


@every_kind
@every_type
@every_horizon
def test_no_similarity_is_the_hard_mask(
    of_type, contexts, groups, attn, dtype, horizon
):
    pipeline = of_type(attn, dtype)
    hard = forecast(pipeline, contexts, horizon, groups)
    assert hard.isfinite().all()
    for beta in (1, 5, 20):
        soft = forecast(pipeline, contexts, horizon, groups, NOTHING, beta)
        assert torch.equal(soft, hard)


@every_kind
@every_type
@every_horizon
def test_full_similarity_is_one_joint_group(
    of_type, contexts, groups, attn, dtype, horizon
):
    pipeline = of_type(attn, dtype)
    joint = forecast(pipeline, contexts, horizon, TOGETHER)
    soft = forecast(pipeline, contexts, horizon, groups, ALL, beta=2)
    assert torch.equal(soft, joint)
    assert not torch.equal(joint, forecast(pipeline, contexts, horizon, groups))


@every_kind
@every_type
@every_horizon
def test_the_oracle_is_the_true_groups(of_type, contexts, groups, attn, dtype, horizon):
    pipeline = of_type(attn, dtype)
    oracle = (groups[:, None] == groups[None, :]).double()
    soft = forecast(pipeline, contexts, horizon, ALONE, oracle, beta=3)
    assert torch.equal(soft, forecast(pipeline, contexts, horizon, groups))


@every_horizon
def test_full_similarity_is_cross_learning_of_upstream(random_model, contexts, horizon):
    model, series = random_model(), list(contexts)
    joint = Chronos2Pipeline(model).predict(series, horizon, cross_learning=True)
    soft = SoftGroupPipeline(model).predict(
        series, horizon, similarity=ALL, same_origin=True
    )
    assert torch.equal(torch.stack(soft), torch.stack(joint))


@every_horizon
def test_without_settings_the_pipeline_is_upstream(random_model, contexts, horizon):
    model, series = random_model(), list(contexts)
    for joint in (False, True):
        theirs = Chronos2Pipeline(model).predict(series, horizon, cross_learning=joint)
        ours = SoftGroupPipeline(model).predict(series, horizon, cross_learning=joint)
        assert torch.equal(torch.stack(ours), torch.stack(theirs))


def test_no_similarity_of_rows_alone_is_no_group_ids(random_model, contexts):
    model = random_model()
    with torch.no_grad():
        hard = model(context=contexts, group_ids=None, num_output_patches=2)
        with soft_bias(model, log_bias(NOTHING, ALONE, beta=1)):
            soft = model(context=contexts, group_ids=ALONE, num_output_patches=2)
    assert torch.equal(soft.quantile_preds, hard.quantile_preds)


@pytest.fixture
def wider(contexts, groups):
    """Return contexts, S and ids with three rows more that nobody may see."""
    S = torch.eye(13, dtype=torch.float64)
    S[:10, :10] = similarity.of(contexts, "corr")
    more = torch.cat([contexts, contexts[[2, 4, 9]].flip(1)])
    return more, S, torch.cat([groups, torch.tensor([6, 7, 8])])


@every_kind
@every_type
@every_horizon
def test_what_nobody_may_see_changes_nothing(of_type, wider, attn, dtype, horizon):
    pipeline, (x, S, ids) = of_type(attn, dtype), wider
    before = forecast(pipeline, x, horizon, ids, S, beta=1)
    x[10:] = 50 - 3 * x[10:]
    after = forecast(pipeline, x, horizon, ids, S, beta=1)
    assert torch.equal(after[:10], before[:10])
    assert not torch.equal(after[10:], before[10:])


@every_kind
def test_rows_that_nobody_may_see_may_be_left_out(of_type, wider, attn):
    pipeline, (x, S, ids) = of_type(attn, torch.float32), wider
    for horizon in (24, 32):
        there = forecast(pipeline, x, horizon, ids, S, beta=1)
        alone = forecast(pipeline, x[:10], horizon, ids[:10], S[:10, :10], beta=1)
        assert torch.equal(there[:10], alone)
    # With 9 paths a row the kernel of sdpa cuts other blocks of keys: only rounding.
    there = forecast(pipeline, x, 80, ids, S, beta=1)
    alone = forecast(pipeline, x[:10], 80, ids[:10], S[:10, :10], beta=1)
    torch.testing.assert_close(there[:10], alone, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("horizon", [32, 80])
def test_a_single_series_has_nobody_to_share_with(pipeline, contexts, horizon):
    one, alone = contexts[4:5], torch.zeros(1, dtype=torch.int64)
    S = similarity.of(one, "corr")
    soft = forecast(pipeline, one, horizon, alone, S, beta=1)
    assert torch.equal(soft, forecast(pipeline, one, horizon, alone))


def test_a_soft_mask_lies_between_hard_and_joint(pipeline, contexts, groups):
    S = similarity.of(contexts, "corr", min_overlap=16)
    hard = forecast(pipeline, contexts, 32, groups)
    joint = forecast(pipeline, contexts, 32, TOGETHER)
    away = [
        float((forecast(pipeline, contexts, 32, groups, S, beta) - hard).abs().mean())
        for beta in (0.5, 2, 8, 64)
    ]
    assert away == sorted(away, reverse=True) and away[-1] > 0
    assert away[0] < float((joint - hard).abs().mean())


def test_an_infinite_beta_is_the_hard_mask_and_zero_shares_freely(
    pipeline, contexts, groups
):
    S = torch.full((10, 10), 0.9)
    hard = forecast(pipeline, contexts, 80, groups)
    strict = forecast(pipeline, contexts, 80, groups, S, beta=torch.inf)
    assert torch.equal(strict, hard)
    free = forecast(pipeline, contexts, 80, groups, S, beta=0)
    assert torch.equal(free, forecast(pipeline, contexts, 80, TOGETHER))


def test_the_order_of_rows_does_not_matter(pipeline, contexts, groups):
    order = torch.from_numpy(np.random.default_rng(2).permutation(10))
    S, mixed = (similarity.of(x, "corr") for x in (contexts, contexts[order]))
    torch.testing.assert_close(mixed, S[order][:, order], rtol=0, atol=1e-12)
    here = forecast(pipeline, contexts, 32, groups, S, beta=1)
    there = forecast(pipeline, contexts[order], 32, groups[order], mixed, beta=1)
    # Sums over keys run in another order.
    torch.testing.assert_close(there, here[order], rtol=1e-3, atol=1e-3)


def test_origins_packed_into_one_batch_are_forecast_as_if_alone(pipeline, contexts):
    both = torch.cat([contexts, contexts.flip(1)])
    origins = torch.tensor([0] * 10 + [1] * 10)
    S = similarity.of(both, "corr")
    ids = torch.arange(20)
    packed = forecast(pipeline, both, 80, ids, S, 1, origins)
    joint = forecast(pipeline, both, 80, 0 * ids, origin_ids=origins)
    for rows in (slice(0, 10), slice(10, 20)):
        own = similarity.of(both[rows], "corr")
        apart = forecast(pipeline, both[rows], 80, ids[rows], own, 1)
        torch.testing.assert_close(packed[rows], apart, rtol=1e-4, atol=1e-4)
        apart = forecast(pipeline, both[rows], 80, TOGETHER)
        torch.testing.assert_close(joint[rows], apart, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("failing", [False, True])
def test_the_hook_is_gone_afterwards(random_model, contexts, groups, failing):
    model = random_model()
    before = copy.deepcopy(model.state_dict())
    try:
        with soft_bias(model, log_bias(ALL, groups, beta=1)):
            assert BUILDER in vars(model.encoder)
            if failing:
                raise ArithmeticError
    except ArithmeticError:
        pass
    assert BUILDER not in vars(model.encoder)
    assert model.state_dict().keys() == before.keys()
    hard = forecast(SoftGroupPipeline(model), contexts, 32, groups)
    assert torch.equal(
        hard, forecast(SoftGroupPipeline(random_model()), contexts, 32, groups)
    )
