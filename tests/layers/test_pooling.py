import torch

from seqshift.layers.pooling import AttentionPooling

WIDTH = 4


def _layer():
    torch.manual_seed(0)
    layer = AttentionPooling(WIDTH)
    layer.query.data.normal_()
    return layer, torch.randn(2, 5, WIDTH)


def test_pooling_is_a_softmax_mean_over_the_valid_tokens():
    layer, x = _layer()
    valid = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]]).bool()
    for sample, length in ((0, 5), (1, 3)):
        tokens = x[sample, :length]
        weights = (tokens @ layer.query / WIDTH**0.5).softmax(0)
        torch.testing.assert_close(layer(x, valid)[sample], weights @ tokens)


def test_a_masked_token_has_no_weight_at_all():
    layer, x = _layer()
    valid = torch.tensor([[1, 1, 1, 1, 0], [1, 1, 0, 1, 1]]).bool()
    before = layer(x, valid)
    x[0, 4], x[1, 2] = 1e6, -1e6
    assert torch.equal(layer(x, valid), before)


def test_a_sample_without_valid_tokens_is_finite_with_finite_gradients():
    layer, x = _layer()
    x.requires_grad_()
    pooled = layer(x, torch.zeros(2, 5, dtype=torch.bool))
    pooled.sum().backward()
    assert pooled.isfinite().all()
    assert x.grad.isfinite().all()


def test_the_order_of_tokens_does_not_matter():
    layer, x = _layer()
    valid = torch.ones(2, 5, dtype=torch.bool)
    order = torch.tensor([3, 0, 4, 2, 1])
    torch.testing.assert_close(layer(x[:, order], valid), layer(x, valid))
