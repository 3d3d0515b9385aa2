from pathlib import Path

import pytest
import torch

import seqshift
from seqshift.errors import BadInput
from seqshift.layers.attention import SelfAttention, SlotAttention, attend, key_mask

BATCH, TIME, WIDTH, HEADS = 3, 5, 8, 2


@pytest.fixture
def generator():
    return torch.Generator().manual_seed(0)


@pytest.fixture
def valid():
    return torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [1, 0, 0, 0, 0]]).bool()


def _explicit(query, key, value, mask):
    scores = query @ key.transpose(-1, -2) / query.shape[-1] ** 0.5
    return scores.masked_fill(~mask, float("-inf")).softmax(-1) @ value


def test_attention_equals_an_explicit_softmax_over_the_true_keys(generator, valid):
    query, key, value = torch.randn(3, BATCH, HEADS, TIME, 4, generator=generator)
    mask = key_mask(valid)
    torch.testing.assert_close(
        attend(query, key, value, mask), _explicit(query, key, value, mask)
    )


def test_a_query_without_any_key_gets_zeros_and_finite_gradients(generator):
    tokens = torch.randn(1, 1, TIME, 4, generator=generator, requires_grad=True)
    nothing = torch.zeros(1, 1, 1, TIME, dtype=torch.bool)
    mixed = attend(tokens, tokens, tokens, nothing)
    mixed.sum().backward()
    assert not mixed.any()
    assert tokens.grad.isfinite().all()


def test_a_false_key_is_never_read_and_a_true_key_is(generator, valid):
    layer = SelfAttention(WIDTH, HEADS)
    x = torch.randn(BATCH, TIME, WIDTH, generator=generator)
    before = layer(x, key_mask(valid))
    for token in range(TIME):
        changed = x.clone()
        changed[:, token] += 1
        after = layer(changed, key_mask(valid))
        others = [t for t in range(TIME) if t != token]
        moved = (after != before)[:, others].all(-1).all(-1)
        still = (after == before)[:, others].all(-1).all(-1)
        assert torch.equal(moved, valid[:, token])
        assert torch.equal(still, ~valid[:, token])


def test_the_fused_projection_holds_query_key_and_value_in_this_order(generator):
    layer = SelfAttention(WIDTH, HEADS)
    twin = torch.nn.MultiheadAttention(WIDTH, HEADS, batch_first=True)
    twin.in_proj_weight.data = layer.qkv.weight.data
    twin.in_proj_bias.data = layer.qkv.bias.data
    twin.out_proj.load_state_dict(layer.out.state_dict())
    x = torch.randn(BATCH, TIME, WIDTH, generator=generator)
    expected, _ = twin(x, x, x)
    torch.testing.assert_close(layer(x, None), expected)


def test_slot_attention_reads_the_same_slots_for_every_sample(generator):
    layer = SlotAttention(WIDTH, HEADS)
    x = torch.randn(BATCH, TIME, WIDTH, generator=generator)
    keys, values = torch.randn(2, 7, WIDTH, generator=generator)

    def split(rows):  # (..., token, width) -> (..., head, token, head width)
        return rows.unflatten(-1, (HEADS, -1)).transpose(-2, -3)

    mask = torch.ones(7, dtype=torch.bool)
    mixed = _explicit(
        split(layer.query(x)), split(layer.key(keys)), split(layer.value(values)), mask
    )
    expected = layer.out(mixed.transpose(1, 2).flatten(2))
    torch.testing.assert_close(layer(x, keys, values), expected)


@pytest.mark.parametrize("layer", [SelfAttention, SlotAttention])
def test_heads_that_do_not_divide_the_width_are_refused(layer):
    with pytest.raises(BadInput, match="not divisible by heads 3"):
        layer(WIDTH, 3)


def test_attention_is_called_in_one_place_only():
    sources = Path(next(iter(seqshift.__path__))).rglob("*.py")
    callers = [p.name for p in sources if "scaled_dot_product" in p.read_text()]
    assert callers == ["attention.py"]


def test_in_bfloat16_on_the_cpu_attention_is_computed_in_float32():
    torch.manual_seed(0)
    exact = [torch.randn(2, 2, 5, 4) for _ in range(3)]
    mask = torch.rand(2, 1, 1, 5) > 0.3
    mask[1] = False
    with torch.autocast("cpu", torch.bfloat16):
        found = attend(*(part.bfloat16() for part in exact), mask)
    rounded = (part.bfloat16().float() for part in exact)
    assert found.dtype == torch.float32
    assert torch.equal(found, attend(*rounded, mask))
    assert (found[1] == 0).all()
