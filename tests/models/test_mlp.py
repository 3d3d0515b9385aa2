import torch
from torch import nn


def test_one_hidden_layer_follows_each_width(build):
    model = build("mlp", widths=[10, 9, 8])
    layers = [layer for layer in model.hidden if isinstance(layer, nn.Linear)]
    assert [layer.out_features for layer in layers] == [10, 9, 8]
    assert layers[0].in_features == 6 * (3 + 4) + 4  # lags x columns + embedding


def test_the_order_of_rows_matters(build, draw):
    model, batch = build("mlp").eval(), draw()
    turned = batch.x.flip(1), batch.valid, batch.calendar.flip(1)
    after = model(*turned, batch.entity, batch.group)
    assert not torch.allclose(after, model(*batch.inputs()), atol=1e-4)
