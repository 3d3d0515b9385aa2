"""The extreme axis: peak errors on crash, heat and cold days against normal days."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from seqshift.metrics import panel as panels
from seqshift.metrics import ratios
from seqshift.metrics.entries import Entry, status
from seqshift.metrics.panel import Era, Panel
from seqshift.statistics import blocks

# Slice of the tables: (role, slice of the forecasts, role of its normal days).
SLICES = {
    "crash-train": ("extreme_holdout", "crash", "id_test"),
    "crash-test": ("temporal_test", "crash", "temporal_test"),
    "heat": ("temporal_test", "heat", "temporal_test"),
    "cold": ("temporal_test", "cold", "temporal_test"),
}
ERA = {"id_test": "id", "temporal_test": "test"}


@dataclass(frozen=True)
class Side:
    """Peaks of the extreme or of the normal days of the seen entities.

    `p95`, `naive` and `count` have the shape (entity, replicate); `errors` are the
    absolute errors of each entity.
    """

    p95: np.ndarray
    naive: np.ndarray
    count: np.ndarray
    errors: list[np.ndarray]
    blocks: int


def robustness(
    panel: Panel,
    eras: dict[str, Era],
    seen: np.ndarray,
    underfit: np.ndarray,
    spec: dict,
    statistics: dict,
) -> list[Entry]:
    """Return the robustness delta of each slice that the forecasts hold.

    A crash is too short for blocks of a year: its days are drawn in blocks of a
    quarter of the slice, at least five. Heat and cold days are drawn with the test
    era, and so are the normal days they are compared with.
    """
    least = statistics["min_windows"]
    normal: dict[str, Side] = {}
    found = []
    for name, (role, label, other) in SLICES.items():
        mask = panel.where(role, label)[seen]
        if not mask.any():
            continue
        if other not in normal:
            plain = panel.where(other, None if other == "id_test" else "")[seen]
            normal[other] = _side(panel, seen, plain, eras[ERA[other]])
        short = label == "crash"
        era = _short(panel, mask, name, statistics) if short else eras["test"]
        sides = (_side(panel, seen, mask, era), normal[other])
        number = min(side.blocks for side in sides)
        found += _entries(name, sides, seen, underfit, least, number)
    return found


def peak_ratio(extreme: np.ndarray, normal: np.ndarray) -> float:
    """Return ln of the largest extreme error over the expected largest normal one.

    The expectation is that of the log maximum of as many normal days, drawn without
    replacement, as there are extreme ones: a maximum grows with the number of days.
    """
    size = len(extreme)
    if not 0 < size <= len(normal):
        return float("nan")
    tail = np.sort(normal)[size - 1 :]
    if not tail[0] > 0 or not extreme.max() > 0:
        return float("nan")
    rank = np.arange(size, len(normal) + 1)
    # P(the k-th smallest of N is the largest of n drawn) = C(k-1, n-1) / C(N, n).
    weight = np.exp(_choose(rank - 1, size - 1) - _choose(len(normal), size))
    expected = weight @ np.log(tail)
    return float(np.log(extreme.max()) - expected)


def _choose(total: np.ndarray, part: int) -> np.ndarray:
    return gammaln(total + 1.0) - gammaln(part + 1.0) - gammaln(total - part + 1.0)


def _short(panel: Panel, mask: np.ndarray, name: str, statistics: dict) -> Era:
    days = panels.era(panel, mask)
    rng = blocks.generator(statistics["seed"], panel.run["domain"], name)
    length = max(5, len(days) // 4)
    return Era(days, blocks.circular(len(days), length, statistics["resamples"], rng))


def _side(panel: Panel, seen: np.ndarray, mask: np.ndarray, era: Era) -> Side:
    """Measure the marked errors; `mask` is (seen entity, day, slot)."""
    counts = blocks.counts(era.draws)  # (replicate, day of the era)
    errors = [np.abs(panel.error[row][at]) for row, at in zip(seen, mask, strict=True)]
    naives = [np.abs(panel.naive[row][at]) for row, at in zip(seen, mask, strict=True)]
    p95, naive, total = (np.full((len(seen), len(counts)), np.nan) for _ in range(3))
    place = np.searchsorted(era.days, np.arange(mask.shape[1]))
    for row, at in enumerate(mask):
        weights = counts[:, place[np.nonzero(at)[0]]]  # (replicate, cell)
        total[row] = weights.sum(axis=1)
        if len(errors[row]):
            p95[row] = blocks.percentile(errors[row], weights, total[row], 0.95)
            naive[row] = blocks.percentile(naives[row], weights, total[row], 0.95)
    return Side(p95, naive, total, errors, era.draws.blocks)


def _entries(
    name: str,
    sides: tuple[Side, Side],
    seen: np.ndarray,
    underfit: np.ndarray,
    least: int,
    number: int,
) -> list[Entry]:
    far, near = sides
    seed, corr = ratios.robustness_delta(far.p95, near.p95, far.naive, near.naive)
    pairs = zip(far.errors, near.errors, strict=True)
    largest = np.array([peak_ratio(*pair) for pair in pairs])
    count = [side.count[:, 0] for side in sides]
    found = []
    for metric, column, values, blocks_used in (
        ("robustness_delta", "seed", seed, number),
        ("robustness_delta", "corr", corr, number),
        ("peak_ratio", "info", largest[:, None], 0),
        ("p95_extreme", "info", far.p95[:, :1], 0),
        ("p95_normal", "info", near.p95[:, :1], 0),
        ("p95_naive_extreme", "info", far.naive[:, :1], 0),
        ("p95_naive_normal", "info", near.naive[:, :1], 0),
    ):
        weak = np.array(False) if column == "info" else underfit
        state = status(values[:, 0], count, weak, least)
        key = ("extreme", name, "", metric, column)
        found.append(Entry(*key, seen, values, count[0], state, blocks_used))
    return found
