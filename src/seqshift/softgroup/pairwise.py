"""Rows side by side: which pairs share enough observed steps to be compared."""

from dataclasses import dataclass

import torch
from torch import Tensor

from seqshift.errors import BadInput, choose

LAGS = ["diff", "level", "seasonal_diff"]
MIN_OVERLAP = 32


@dataclass(frozen=True)
class Pairs:
    """What the kinds of similarity are computed from; all in float64."""

    rows: Tensor  # (row, time), NaN where missing
    zscored: Tensor  # (row, time), each row by its own mean and deviation
    observed: Tensor  # (row, time), 1 or 0
    count: Tensor  # (row, row), steps that both rows observe
    comparable: Tensor  # (row, row), bool


def compare(x: Tensor, min_overlap: int, on: str, season: int | None) -> Pairs:
    """Return the rows of x (row, time) after the differences that `on` names.

    Two rows are comparable if they share `min_overlap` observed steps and neither is
    constant (deviation at most 1e-8 of its mean); a row always is with itself.

    Raises
    ------
    BadInput
        If x is no matrix, a row has no observed value, a value is infinite, `on` is
        unknown or a season is missing.
    """
    rows = difference(_checked(x), on, season)
    seen = rows.isfinite()
    observed = seen.to(torch.float64)
    number = observed.sum(1, keepdim=True).clamp(min=1)
    filled = rows.nan_to_num(nan=0.0)
    mean = filled.sum(1, keepdim=True) / number
    centred = torch.where(seen, rows - mean, 0.0)
    deviation = (centred.square().sum(1, keepdim=True) / number).sqrt()
    varies = deviation > 1e-8 * mean.abs()
    z = torch.where(seen, centred / torch.where(varies, deviation, 1.0), torch.nan)
    count = observed @ observed.T
    # One shared step has no deviation, whatever `min_overlap` says.
    comparable = (count >= max(min_overlap, 2)) & varies & varies.T
    return Pairs(rows, z, observed, count, comparable.fill_diagonal_(True))


def difference(x: Tensor, on: str, season: int | None = None) -> Tensor:
    """Return x (row, time), its first or its seasonal differences, NaN where unknown.

    Raises
    ------
    BadInput
        As `check_lag`, or if no step is left.
    """
    check_lag(on, season)
    if on == "level":
        return x
    lag = 1 if on == "diff" else season
    if lag >= x.shape[1]:
        raise BadInput(
            f"on='{on}' looks back {lag} steps and the contexts have {x.shape[1]}; "
            "give longer contexts or take on='level'"
        )
    return x[:, lag:] - x[:, :-lag]


def check_lag(on: str, season: int | None):
    """Refuse an unknown name of differences, and seasonal ones without a season.

    Raises
    ------
    BadInput
        If `on` is not level, diff or seasonal_diff, or the season is not at least 1.
    """
    if on not in LAGS:
        raise choose("value of 'on'", on, LAGS)
    if on == "seasonal_diff" and (season is None or season < 1):
        raise BadInput(
            f"on='seasonal_diff' needs a season of at least 1 step and got {season}"
        )


def sums(values: Tensor, observed: Tensor) -> Tensor:
    """Return for rows i, j the sum of values of i over the steps both observe."""
    return values.nan_to_num(nan=0.0) @ observed.T


def products(values: Tensor) -> Tensor:
    """Return for rows i, j the sum of products over the steps both observe."""
    filled = values.nan_to_num(nan=0.0)
    return filled @ filled.T


def _checked(x: Tensor) -> Tensor:
    rows = torch.as_tensor(x).detach().to("cpu", torch.float64)
    if rows.ndim != 2:
        raise BadInput(
            f"the contexts must be a matrix (row, time), and have shape "
            f"{tuple(rows.shape)}; stack the series"
        )
    if rows.isinf().any():
        row = int(rows.isinf().any(1).nonzero()[0])
        raise BadInput(f"row {row} of the contexts holds an infinite value; remove it")
    refuse_empty(rows)
    return rows


def refuse_empty(rows: Tensor):
    """Refuse rows (row, time) without any observed value.

    Raises
    ------
    BadInput
        With the number of the first such row.
    """
    empty = rows.isnan().all(1)
    if empty.any():
        raise BadInput(
            f"row {int(empty.nonzero()[0])} of the contexts has no observed value (all "
            "NaN); drop the series"
        )
