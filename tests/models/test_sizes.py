"""Parameter counts of the table and the embedded sizes against closed forms."""

import pytest
import torch

from seqshift import registry
from seqshift.windows import Shape

COMMON = {"dropout": 0.1, "entity_dropout": 0.1, "embedding": 16}
TABLE = COMMON | {
    "width": 256,
    "heads": 8,
    "layers": 6,
    "feedforward": 2048,
    "positions": True,
    "calendar": "rows",
}
EMBEDDED = COMMON | {
    "width": 64,
    "heads": 4,
    "layers": 2,
    "feedforward": 256,
    "positions": True,
    "calendar": "rows",
}
FINANCE = (3, 61)  # x features, seen entities; four calendar columns come on top
ENERGY = (7, 43)


def _count(kind: str, spec: dict, features: int, seen: int) -> int:
    shape = Shape(14, features, 4, seen + 1, 1, 1)
    with torch.device("meta"):
        model = registry.load("models", kind).Model(shape, spec)
    return sum(parameter.numel() for parameter in model.parameters())


@pytest.mark.parametrize(
    ("kind", "spec", "claimed", "finance", "energy"),
    [
        ("mlp", COMMON | {"widths": [512, 432]}, 0.3e6, 281_921, 310_305),
        (
            "lstm",
            COMMON | {"width": 512, "layers": 2, "projection": 284},
            2.1e6,
            2_092_285,
            2_100_189,
        ),
        ("transformer", TABLE, 8e6, 7_902_177, 7_902_913),
        ("cross-entity", TABLE | {"cross_from": 3}, 9e6, 8_956_897, 8_957_633),
        ("memory", TABLE | {"slots": 128}, 11e6, 10_665_441, 10_666_177),
    ],
)
def test_the_table_sizes_are_exact(kind, spec, claimed, finance, energy):
    assert _count(kind, spec, *FINANCE) == finance
    assert _count(kind, spec, *ENERGY) == energy
    assert max(abs(count / claimed - 1) for count in (finance, energy)) <= 0.07


@pytest.mark.parametrize(
    ("kind", "spec", "finance", "energy"),
    [
        ("mlp", COMMON | {"widths": [128, 64]}, 23_041, 30_209),
        (
            "lstm",
            COMMON | {"width": 64, "layers": 2, "projection": 0},
            56_129,
            57_153,
        ),
        ("transformer", EMBEDDED, 102_657, 102_913),
        ("cross-entity", EMBEDDED | {"cross_from": 2}, 119_425, 119_681),
        ("memory", EMBEDDED | {"slots": 16}, 156_801, 157_057),
    ],
)
def test_the_embedded_sizes_are_exact(kind, spec, finance, energy):
    assert _count(kind, spec, *FINANCE) == finance + 16 * 62
    assert _count(kind, spec, *ENERGY) == energy + 16 * 44


@pytest.mark.parametrize(
    ("kind", "change", "finance", "energy"),
    [
        ("transformer", {"layers": 2}, 2_641_889, 2_642_625),
        ("transformer", {"positions": False}, 7_898_593, 7_899_329),
        (
            "transformer",
            {"positions": False, "calendar": "target"},
            7_898_593,
            7_899_329,
        ),
        ("memory", {"slots": 32}, 10_370_529, 10_371_265),
        ("memory", {"slots": 512}, 11_845_089, 11_845_825),
    ],
)
def test_the_ablations_are_exact(kind, change, finance, energy):
    assert _count(kind, TABLE | change, *FINANCE) == finance
    assert _count(kind, TABLE | change, *ENERGY) == energy


def test_the_unprojected_lstm_is_exact():
    spec = COMMON | {"width": 512, "layers": 2, "projection": 0}
    assert _count("lstm", spec, *FINANCE) == 3_202_529
    assert _count("lstm", spec, *ENERGY) == 3_210_433
