"""Resampling of days in blocks, and sums and percentiles over resampled days.

Replicate 0 of every draw is the sample itself, so estimates and their resamples come
from one computation.
"""

import zlib
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Draws:
    """Half-open spans of days, on a calendar written twice in a row.

    `starts` and `stops` have the shape (replicate, block); `blocks` counts the
    blocks of the sample, whose number limits what the draws can tell.
    """

    days: int
    starts: np.ndarray
    stops: np.ndarray
    blocks: int


def generator(seed: int, *names: str) -> np.random.Generator:
    """Return a generator that depends on the seed and on names alone."""
    keys = [zlib.crc32(name.encode()) for name in names]
    return np.random.default_rng(np.random.SeedSequence([seed, *keys]))


def circular(days: int, length: int, resamples: int, rng: np.random.Generator) -> Draws:
    """Draw circular blocks of `length` days until each replicate has `days` days.

    Source: Politis and Romano (1992), circular block resampling.
    """
    length = min(length, days)
    pieces = -(-days // length)
    sizes = np.full(pieces, length)
    sizes[-1] = days - length * (pieces - 1)
    starts = rng.integers(0, days, (resamples, pieces))  # (replicate, block)
    # The sample itself, cut at the same lengths.
    starts = np.vstack([np.arange(pieces) * length, starts])
    return Draws(days, starts, starts + sizes, round(days / length))


def pick(edges: np.ndarray, resamples: int, rng: np.random.Generator) -> Draws:
    """Draw as many given blocks as there are, with replacement.

    Parameters
    ----------
    edges
        First day and day after the last of each block, (block, 2).
    """
    count = len(edges)
    chosen = rng.integers(0, count, (resamples, count))  # (replicate, block)
    chosen = np.vstack([np.arange(count), chosen])
    days = int(edges[:, 1].max())
    return Draws(days, edges[chosen, 0], edges[chosen, 1], count)


def runs(place: np.ndarray, length: int) -> np.ndarray:
    """Cut days into blocks: at each gap of their places, then at about `length`.

    Returns first and after-last index into `place` of each block, (block, 2).
    """
    gaps = np.flatnonzero(np.diff(place) > 1) + 1
    bounds = [0, *gaps.tolist(), len(place)]
    edges = []
    for first, last in zip(bounds, bounds[1:], strict=False):
        pieces = max(1, round((last - first) / length))
        cuts = np.linspace(first, last, pieces + 1).round().astype(int)
        edges.extend(zip(cuts[:-1], cuts[1:], strict=True))
    return np.array(edges)


def sums(values: np.ndarray, draws: Draws) -> np.ndarray:
    """Sum each row over the drawn days: (row, day) to (row, replicate)."""
    twice = np.concatenate([values, values], axis=1)
    total = np.zeros((len(values), 2 * draws.days + 1))
    np.cumsum(twice, axis=1, out=total[:, 1:])
    out = np.zeros((len(values), len(draws.starts)))
    for start, stop in zip(draws.starts.T, draws.stops.T, strict=True):
        out += total[:, stop] - total[:, start]
    return out


def counts(draws: Draws) -> np.ndarray:
    """Count how often each day is drawn: (replicate, day)."""
    steps = np.zeros((len(draws.starts), 2 * draws.days + 1), np.int32)
    rows = np.arange(len(draws.starts))[:, None]
    np.add.at(steps, (rows, draws.starts), 1)
    np.add.at(steps, (rows, draws.stops), -1)
    level = np.cumsum(steps[:, :-1], axis=1, dtype=np.int32)
    return level[:, : draws.days] + level[:, draws.days :]


def percentile(
    values: np.ndarray, weights: np.ndarray, total: np.ndarray, share: float
) -> np.ndarray:
    """Return the type-7 percentile of values repeated `weights` times.

    Parameters
    ----------
    values
        (cell,), finite.
    weights
        Whole numbers, (replicate, cell).
    total
        Sum of the weights, (replicate,); a replicate with none gives NaN.
    """
    # Counted from the top: only the upper tail has to be sorted out and summed.
    reach = (total - 1) * (1 - share)
    above = np.floor(reach + 1e-9).astype(int)
    width = min(len(values), int((1 - share) * 2 * len(values)) + 2)
    order = np.argsort(-values, kind="stable")
    while True:
        head = order[:width]
        stack = np.cumsum(weights[:, head], axis=1)
        if width == len(values) or (stack[:, -1] >= np.minimum(above + 2, total)).all():
            break
        width = min(len(values), 2 * width)
    upper = values[head][np.minimum((stack <= above[:, None]).sum(1), width - 1)]
    lower = values[head][np.minimum((stack <= above[:, None] + 1).sum(1), width - 1)]
    # The last weight may make above + 1 fall off the end when only one cell is drawn.
    part = np.clip(reach - above, 0, 1)
    return np.where(total > 0, upper + (lower - upper) * part, np.nan)
