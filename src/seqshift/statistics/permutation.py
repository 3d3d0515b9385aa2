"""Cosine distances and their null under permuted labels."""

from itertools import combinations
from math import comb

import numpy as np

# Distances that differ by less than rounding are ties.
TIE = 1e-12


def cosine_distance(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return 1 - cosine of vectors along the last axis, in [0, 1] if none is negative.

    NaN where a vector is zero.
    """
    lengths = np.linalg.norm(one, axis=-1) * np.linalg.norm(other, axis=-1)
    inner = (one * other).sum(axis=-1)
    missing = np.full(np.shape(inner), np.nan)
    return 1 - np.divide(inner, lengths, where=lengths > 0, out=missing)


def splits(
    total: int, chosen: int, permutations: int, rng: np.random.Generator
) -> np.ndarray:
    """Return which of `total` years are `test` in each split, (split, year).

    All splits if there are no more than `permutations`, else that many random ones.
    """
    if comb(total, chosen) <= permutations:
        at = np.array(list(combinations(range(total), chosen)))
    else:
        at = rng.random((permutations, total)).argsort(axis=1)[:, :chosen]
    mask = np.zeros((len(at), total))
    np.put_along_axis(mask, at, 1.0, axis=1)
    return mask


def permute(
    years: np.ndarray, test: np.ndarray, permutations: int, rng: np.random.Generator
) -> dict[str, float]:
    """Return the drift of the test years, its null by permuted labels, and p.

    Parameters
    ----------
    years
        Mean attributions of each year, (year, cell).
    test
        Which years are test years, (year,) bool.
    """
    number = int(test.sum())
    mask = splits(len(years), number, permutations, rng)
    mask = np.vstack([test, mask])  # the observed split first
    later = mask @ years / number
    earlier = (1 - mask) @ years / (len(years) - number)
    drawn = cosine_distance(earlier, later)
    # An enumeration holds the observed split already.
    exact = comb(len(years), number) <= permutations
    return summary(drawn[0], drawn[1:], exact)


def summary(drift: float, null: np.ndarray, exact: bool) -> dict[str, float]:
    """Return drift, mean and deviation of its null, z and the one-sided p value.

    `exact` tells that the null is a full enumeration with the observed value in it;
    else the observed value is counted beside it.
    """
    exceeding = int((null >= drift - TIE).sum())
    p = exceeding / len(null) if exact else (1 + exceeding) / (1 + len(null))
    mean, deviation = float(null.mean()), float(null.std())
    z = (float(drift) - mean) / deviation if deviation > 0 else np.nan
    return {
        "drift": float(drift),
        "null_mean": mean,
        "null_sd": deviation,
        "z": z,
        "p": p,
    }


def least_p(total: int, chosen: int, permutations: int) -> float:
    """Return the smallest p value that `permute` can give with that many years.

    Two halves of equal size can change places without a change of their distance.
    """
    count = comb(total, chosen)
    if count > permutations:
        return 1 / (1 + permutations)
    return (2 if 2 * chosen == total else 1) / count
