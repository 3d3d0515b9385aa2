"""Multi-head attention; boolean masks say True = participates, everywhere."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqshift.errors import BadInput


def attend(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
    """Scaled dot-product attention over `(batch, heads, tokens, head width)`.

    `mask` is boolean, broadcastable to `(batch, heads, queries, keys)`, with
    True = participates; a query whose keys are all masked gets zeros.
    """
    if query.dtype == torch.bfloat16 and query.device.type == "cpu":
        # The backward of torch's fused kernel for the CPU is twenty times slower in
        # bfloat16 than in float32, in which the few keys of a window cost little.
        with torch.autocast("cpu", enabled=False):
            parts = (part.float() for part in (query, key, value))
            return F.scaled_dot_product_attention(*parts, attn_mask=mask)
    return F.scaled_dot_product_attention(query, key, value, attn_mask=mask)


class SelfAttention(nn.Module):
    """Attention among the tokens of a sequence, with one fused qkv projection."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = check_heads(width, heads)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """Map `(batch, token, width)` to the same shape."""
        qkv = self.qkv(x).unflatten(-1, (3, self.heads, -1))
        # (batch, head, token, head width) each
        query, key, value = (part.transpose(1, 2) for part in qkv.unbind(2))
        mixed = attend(query, key, value, mask)
        return self.out(mixed.transpose(1, 2).flatten(2))  # (batch, token, width)


class SlotAttention(nn.Module):
    """Attention of every token over the same learned keys and values."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = check_heads(width, heads)
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        """Read `(slot, width)` keys and values for `(batch, token, width)`."""
        # The slots are common to the batch, so all tokens form one long sequence:
        # the slots are projected once and never repeated.
        query = self._split(self.query(x.flatten(0, 1)))  # (1, head, batch·token, .)
        key, value = self._split(self.key(keys)), self._split(self.value(values))
        mixed = attend(query, key, value, None)
        mixed = mixed.squeeze(0).transpose(0, 1).reshape(x.shape)
        return self.out(mixed)  # (batch, token, width)

    def _split(self, rows: Tensor) -> Tensor:
        return rows.unflatten(-1, (self.heads, -1)).transpose(0, 1)[None]


def check_heads(width: int, heads: int) -> int:
    """Return `heads`; raise BadInput unless it divides `width`."""
    if width % heads:
        raise BadInput(
            f"model spec: width {width} is not divisible by heads {heads}; "
            "choose a width that is a multiple of heads"
        )
    return heads


def key_mask(valid: Tensor) -> Tensor:
    """Mask for `attend` that lets only valid tokens be seen by all queries."""
    return valid[:, None, None, :]  # (batch, 1, 1, token)
