"""Cluster bootstrap: seeds, entities and quarters drawn together, each as a whole."""

from collections.abc import Iterator

import numpy as np

from seqshift.arena.units import Domain
from seqshift.statistics import blocks

CHUNK = 50  # replicates at once: what fits the processor's cache


def draws(domain: Domain, resamples: int, seed: int) -> list[np.ndarray]:
    """Return how often each seed, entity and quarter is drawn, (replicate, cluster).

    The first replicate is the sample itself. The draws depend on the seed and on the
    domain's name and size alone, so that differences between signals are paired.
    """
    rng = blocks.generator(seed, domain.name, "arena")
    found = []
    for count in (len(domain.seeds), len(domain.entities), domain.quarters):
        times = rng.multinomial(count, np.full(count, 1 / count), resamples)
        found.append(np.vstack([np.ones(count), times]))
    return found


def weights(drawn: list[np.ndarray], code: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the weights (replicate, unit) of units by chunks of replicates.

    A unit counts as often as its seed times its entity times its quarter was drawn.
    `code` holds model, seed, entity and quarter of each unit.
    """
    for start in range(0, len(drawn[0]), CHUNK):
        found = np.ones((len(drawn[0][start : start + CHUNK]), len(code)))
        for times, at in zip(drawn, code.T[1:], strict=True):
            found *= times[start : start + CHUNK][:, at]
        yield found


def interval(replicates: np.ndarray, alpha: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the percentile interval over the first axis, its first row left out.

    Replicates without a value are left out; NaN where none has one.
    """
    drawn = replicates[1:]
    some = np.isfinite(drawn).any(axis=0)
    if not drawn.size or not some.any():
        none = np.full(drawn.shape[1:], np.nan)
        return none, none
    filled = np.where(some, drawn, 0.0)
    low, high = np.nanquantile(filled, [alpha / 2, 1 - alpha / 2], axis=0)
    return np.where(some, low, np.nan), np.where(some, high, np.nan)
