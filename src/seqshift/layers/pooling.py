"""Readout of a sequence: attention pooling with one learned query."""

import torch
from torch import Tensor, nn

QUERY_SD = 0.02


class AttentionPooling(nn.Module):
    """Mean over time with weights softmax(q·h / sqrt(width)) on the valid tokens."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.query = nn.Parameter(torch.empty(width))
        nn.init.normal_(self.query, std=QUERY_SD)

    def forward(self, x: Tensor, valid: Tensor) -> Tensor:
        """Map `(batch, time, width)` to `(batch, width)`."""
        scores = x @ self.query * self.query.numel() ** -0.5  # (batch, time)
        # The lowest finite number and not -inf: a sample without any valid bar must
        # give a finite result; for all others exp() is exactly 0.
        scores = scores.masked_fill(~valid, torch.finfo(scores.dtype).min)
        weights = scores.softmax(-1)
        return (weights[:, None] @ x).squeeze(1)
