"""Tiny models and batches for the tests of this room."""

import dataclasses

import pytest
import torch

from seqshift import registry
from seqshift.windows import Batch, Shape

TINY = Shape(lags=6, features=3, calendar=4, entities=6, horizons=1, outputs=1)
COMMON = {"dropout": 0.1, "entity_dropout": 0.1, "embedding": 4}
ENCODER = COMMON | {
    "width": 16,
    "heads": 4,
    "layers": 2,
    "feedforward": 32,
    "positions": True,
    "calendar": "rows",
}
SPECS = {
    "mlp": COMMON | {"widths": [24, 16]},
    "lstm": COMMON | {"width": 16, "layers": 2, "projection": 12},
    "transformer": ENCODER,
    "cross-entity": ENCODER | {"cross_from": 2},
    "memory": ENCODER | {"slots": 5},
}


@pytest.fixture
def build():
    """Return a function that makes a seeded tiny model, with changes of its spec."""

    def make(kind: str, horizons: int = 1, outputs: int = 1, **changes):
        torch.manual_seed(0)
        shape = dataclasses.replace(TINY, horizons=horizons, outputs=outputs)
        return registry.load("models", kind).Model(shape, SPECS[kind] | changes)

    return make


@pytest.fixture
def draw():
    """Return a function that makes a random batch: `dates` of `batch` rows in all."""

    def make(batch: int = 8, dates: int = 2, ragged: bool = False, seed: int = 1):
        generator = torch.Generator().manual_seed(seed)

        def integers(low: int, high: int, *size: int):
            return torch.randint(low, high, size, generator=generator)

        size = (batch, TINY.lags)
        bounds = ((0, 1), (0, 7), (1, 32), (1, 367))
        calendar = torch.stack([integers(*bound, *size) for bound in bounds], -1)
        length = integers(3, TINY.lags, batch) if ragged else torch.tensor(TINY.lags)
        return Batch(
            x=torch.randn(*size, TINY.features, generator=generator),
            valid=(torch.arange(TINY.lags) < length[..., None]).expand(size).clone(),
            calendar=calendar,
            entity=integers(1, TINY.entities, batch),
            group=torch.arange(batch) % dates + 12_000,
            target=torch.randn(batch, 1, generator=generator),
        )

    return make
