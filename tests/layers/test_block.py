import torch
from torch import nn

from seqshift.layers.attention import key_mask
from seqshift.layers.block import Block

WIDTH = 8


class Scale(nn.Module):
    def forward(self, x, factor):
        return factor * x


def _input():
    torch.manual_seed(0)
    return torch.randn(2, 5, WIDTH), key_mask(torch.ones(2, 5, dtype=torch.bool))


def test_the_sublayers_follow_each_other_pre_norm_and_residual():
    x, mask = _input()
    block = Block(WIDTH, 2, 16, 0.0, Scale())
    for norm in (block.attention_norm, block.extra_norm, block.feedforward_norm):
        nn.init.normal_(norm.weight)
    expected = x + block.attention(block.attention_norm(x), mask)
    expected = expected + 3.0 * block.extra_norm(expected)
    expected = expected + block.feedforward(block.feedforward_norm(expected))
    torch.testing.assert_close(block(x, mask, 3.0), expected)


def test_a_block_without_extra_has_no_third_norm():
    names = [name for name, _ in Block(WIDTH, 2, 16, 0.0, None).named_parameters()]
    assert not any(name.startswith("extra") for name in names)


def test_full_dropout_leaves_the_residual_stream_alone():
    x, mask = _input()
    block = Block(WIDTH, 2, 16, 1.0, Scale()).train()
    assert torch.equal(block(x, mask, 3.0), x)
    assert not torch.equal(block.eval()(x, mask, 3.0), x)


def test_the_activation_is_gelu():
    kinds = [type(layer) for layer in Block(WIDTH, 2, 16, 0.0, None).feedforward]
    assert kinds == [nn.Linear, nn.GELU, nn.Linear]
