"""A training step recorded once as a CUDA graph and replayed for every batch.

Launching the kernels of a step one by one takes longer than a large GPU needs to run
them; a replay launches all of them at once. Steps are the same steps, in their order.
"""

from collections.abc import Callable
from dataclasses import fields

import torch
from torch import Tensor

from seqshift.windows import Batch

WARM = 3  # ordinary steps before a recording: libraries choose their kernels in them


class Recorded:
    """Take steps, by replay from the fourth batch on.

    `step(batch)` takes one step and returns its loss; it may not look at values on the
    device. Batches of another size than the recorded one are ordinary steps.
    """

    def __init__(self, step: Callable[[Batch], Tensor]) -> None:
        self.step = step
        self.seen = 0
        self.graph: torch.cuda.CUDAGraph | None = None
        self.batch: Batch | None = None
        self.loss: Tensor | None = None

    def __call__(self, batch: Batch) -> Tensor:
        """Take one step on a batch and return its loss."""
        if self.seen < WARM:
            self.seen += 1
            return self._aside(batch)
        if self.graph is None:
            self._record(batch)
        if batch.x.shape != self.batch.x.shape:
            return self.step(batch)
        for part in fields(Batch):
            getattr(self.batch, part.name).copy_(getattr(batch, part.name))
        self.graph.replay()
        return self.loss.clone()

    def _aside(self, batch: Batch) -> Tensor:
        # A recording must not meet work of the default stream.
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            loss = self.step(batch)
        torch.cuda.current_stream().wait_stream(side)
        return loss

    def _record(self, batch: Batch):
        self.batch = Batch(
            *(getattr(batch, part.name).clone() for part in fields(Batch))
        )
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.loss = self.step(self.batch)
