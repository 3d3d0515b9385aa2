"""Lengths and ranges that a mask, its similarity and its beta must keep."""

from torch import Tensor

from seqshift.errors import BadInput
from seqshift.softgroup.pairwise import refuse_empty


def check_contexts(x: Tensor, group_ids: Tensor, longest: int):
    """Refuse contexts (row, time) that groups or the model do not fit.

    Raises
    ------
    BadInput
        If the lengths differ, a row is all NaN, or there are more than `longest`
        steps, of which the model would not see the first.
    """
    if x.ndim != 2 or group_ids.shape != x.shape[:1]:
        raise BadInput(
            f"the contexts have shape {tuple(x.shape)} and group_ids "
            f"{tuple(group_ids.shape)}; give (row, time) and (row,)"
        )
    if x.shape[1] > longest:
        raise BadInput(
            f"the contexts have {x.shape[1]} steps and the model reads {longest}; cut "
            "them, so that similarity and model see the same values"
        )
    refuse_empty(x)


def check_unit(S: Tensor):
    wrong = ~((S >= 0) & (S <= 1))
    if wrong.any():
        row, column = wrong.nonzero()[0].tolist()
        raise BadInput(
            f"S[{row}, {column}] = {float(S[row, column]):g} is not in [0, 1]; map the "
            "similarity with similarity.to_unit"
        )


def check_beta(beta: float | Tensor | None) -> float:
    """Return beta as a plain number, of at least 0 or infinite.

    Raises
    ------
    BadInput
        If it is missing, below 0 or NaN.
    """
    if beta is None:
        raise BadInput("a similarity S needs its beta; give beta=1 or another")
    number = float(beta.detach() if isinstance(beta, Tensor) else beta)
    if not number >= 0:
        raise BadInput(
            f"beta = {number:g} must be a number of at least 0 (0 shares freely, "
            "infinity is the hard mask)"
        )
    return number


def check_length(name: str, values: Tensor, rows: int):
    if values.shape != (rows,):
        raise BadInput(
            f"{name} has shape {tuple(values.shape)} and the batch {rows} rows; give "
            "one value a row"
        )


def check_matrix(name: str, values: Tensor, rows: int):
    if values.shape != (rows, rows):
        raise BadInput(
            f"{name} has shape {tuple(values.shape)} and the batch {rows} rows; give "
            "one row and one column a batch row"
        )
