import torch

from seqshift.layers.memory import Memory


def _layer(width=8, slots=3):
    torch.manual_seed(0)
    return Memory(width, 2, slots), torch.randn(4, 5, width)


def test_the_read_is_gated_by_input_and_read():
    layer, x = _layer()
    read = layer.attention(x, layer.keys, layer.values)
    gate = torch.sigmoid(
        x @ layer.gate.weight[:, :8].T
        + read @ layer.gate.weight[:, 8:].T
        + layer.gate.bias
    )
    torch.testing.assert_close(layer(x), gate * read)


def test_slots_start_with_variance_one_over_width():
    layer, _ = _layer(width=64, slots=400)
    for slots in (layer.keys, layer.values):
        assert abs(slots.var() * 64 - 1) < 0.05
        assert abs(slots.mean()) < 0.01


def test_tokens_and_samples_are_read_independently():
    layer, x = _layer()
    torch.testing.assert_close(layer(x[1:2, 3:4]), layer(x)[1:2, 3:4])


def test_slots_learn():
    layer, x = _layer()
    layer(x).square().sum().backward()
    assert layer.keys.grad.any()
    assert layer.values.grad.any()
