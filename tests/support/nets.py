"""Untrained nets to explain: a linear one, and small ones of every kind."""

import torch
from torch import nn

from panel import MODELS, SEQUENCE, small_panel
from seqshift import registry

KINDS = {
    **MODELS,
    "transformer": {"kind": "transformer", **SEQUENCE},
    "memory": {"kind": "memory", "slots": 3, **SEQUENCE},
}


class Linear(nn.Module):
    """Weighs every cell of the window, and adds what must not be attributed."""

    by_date = False

    def __init__(self, lags=4, features=3):
        super().__init__()
        draw = torch.Generator().manual_seed(0)
        self.weight = nn.Parameter(torch.randn(lags, features, generator=draw))

    def forward(self, x, valid, calendar, entity, group):
        level = calendar[..., 3].sum(1) / 100 + entity
        return ((x * self.weight).sum((1, 2)) + level)[:, None, None]


def build(kind: str, seed: int = 0) -> nn.Module:
    """Return a net of a kind for the windows of the small panel."""
    torch.manual_seed(seed)
    spec = KINDS[kind] | {"entity_dropout": 0.1}
    model = registry.load("models", kind).Model(small_panel().shape, spec)
    with torch.no_grad():  # far from the almost linear start
        for weight in model.parameters():
            weight.mul_(1.5)
    return model
