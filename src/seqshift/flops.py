"""Parameters and floating-point operations of every architecture, in closed form.

One multiply-add is two operations; element-wise work, norms and soft-max are left out,
as is usual (Hoffmann et al. 2022, arXiv:2203.15556, appendix F). Counters of operators
miss fused attention and recurrent kernels, which is why the sizes are counted here.
`shape` is anything with lags, features (calendar excluded), entities (row 0 included),
horizons and outputs; `spec` is an entry of `models` in the configuration.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

CALENDAR = 4  # columns into which the calendar of a row is encoded


@dataclass(frozen=True)
class Count:
    """Parameters, operations of one window, and operations of one batch of any size."""

    params: int = 0
    window: int = 0
    batch: int = 0

    def __add__(self, other: "Count") -> "Count":
        mine, its = vars(self).values(), vars(other).values()
        return Count(*(a + b for a, b in zip(mine, its, strict=True)))

    def __mul__(self, times: int) -> "Count":
        return Count(self.params * times, self.window * times, self.batch * times)


def forward(spec: dict, shape: Any, company: int) -> Count | None:
    """Return what one forward takes; None for a kind whose form is not known here.

    `company` is the number of entities of a date among which a cross-entity model
    attends. A training step takes three times the operations: the backward pass
    multiplies once for the inputs and once for the weights of each product.
    """
    count = KINDS.get(spec["kind"])
    return None if count is None else count(spec, shape, company)


def _linear(wide: int, narrow: int, rows: int = 1) -> Count:
    """Return the count of a linear layer that sees `rows` rows of a window."""
    return Count((wide + 1) * narrow, 2 * rows * wide * narrow)


def _entity(spec: dict, shape: Any) -> Count:
    return Count(shape.entities * spec["embedding"])


def _row(spec: dict, shape: Any) -> int:
    return shape.features + CALENDAR + spec["embedding"]


def _head(width: int, shape: Any) -> Count:
    return _linear(width, shape.horizons * shape.outputs)


def _mlp(spec: dict, shape: Any, _: int) -> Count:
    flat = shape.lags * (shape.features + CALENDAR) + spec["embedding"]
    sizes = [flat, *spec["widths"]]
    layers = [_linear(wide, narrow) for wide, narrow in pairwise(sizes)]
    return sum(layers, _entity(spec, shape)) + _head(sizes[-1], shape)


def _lstm(spec: dict, shape: Any, _: int) -> Count:
    """Hochreiter and Schmidhuber 1997, doi:10.1162/neco.1997.9.8.1735.

    Four gates of the input and of the state, which may be projected (Sak, Senior,
    Beaufays 2014, arXiv:1402.1128); torch keeps two bias vectors.
    """
    hidden, state = spec["width"], spec["projection"] or spec["width"]
    total, wide = _entity(spec, shape), _row(spec, shape)
    for _ in range(spec["layers"]):
        products = 4 * hidden * (wide + state) + hidden * spec["projection"]
        total += Count(products + 8 * hidden, 2 * shape.lags * products)
        wide = state
    return total + _head(state, shape)


def _attention(width: int, tokens: int, keys: int) -> Count:
    """Return the count of self-attention: `tokens` queries over `keys` keys each."""
    scores = Count(0, 4 * tokens * keys * width)  # q·k, and the weighted sum of v
    qkv, out = _linear(width, 3 * width, tokens), _linear(width, width, tokens)
    return qkv + out + scores


def _norm(width: int) -> Count:
    return Count(2 * width)


def _memory(width: int, slots: int, tokens: int) -> Count:
    """Return the count of a gated read; the slots are projected once a batch."""
    fixed = _linear(width, width, slots)
    slot = Count(2 * slots * width) + Count(2 * fixed.params, 0, 2 * fixed.window)
    read = _linear(width, width, tokens) * 2 + Count(0, 4 * tokens * slots * width)
    return slot + read + _linear(2 * width, width, tokens)


def _transformer(spec: dict, shape: Any, _: int) -> Count:
    """Vaswani et al. 2017, arXiv:1706.03762, with pre-norm and attention pooling."""
    width, tokens = spec["width"], shape.lags
    block = _attention(width, tokens, tokens) + _norm(width) * 2
    block += _linear(width, spec["feedforward"], tokens)
    block += _linear(spec["feedforward"], width, tokens)
    total = _entity(spec, shape) + block * spec["layers"]
    total += _linear(_row(spec, shape), width, tokens)
    if spec["positions"]:
        total += Count(tokens * width)
    pooling = Count(width, 4 * tokens * width)
    return total + _norm(width) + pooling + _head(width, shape)


def _cross_entity(spec: dict, shape: Any, company: int) -> Count:
    width = spec["width"]
    extra = _attention(width, shape.lags, company) + _norm(width)
    blocks = spec["layers"] - spec["cross_from"] + 1
    return _transformer(spec, shape, company) + extra * blocks


def _memory_model(spec: dict, shape: Any, company: int) -> Count:
    width = spec["width"]
    extra = _memory(width, spec["slots"], shape.lags) + _norm(width)
    return _transformer(spec, shape, company) + extra * spec["layers"]


KINDS: dict[str, Callable[[dict, Any, int], Count]] = {
    "mlp": _mlp,
    "lstm": _lstm,
    "transformer": _transformer,
    "cross-entity": _cross_entity,
    "memory": _memory_model,
}
