"""Training windows per second: batches by index against a DataLoader of samples.

Run `PYTHONPATH=src python benchmarks/batching.py`. Both loops train the same MLP on
the same windows with the same batch size, in turn, in one process; the figure is the
ratio of their speeds over the rounds, with its spread. Nothing asserts it.
"""

import statistics
import time

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from seqshift import batching
from seqshift.layers import heads
from seqshift.models.mlp import Model
from seqshift.windows import Batch, Shape, Windows

ROUNDS, ROWS, SIZE = 5, 20_000, 256
SHAPE = Shape(lags=14, features=3, calendar=4, entities=9, horizons=1, outputs=1)
SPEC = {"widths": [64, 32], "embedding": 16, "dropout": 0.1, "entity_dropout": 0.1}


class Samples(Dataset):
    """One window at a time, as a data set class usually serves it."""

    def __init__(self, data: Batch):
        self.data = data

    def __len__(self) -> int:
        return len(self.data.group)

    def __getitem__(self, row: int) -> tuple:
        return *(tensor[row] for tensor in self.data.inputs()), self.data.target[row]


def windows() -> Windows:
    """Return random windows."""
    draw = np.random.default_rng(0)
    date = draw.integers(0, 3000, ROWS)
    return Windows(
        x=draw.normal(size=(ROWS, SHAPE.lags, SHAPE.features)).astype(np.float32),
        day=(date[:, None] + np.arange(SHAPE.lags)).astype(np.int32),
        entity=draw.integers(0, SHAPE.entities, ROWS),
        date=date,
        target=draw.normal(size=(ROWS, 1)).astype(np.float32),
    )


def epoch(batches, model: Model, optimiser: torch.optim.Optimizer) -> float:
    """Train one epoch over (inputs, target) pairs; return windows per second."""
    start = time.perf_counter()
    for inputs, target in batches:
        loss = heads.loss(model(*inputs), target, None)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return ROWS / (time.perf_counter() - start)


def main():
    """Print both speeds and their ratio."""
    torch.set_num_threads(1)
    data = windows().batch()
    model = Model(SHAPE, SPEC)
    optimiser = torch.optim.AdamW(model.parameters())
    generator = torch.Generator().manual_seed(0)
    loader = DataLoader(Samples(data), batch_size=SIZE, shuffle=True)
    ratios = []
    for number in range(ROUNDS):
        index = batching.batches(data.group, SIZE, False, generator)
        picked = (batching.rows(data, rows) for rows in index)
        ours = epoch(((b.inputs(), b.target) for b in picked), model, optimiser)
        theirs = epoch(((b[:-1], b[-1]) for b in loader), model, optimiser)
        ratios.append(ours / theirs)
        print(f"round {number}: by index {ours:,.0f}/s, DataLoader {theirs:,.0f}/s")
    spread = f"{min(ratios):.1f} to {max(ratios):.1f}"
    print(f"ratio {statistics.median(ratios):.1f} ({spread}), one thread, batch {SIZE}")


if __name__ == "__main__":
    main()
