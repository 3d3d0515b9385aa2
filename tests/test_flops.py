"""Closed forms of sizes and operations against hand counts, torch and its counter."""

from types import SimpleNamespace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from seqshift import flops, registry, windows

COMMON = {"embedding": 16, "dropout": 0.0, "entity_dropout": 0.0}
ENCODER = COMMON | {
    "width": 256, "heads": 8, "layers": 6, "feedforward": 2048, "positions": True,
    "calendar": "rows",
}  # fmt: skip
TABLE = {
    "mlp": COMMON | {"kind": "mlp", "widths": [512, 432]},
    "lstm": COMMON | {"kind": "lstm", "width": 512, "layers": 2, "projection": 284},
    "transformer": ENCODER | {"kind": "transformer"},
    "cross-entity": ENCODER | {"kind": "cross-entity", "cross_from": 3},
    "memory": ENCODER | {"kind": "memory", "slots": 128},
}
FINANCE, ENERGY = (3, 61), (7, 43)  # features without the calendar, seen entities


def shape(features, seen, horizons=1, outputs=1, lags=14):
    return windows.Shape(lags, features, 4, seen + 1, horizons, outputs)


def million(spec, features, seen, batch=256):
    """Return 10⁶ operations of a window in the forward of a batch."""
    count = flops.forward(spec, shape(features, seen), seen)
    return (count.window + count.batch / batch) / 1e6


# Each product of a forward written out, two operations per multiply-add; the row of a
# sequence model has 3 + 4 + 16 or 7 + 4 + 16 columns, a window 14 rows.
LAYER = 2 * (256 * 768 + 256 * 256 + 2 * 256 * 2048) + 2 * 2 * 14 * 256
BODY = 14 * 6 * LAYER + 14 * 2 * 2 * 256 + 2 * 256
HAND = {
    ("mlp", 3): 2 * (114 * 512 + 512 * 432 + 432),
    ("mlp", 7): 2 * (170 * 512 + 512 * 432 + 432),
    ("lstm", 3): 28 * (2048 * (23 + 284) + 2048 * (284 + 284) + 2 * 512 * 284) + 568,
    ("lstm", 7): 28 * (2048 * (27 + 284) + 2048 * (284 + 284) + 2 * 512 * 284) + 568,
    ("transformer", 3): BODY + 14 * 2 * 23 * 256,
    ("transformer", 7): BODY + 14 * 2 * 27 * 256,
    ("cross-entity", 3): BODY + 14 * 2 * 23 * 256
    + 14 * 4 * (2 * 4 * 256 * 256 + 2 * 2 * 61 * 256),
    ("cross-entity", 7): BODY + 14 * 2 * 27 * 256
    + 14 * 4 * (2 * 4 * 256 * 256 + 2 * 2 * 43 * 256),
    ("memory", 3): BODY + 14 * 2 * 23 * 256
    + 14 * 6 * (2 * 2 * 256 * 256 + 2 * 512 * 256 + 2 * 2 * 128 * 256)
    + 6 * 2 * 2 * 128 * 256 * 256 / 256,
    ("memory", 7): BODY + 14 * 2 * 27 * 256
    + 14 * 6 * (2 * 2 * 256 * 256 + 2 * 512 * 256 + 2 * 2 * 128 * 256)
    + 6 * 2 * 2 * 128 * 256 * 256 / 256,
}  # fmt: skip


@pytest.mark.parametrize("model", TABLE)
@pytest.mark.parametrize(("features", "seen"), [FINANCE, ENERGY])
def test_operations_equal_a_count_by_hand(model, features, seen):
    by_hand = HAND[model, features] / 1e6
    assert million(TABLE[model], features, seen) == pytest.approx(by_hand, rel=1e-9)


@pytest.mark.parametrize(
    ("spec", "sizes", "stated"),
    [
        (TABLE["mlp"], ENERGY, 0.62),
        (TABLE["lstm"], ENERGY, 58.6),
        (TABLE["transformer"], FINANCE, 221.6),
        (TABLE["transformer"], ENERGY, 221.6),
        (TABLE["cross-entity"], FINANCE, 254.5),
        (TABLE["memory"], FINANCE, 277.4),
        (TABLE["memory"], ENERGY, 277.4),
        (TABLE["transformer"] | {"layers": 2}, FINANCE, 74.0),
        (TABLE["transformer"] | {"positions": False}, FINANCE, 221.6),
        (TABLE["memory"] | {"slots": 32}, FINANCE, 268.6),
        (TABLE["memory"] | {"slots": 512}, FINANCE, 312.8),
        (TABLE["lstm"] | {"projection": 0}, ENERGY, 89.6),
    ],
)
def test_operations_are_those_of_the_stated_table(spec, sizes, stated):
    assert million(spec, *sizes) == pytest.approx(stated, rel=0.01)


sizes = st.integers(1, 9)
embedding = st.fixed_dictionaries(
    {"embedding": sizes, "dropout": st.just(0.1), "entity_dropout": st.just(0.1)}
)


@st.composite
def specs(draw):
    kind = draw(st.sampled_from(sorted(flops.KINDS)))
    spec = draw(embedding) | {"kind": kind}
    if kind == "mlp":
        return spec | {"widths": draw(st.lists(sizes, max_size=3))}
    spec |= {"layers": draw(st.integers(1, 3))}
    if kind == "lstm":
        width = draw(st.integers(2, 9))
        projection = draw(st.integers(0, width - 1))
        return spec | {"width": width, "projection": projection}
    heads = draw(st.integers(1, 3))
    spec |= {"heads": heads, "width": heads * draw(sizes), "feedforward": draw(sizes)}
    first = draw(st.integers(1, spec["layers"]))
    own = {"positions": draw(st.booleans()), "cross_from": first, "slots": draw(sizes)}
    own |= {"calendar": draw(st.sampled_from(["rows", "target"]))}
    return spec | own


shapes = st.builds(
    windows.Shape, sizes, sizes, st.just(4), sizes, sizes, st.sampled_from([1, 3])
)


@settings(max_examples=60, deadline=None)
@given(specs(), shapes)
def test_parameters_are_those_of_the_model_that_is_built(spec, form):
    with torch.device("meta"):
        model = registry.load("models", spec["kind"]).Model(form, spec)
    built = sum(parameter.numel() for parameter in model.parameters())
    assert flops.forward(spec, form, 1).params == built


def counted(spec, features, dates, company, of):
    """Return the operations that torch counts in `of(model, inputs)`.

    Fused attention and the recurrent kernel count as nothing, so both are switched off.
    """
    form, batch = shape(features, company), dates * company
    model = registry.load("models", spec["kind"]).Model(form, spec)
    inputs = (
        torch.randn(batch, 14, features),
        torch.ones(batch, 14, dtype=torch.bool),
        torch.ones(batch, 14, 4, dtype=torch.int64),
        torch.arange(company).repeat(dates) + 1,
        torch.arange(dates).repeat_interleave(company),
    )
    counter = FlopCounterMode(display=False)
    plain = torch.backends.mkldnn.flags(enabled=False)
    with sdpa_kernel(SDPBackend.MATH), plain, counter:
        of(model, inputs)
    return counter.get_total_flops()


def trained(model, inputs):
    model(*inputs).sum().backward()


def explained(model, inputs):
    # The counter cannot follow autograd.grad; frozen weights leave the same products.
    model.requires_grad_(False)
    model(inputs[0].requires_grad_(), *inputs[1:]).sum().backward()


@pytest.mark.parametrize("model", TABLE)
@pytest.mark.parametrize(
    ("of", "forwards", "layers"), [(trained, 3, 6), (explained, 2, 3)]
)
def test_a_gradient_takes_the_forwards_that_torch_counts(model, of, forwards, layers):
    spec, dates, company = TABLE[model], 8, 32
    if "heads" in spec:
        spec = spec | {"layers": layers}
    found = counted(spec, 7, dates, company, of)
    count = flops.forward(spec, shape(7, company), company)
    expected = forwards * (dates * company * count.window + count.batch)
    if model == "lstm":  # the state before the first row is no variable
        expected -= dates * company * 2 * 2 * 4 * 512 * 284
    assert found == pytest.approx(expected, rel=0.01)


def test_a_kind_without_a_closed_form_has_no_count():
    assert flops.forward({"kind": "gru"}, SimpleNamespace(), 1) is None
