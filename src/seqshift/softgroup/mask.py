"""A similarity as an additive bias on Chronos-2's group attention.

The weight of key row j for query row i is proportional to s_ij^beta exp(q_i k_j):
beta is a sharpness, so a larger beta is stricter, and a temperature is 1 / beta.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from seqshift.errors import BadInput
from seqshift.extras import library
from seqshift.softgroup import bounds

BUILDER = "_construct_and_invert_group_time_mask"


@dataclass
class Active:
    """The bias a model runs under, and where its tokens were observed."""

    bias: Tensor  # (row, row)
    observed: Tensor | None = None  # (row, patch) of the last forward pass


def log_bias(
    S: Tensor,
    group_ids: Tensor,
    beta: float | Tensor,
    origin_ids: Tensor | None = None,
    scope_rows: Tensor | None = None,
    dtype: torch.dtype = torch.float32,
    allowed: Tensor | None = None,
) -> Tensor:
    """Return the bias (query row, key row): 0 inside a group, beta ln s across groups.

    The lowest number of `dtype` stands wherever origins differ (also inside a group),
    s = 0, one of the rows is outside `scope_rows` (row,), or `allowed` (query row, key
    row) says no. Computed in float64 and clamped last: a lower number cast to `dtype`
    would become -inf. Differentiable in S and beta.

    Raises
    ------
    BadInput
        If S leaves [0, 1] or is NaN, beta < 0, or a length differs from the batch's.
    """
    rows = len(group_ids)
    bounds.check_matrix("S", S, rows)
    bounds.check_unit(S)
    same = group_ids[:, None] == group_ids[None, :]
    bias = torch.where(same, 0.0, _across(S, beta).to(group_ids.device))
    passes = _passes(same, origin_ids, scope_rows, allowed)
    return _cast(torch.where(passes, bias, -torch.inf), dtype)


def expand_paths(bias: Tensor, n: int) -> Tensor:
    """Return the bias of n quantile paths a row, in the row order (row path).

    Paths of different quantiles stay apart, as in Chronos-2's long-horizon heuristic.
    """
    rows = len(bias)
    lowest = torch.finfo(bias.dtype).min
    out = bias.new_full((rows, n, rows, n), lowest)  # (query, path, key, path)
    for path in range(n):
        out[:, path, :, path] = bias
    return out.reshape(rows * n, rows * n)


@contextmanager
def soft_bias(model: nn.Module, bias: Tensor) -> Iterator[Active]:
    """Run a Chronos2Model under a bias (query row, key row) instead of its hard mask.

    An attribute of the encoder instance shadows the method that builds the mask; it
    is gone after the block, also after an exception. Neither nested nor thread-safe.

    Raises
    ------
    BadInput
        If the encoder is no Chronos2Encoder, or a batch has another number of rows.
    RuntimeError
        If the model already runs under a bias.
    """
    encoder = model.encoder
    upstream = library("chronos", "softgroup", "a soft group mask").chronos2
    if type(encoder) is not upstream.model.Chronos2Encoder:
        raise BadInput(
            f"the encoder is a {type(encoder).__name__}, and soft group masks fit a "
            "Chronos2Encoder only; load a Chronos-2 model"
        )
    if BUILDER in vars(encoder):
        raise RuntimeError(
            "the model already runs under a soft group mask; leave the first block "
            "before you enter another"
        )
    active = Active(bias)
    # Past nn.Module.__setattr__: the hook is no part of the model's state.
    vars(encoder)[BUILDER] = _builder(active, getattr(encoder, BUILDER))
    try:
        yield active
    finally:
        del vars(encoder)[BUILDER]


def cross_mass(
    model: nn.Module,
    x: Tensor,
    group_ids: Tensor,
    bias: Tensor,
    num_output_patches: int,
) -> Tensor:
    """Return the attention weight on other groups, (layer, patch).

    Mean over heads and over the query rows observed at the patch; NaN where none is.
    """
    with torch.no_grad(), soft_bias(model, bias) as active:
        out = model(
            context=x,
            group_ids=group_ids,
            num_output_patches=num_output_patches,
            output_attentions=True,
        )
    weights = torch.stack(out.enc_group_self_attn_weights)  # (layer, patch, head, q, k)
    other = group_ids[:, None] != group_ids[None, :]
    mass = (weights * other).sum(-1).mean(2)  # (layer, patch, query row)
    seen = active.observed.T.to(mass.dtype)  # (patch, query row)
    return (mass * seen).sum(-1) / seen.sum(-1)


def _passes(
    same: Tensor,
    origin_ids: Tensor | None,
    scope_rows: Tensor | None,
    allowed: Tensor | None,
) -> Tensor:
    """Return where anything may flow, whatever groups and similarity say."""
    passes = torch.ones_like(same)
    if scope_rows is not None:
        bounds.check_length("scope_rows", scope_rows, len(same))
        passes = same | (scope_rows[:, None] & scope_rows[None, :])
    if origin_ids is not None:
        bounds.check_length("origin_ids", origin_ids, len(same))
        passes = passes & (origin_ids[:, None] == origin_ids[None, :])
    if allowed is not None:
        bounds.check_matrix("allowed", allowed, len(same))
        if not allowed.diagonal().all():
            raise BadInput("allowed keeps a row from itself; set its diagonal to True")
        passes = passes & allowed
    return passes


def _builder(active: Active, upstream: Callable) -> Callable:
    """Return a function in the place of `upstream` that builds the soft mask."""

    def build(group_ids: Tensor, attention_mask: Tensor, floating_type: torch.dtype):
        bounds.check_matrix("the bias", active.bias, len(group_ids))
        # Upstream's own dtype, whatever promotes or casts it.
        dtype = upstream(group_ids[:1], attention_mask[:1], floating_type).dtype
        bias = _cast(active.bias.to(attention_mask.device), dtype)
        active.observed = attention_mask > 0
        keys = active.observed.T[:, None, None, :]  # (patch, 1, 1, key row)
        return torch.where(keys, bias, torch.finfo(dtype).min)

    return build


def _across(S: Tensor, beta: float | Tensor) -> Tensor:
    """Return beta ln s in float64, -inf where s = 0 (never 0 * -inf)."""
    S = S.to(torch.float64)
    if bounds.check_beta(beta) == torch.inf:
        return torch.where(S == 1, 0.0, -torch.inf)
    # The inner `where` keeps the gradient of ln 0 out of the backward pass.
    logs = torch.where(S > 0, S, 1.0).log()
    return torch.where(S > 0, beta * logs, -torch.inf)


def _cast(bias: Tensor, dtype: torch.dtype) -> Tensor:
    return bias.clamp(min=torch.finfo(dtype).min).to(dtype)
