"""Pre-norm transformer block with room for one more sub-layer."""

from torch import Tensor, nn

from seqshift.layers.attention import SelfAttention


class Block(nn.Module):
    """Attention over time, optionally `extra`, then the feed-forward network.

    Every sub-layer is added to its input as `x + dropout(f(norm(x)))`.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        feedforward: int,
        dropout: float,
        extra: nn.Module | None,
    ) -> None:
        super().__init__()
        self.attention = SelfAttention(width, heads)
        self.attention_norm = nn.LayerNorm(width)
        self.extra = extra
        self.extra_norm = None if extra is None else nn.LayerNorm(width)
        self.feedforward = nn.Sequential(
            nn.Linear(width, feedforward), nn.GELU(), nn.Linear(feedforward, width)
        )
        self.feedforward_norm = nn.LayerNorm(width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor, *context: object) -> Tensor:
        """Map `(batch, time, width)` to the same shape; `extra` gets context."""
        x = x + self.dropout(self.attention(self.attention_norm(x), mask))
        if self.extra is not None:
            x = x + self.dropout(self.extra(self.extra_norm(x), *context))
        return x + self.dropout(self.feedforward(self.feedforward_norm(x)))
