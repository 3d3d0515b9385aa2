"""Learned memory: slots that are parameters, never a cache of activations."""

import torch
from torch import Tensor, nn

from seqshift.layers.attention import SlotAttention


class Memory(nn.Module):
    """Gated read from learned slots.

    The slots do not depend on the input, so samples stay independent of each other
    and integrated gradients stay complete.
    """

    def __init__(self, width: int, heads: int, slots: int) -> None:
        super().__init__()
        self.keys = nn.Parameter(torch.empty(slots, width))
        self.values = nn.Parameter(torch.empty(slots, width))
        self.attention = SlotAttention(width, heads)
        self.gate = nn.Linear(2 * width, width)
        for slot in (self.keys, self.values):
            nn.init.normal_(slot, std=width**-0.5)

    def forward(self, x: Tensor) -> Tensor:
        """Map `(batch, token, width)` to the gated read of the same shape."""
        read = self.attention(x, self.keys, self.values)
        return torch.sigmoid(self.gate(torch.cat((x, read), -1))) * read
