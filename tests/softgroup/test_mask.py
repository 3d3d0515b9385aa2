"""Biases, their casts, gradients and attention mass."""

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seqshift.errors import BadInput
from seqshift.softgroup import similarity
from seqshift.softgroup.mask import (
    BUILDER,
    cross_mass,
    expand_paths,
    log_bias,
    soft_bias,
)

LOWEST = torch.finfo(torch.float32).min
IDS = torch.tensor([0, 0, 1])
S = torch.tensor([[1, 0.2, 0.5], [0.2, 1, 0.0], [0.25, 1, 1]], dtype=torch.float64)


def test_the_bias_is_beta_log_s_across_groups_and_zero_inside():
    log = torch.log(torch.tensor([0.5, 0.25]))
    expected = torch.tensor([[0, 0, 2 * log[0]], [0, 0, LOWEST], [2 * log[1], 0, 0]])
    torch.testing.assert_close(log_bias(S, IDS, beta=2), expected)


@pytest.mark.parametrize(
    ("beta", "expected"),
    [
        (0, [[0, 0, 0], [0, 0, LOWEST], [0, 0, 0]]),
        (torch.inf, [[0, 0, LOWEST], [0, 0, LOWEST], [LOWEST, 0, 0]]),
    ],
)
def test_beta_zero_keeps_zeros_blocked_and_infinity_keeps_only_ones(beta, expected):
    assert log_bias(S, IDS, beta).tolist() == expected


def test_rows_ask_and_columns_answer():
    bias = log_bias(S, torch.arange(3), beta=1)
    assert bias[1, 2] == LOWEST and bias[2, 1] == 0


def test_origins_are_apart_even_inside_a_group():
    bias = log_bias(S, IDS, beta=1, origin_ids=torch.tensor([0, 1, 0]))
    assert bias[0, 1] == bias[1, 0] == bias[2, 1] == LOWEST
    assert (bias.diagonal() == 0).all() and bias[0, 2] > LOWEST


def test_rows_out_of_scope_share_inside_their_group_only():
    bias = log_bias(S, IDS, beta=1, scope_rows=torch.tensor([True, False, True]))
    assert bias[2, 1] == LOWEST and bias[0, 1] == 0 and bias[0, 2] > LOWEST


def test_pairs_that_are_not_allowed_are_blocked_one_way():
    allowed = torch.ones(3, 3, dtype=torch.bool)
    allowed[0, 2] = allowed[0, 1] = False
    bias = log_bias(S, IDS, beta=1, allowed=allowed)
    assert bias[0, 2] == bias[0, 1] == LOWEST
    assert bias[2, 0] > LOWEST and bias[1, 0] == 0


def test_a_row_that_may_not_see_itself_is_refused():
    with pytest.raises(BadInput, match="set its diagonal to True"):
        log_bias(S, IDS, beta=1, allowed=torch.zeros(3, 3, dtype=torch.bool))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_no_bias_of_any_type_is_infinite(dtype):
    tiny = torch.full((3, 3), 1e-300).double()
    for beta in (1, 20, 1e300, torch.inf):
        bias = log_bias(tiny, IDS, beta, dtype=dtype)
        assert bias.dtype == dtype and bias.isfinite().all()


@given(st.integers(0, 2**32 - 1), st.sampled_from(["float32", "bfloat16", "float16"]))
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_mask_of_true_groups_is_that_of_upstream(random_model, seed, dtype):
    encoder = random_model(layers=1).encoder
    draw = torch.Generator().manual_seed(seed)
    ids = torch.randint(4, (7,), generator=draw)
    seen = torch.randint(2, (7, 5), generator=draw).to(getattr(torch, dtype))
    oracle = (ids[:, None] == ids[None, :]).double()
    model = torch.nn.Module()
    model.encoder = encoder
    arguments = (seen, torch.float32)
    hard = getattr(encoder, BUILDER)(ids, *arguments)
    alone = torch.arange(7)
    with soft_bias(model, log_bias(oracle, alone, beta=1)):
        soft = getattr(encoder, BUILDER)(alone, *arguments)
    assert soft.dtype == hard.dtype and torch.equal(soft, hard)


def test_a_float32_bias_is_clamped_before_it_becomes_half(random_model, contexts):
    bias = log_bias(torch.eye(10), torch.arange(10), beta=1)
    assert bias.to(torch.bfloat16).isinf().any()
    for dtype in (torch.bfloat16, torch.float16):
        model = random_model(layers=1).to(dtype)
        with soft_bias(model, bias), torch.no_grad():
            seen = torch.ones(10, 2, dtype=dtype)
            build = getattr(model.encoder, BUILDER)
            mask = build(torch.arange(10), seen, torch.float32)
        assert mask.dtype == dtype and mask.min() == torch.finfo(dtype).min
        assert mask.shape == (2, 1, 10, 10)


@given(st.integers(1, 5), st.integers(1, 4), st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_paths_expand_as_a_kronecker_product(rows, paths, seed):
    draw = torch.Generator().manual_seed(seed)
    bias = -torch.rand(rows, rows, generator=draw)
    wide = expand_paths(bias, paths)
    same = torch.kron(torch.ones(rows, rows), torch.eye(paths)).bool()
    assert torch.equal(wide[same].sort()[0], bias.repeat(paths, 1).flatten().sort()[0])
    assert (wide[~same] == LOWEST).all()
    kept = torch.where(same, wide, 0.0)
    assert torch.equal(kept, torch.kron(bias, torch.eye(paths)))


@given(st.integers(0, 2**32 - 1), st.floats(0, 50))
@settings(max_examples=30, deadline=None)
def test_squares_are_absolute_values_at_twice_the_beta(seed, beta):
    draw = torch.Generator().manual_seed(seed)
    r = torch.rand(4, 4, generator=draw, dtype=torch.float64).fill_diagonal_(1)
    ids = torch.arange(4)
    torch.testing.assert_close(log_bias(r**2, ids, beta), log_bias(r, ids, 2 * beta))


@pytest.mark.parametrize("attn", ["sdpa", "eager"])
@pytest.mark.parametrize("half", [False, True], ids=["float32", "autocast"])
@pytest.mark.parametrize(
    ("similar", "beta"), [("none", 5.0), ("corr", 1.0), ("tiny", 20.0)]
)
def test_losses_and_gradients_are_finite(
    random_model, contexts, groups, attn, half, similar, beta
):
    model = random_model(attn=attn)
    S = {
        "none": torch.eye(10, dtype=torch.float64),
        "corr": similarity.of(contexts, "corr"),
        "tiny": torch.full((10, 10), 1e-300, dtype=torch.float64),
    }[similar].requires_grad_()
    sharpness = torch.tensor(beta, dtype=torch.float64, requires_grad=True)
    bias = log_bias(S, groups, sharpness)
    half = torch.autocast("cpu", torch.bfloat16, enabled=half)
    with soft_bias(model, bias), half:
        out = model(
            context=contexts,
            group_ids=groups,
            num_output_patches=2,
            future_target=torch.ones(10, 32),
        )
    out.loss.backward()
    assert out.quantile_preds.isfinite().all() and out.loss.isfinite()
    grads = [weight.grad for weight in model.parameters() if weight.grad is not None]
    assert len(grads) > 20 and all(grad.isfinite().all() for grad in grads)
    assert S.grad.isfinite().all() and sharpness.grad.isfinite()
    assert (sharpness.grad != 0) == (similar == "corr")


@pytest.mark.parametrize("attn", ["sdpa", "eager"])
def test_autocast_gives_hard_and_soft_the_same_bits(
    random_model, contexts, groups, attn
):
    model = random_model(attn=attn)
    bias = log_bias(torch.eye(10), groups, beta=1)
    inputs = dict(context=contexts, group_ids=groups, num_output_patches=2)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        hard = model(**inputs).quantile_preds
        with soft_bias(model, bias):
            soft = model(**inputs).quantile_preds
    assert torch.equal(soft, hard)


def test_the_mass_on_other_groups_falls_with_beta(random_model, contexts, groups):
    model = random_model()
    S = similarity.of(contexts, "corr", min_overlap=16)
    mass = []
    for beta in (0, 0.1, 0.5, 1, 2, 5, 10, 20, torch.inf):
        bias = log_bias(S, groups, beta)
        mass.append(cross_mass(model, contexts, groups, bias, num_output_patches=1))
    mass = torch.stack(mass)  # (beta, layer, patch)
    assert mass.shape == (9, 2, 6)
    assert (mass[:-1, 0] > mass[1:, 0]).all() and (mass[-1] == 0).all()


@pytest.mark.parametrize("beta", [0, 0.5, 3])
def test_keys_of_equal_rows_weigh_s_to_the_beta(random_model, contexts, groups, beta):
    model, s = random_model(), 0.6
    same = contexts[4].repeat(10, 1)
    bias = log_bias(similarity.constant(torch.eye(10), s), groups, beta)
    mass = cross_mass(model, same, groups, bias, num_output_patches=1)
    inside = torch.bincount(groups)[groups]  # (row,), rows of its group
    outside = (10 - inside) * s**beta
    expected = (outside / (inside + outside)).mean()
    torch.testing.assert_close(mass, expected.expand(2, 6), rtol=1e-5, atol=1e-6)


def test_the_mass_counts_the_rows_that_are_observed(random_model, contexts, groups):
    model = random_model(layers=1)
    contexts = contexts.clone()
    contexts[:9, :16] = torch.nan  # only the last row has a first patch
    bias = log_bias(torch.ones(10, 10), groups, beta=1)
    mass = cross_mass(model, contexts, groups, bias, num_output_patches=1)
    # Alone it can attend to itself only.
    assert mass[0, 0] == 0 and mass[0, 1] > 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"S": S - 0.1}, r"S\[1, 2\] = -0.1 is not in \[0, 1\]"),
        ({"S": S + 0.1}, r"S\[0, 0\] = 1.1 is not in \[0, 1\]"),
        ({"S": S * torch.nan}, r"S\[0, 0\] = nan is not in \[0, 1\]"),
        ({"S": S[:2]}, r"S has shape \(2, 3\) and the batch 3 rows"),
        ({"beta": -1}, "beta = -1 must be a number of at least 0"),
        ({"beta": float("nan")}, "beta = nan must be"),
        ({"beta": None}, "needs its beta"),
        ({"origin_ids": IDS[:2]}, r"origin_ids has shape \(2,\)"),
        ({"scope_rows": IDS[:2] == 0}, r"scope_rows has shape \(2,\)"),
        ({"allowed": S[:2] > 0}, r"allowed has shape \(2, 3\)"),
    ],
)
def test_what_fits_no_batch_is_refused(changes, words):
    with pytest.raises(BadInput, match=words) as error:
        log_bias(**{"S": S, "group_ids": IDS, "beta": 1} | changes)
    assert "\n" not in str(error.value)


def test_a_hook_inside_a_hook_is_refused(random_model):
    model, bias = random_model(layers=1), torch.zeros(2, 2)
    with soft_bias(model, bias):
        with pytest.raises(RuntimeError, match="already runs under a soft group mask"):
            with soft_bias(model, bias):
                pass
        assert BUILDER in vars(model.encoder)


def test_another_number_of_rows_than_the_bias_has_is_refused(random_model, contexts):
    model = random_model(layers=1)
    with soft_bias(model, torch.zeros(4, 4)), pytest.raises(BadInput, match="10 rows"):
        model(context=contexts, num_output_patches=1)


def test_the_encoder_of_another_model_is_refused():
    pytest.importorskip("chronos", reason="run make extras EXTRAS=softgroup")
    other = torch.nn.Module()
    other.encoder = torch.nn.Linear(1, 1)
    with pytest.raises(BadInput, match="fit a Chronos2Encoder only"):
        with soft_bias(other, torch.zeros(2, 2)):
            pass
