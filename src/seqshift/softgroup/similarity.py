"""How much a row may take from another: similarity of contexts, in [0, 1].

Rows are series of one batch, (row, time), missing values NaN. Every pair is compared
on the steps that both rows observe; nothing is imputed. All in float64 on the CPU.
"""

import numpy as np
import torch
from torch import Tensor

from seqshift.errors import BadInput, choose
from seqshift.softgroup import pairwise
from seqshift.softgroup.pairwise import MIN_OVERLAP

MAPS = ["abs", "affine", "clip"]
KINDS = ["corr", "cosine", "dist", "dist_seed"]


def of(
    x: Tensor,
    kind: str,
    how: str = "abs",
    on: str = "level",
    season: int | None = None,
    min_overlap: int = MIN_OVERLAP,
) -> Tensor:
    """Return the similarity S (row, row) in [0, 1] of the rows of x (row, time).

    `kind` is corr, cosine, dist or dist_seed; `how` maps corr and cosine to [0, 1].
    Pairs that cannot be compared have s = 0 under every map; the diagonal is 1.

    Raises
    ------
    BadInput
        If a name is unknown, a row is all NaN, or a value is infinite.
    """
    if kind not in KINDS:
        raise choose("similarity", kind, KINDS)
    if kind in ("dist", "dist_seed"):
        measure = distance if kind == "dist" else distance_seed
        return measure(x, min_overlap, on, season)
    pairs = pairwise.compare(x, min_overlap, on, season)
    signed, known = _correlation(pairs) if kind == "corr" else _cosine(pairs)
    return _closed(to_unit(signed, how), known)


def correlation(
    x: Tensor,
    min_overlap: int = MIN_OVERLAP,
    on: str = "level",
    season: int | None = None,
) -> Tensor:
    """Return Pearson's r (row, row) on the overlap of each pair; 0 where undefined."""
    return _correlation(pairwise.compare(x, min_overlap, on, season))[0]


def cosine(
    x: Tensor,
    min_overlap: int = MIN_OVERLAP,
    on: str = "level",
    season: int | None = None,
) -> Tensor:
    """Return the cosine (row, row) on the overlap of each pair; 0 where undefined.

    Not centred: on levels it compares how high the rows stand, not how they move.
    """
    return _cosine(pairwise.compare(x, min_overlap, on, season))[0]


def distance(
    x: Tensor,
    min_overlap: int = MIN_OVERLAP,
    on: str = "level",
    season: int | None = None,
) -> Tensor:
    """Return exp(-d^2 / 2 h^2) (row, row), d the RMS distance of z-scored rows.

    h is the median of d over the pairs of the batch. On complete rows
    d^2 = 2 (1 - r), so the order of pairs is that of r.
    """
    pairs = pairwise.compare(x, min_overlap, on, season)
    apart = _square_distance(pairs.zscored, pairs) / pairs.count.clamp(min=1)
    known = torch.triu(pairs.comparable, diagonal=1)
    if not known.any():
        return torch.eye(len(apart), dtype=torch.float64)
    # The floor keeps rounding from telling identical rows apart.
    width = apart[known].sqrt().median().clamp(min=1e-6)
    return _closed((-apart / (2 * width.square())).exp(), pairs.comparable)


def distance_seed(
    x: Tensor,
    min_overlap: int = MIN_OVERLAP,
    on: str = "level",
    season: int | None = None,
) -> Tensor:
    """Return exp(-d) (row, row), d the Euclidean distance of min-max scaled rows.

    It shrinks with the length of the overlap; kept for parity with the first study.
    """
    pairs = pairwise.compare(x, min_overlap, on, season)
    low = pairs.rows.nan_to_num(nan=torch.inf).amin(1, keepdim=True)
    high = pairs.rows.nan_to_num(nan=-torch.inf).amax(1, keepdim=True)
    width = torch.where(high > low, high - low, 1.0)
    apart = _square_distance((pairs.rows - low) / width, pairs)
    return _closed((-apart.sqrt()).exp(), pairs.comparable)


def to_unit(r: Tensor, how: str) -> Tensor:
    """Map r in [-1, 1] to [0, 1]: abs |r|, clip max(r, 0) or affine (1 + r) / 2.

    Raises
    ------
    BadInput
        If the map is unknown or is `square`, which is `abs` at twice the beta.
    """
    if how == "square":
        raise BadInput(
            "the map 'square' is not offered: r^2 at beta is |r| at 2*beta, so choose "
            "'abs' and double beta"
        )
    if how not in MAPS:
        raise choose("map of a similarity", how, MAPS)
    maps = {"abs": r.abs(), "clip": r.clamp(min=0), "affine": (1 + r) / 2}
    return maps[how]


def permute(S: Tensor, rng: np.random.Generator) -> Tensor:
    """Return P S P' for a random permutation: same structure, other owners."""
    order = torch.from_numpy(rng.permutation(len(S)))
    return S[order][:, order]


def shuffle(S: Tensor, rng: np.random.Generator) -> Tensor:
    """Return S with its off-diagonal pairs (s_ij, s_ji) in random places."""
    row, column = np.triu_indices(len(S), k=1)
    order = torch.from_numpy(rng.permutation(len(row)))
    out = S.clone()
    out[row, column] = S[row, column][order]
    out[column, row] = S[column, row][order]
    return out


def random_like(S: Tensor, rng: np.random.Generator) -> Tensor:
    """Return a symmetric matrix of U(0, 1) values with the diagonal 1."""
    row, column = np.triu_indices(len(S), k=1)
    out = torch.eye(len(S), dtype=torch.float64)
    out[row, column] = torch.from_numpy(rng.random(len(row)))
    return torch.maximum(out, out.T)


def constant(S: Tensor, value: float) -> Tensor:
    """Return a matrix with one value off the diagonal and 1 on it."""
    out = torch.full_like(S, value, dtype=torch.float64)
    return out.fill_diagonal_(1)


def _correlation(pairs: pairwise.Pairs) -> tuple[Tensor, Tensor]:
    z = pairs.zscored
    count = pairs.count.clamp(min=1)
    total = pairwise.sums(z, pairs.observed)  # of the query row, over each overlap
    square = pairwise.sums(z.square(), pairs.observed)
    spread = square - total.square() / count
    # Constant on the overlap, though not elsewhere: what is left is rounding.
    spread = torch.where(spread > 1e-12 * square, spread, 0.0)
    shared = pairwise.products(z) - total * total.T / count
    return _ratio(shared, spread * spread.T, pairs)


def _cosine(pairs: pairwise.Pairs) -> tuple[Tensor, Tensor]:
    top = pairs.rows.abs().nan_to_num(nan=0.0).amax(1, keepdim=True)
    scaled = pairs.rows / torch.where(top > 0, top, 1.0)
    square = pairwise.sums(scaled.square(), pairs.observed)
    return _ratio(pairwise.products(scaled), square * square.T, pairs)


def _ratio(
    shared: Tensor, square: Tensor, pairs: pairwise.Pairs
) -> tuple[Tensor, Tensor]:
    """Return shared / sqrt(square) in [-1, 1], and where it is defined; else 0."""
    below = square.clamp(min=0).sqrt()
    known = pairs.comparable & (below > 1e-12)
    ratio = torch.where(known, shared / torch.where(known, below, 1.0), 0.0)
    if not ratio.isfinite().all():
        raise BadInput(
            "a similarity is not finite: the contexts hold values too large to square; "
            "rescale the series"
        )
    return ratio.clamp(-1, 1).fill_diagonal_(1), known


def _square_distance(rows: Tensor, pairs: pairwise.Pairs) -> Tensor:
    """Return the squared distance (row, row) summed over each overlap."""
    square = pairwise.sums(rows.square(), pairs.observed)
    return (square + square.T - 2 * pairwise.products(rows)).clamp(min=0)


def _closed(s: Tensor, known: Tensor) -> Tensor:
    """Return s with 0 for pairs that cannot be compared and 1 on the diagonal."""
    return torch.where(known, s, 0.0).fill_diagonal_(1)
