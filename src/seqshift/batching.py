"""Which rows go through a model together: single windows, or whole dates."""

from collections.abc import Iterator
from dataclasses import fields

import torch
from torch import Tensor, nn

from seqshift.windows import Batch


def rows(data: Batch, index: Tensor) -> Batch:
    """Return the rows of a batch at `index`, on the device of the batch."""
    index = index.to(data.x.device)
    parts = {part.name: getattr(data, part.name)[index] for part in fields(data)}
    return Batch(**parts)


def split(data: Batch, sizes: list[int]) -> Iterator[Batch]:
    """Yield consecutive parts of a batch with these numbers of rows, without a copy."""
    columns = [getattr(data, part.name).split(sizes) for part in fields(data)]
    for tensors in zip(*columns, strict=True):
        yield Batch(*tensors)


def order(count: int, generator: torch.Generator | None) -> Tensor:
    """Return 0..count-1, shuffled where there is a generator."""
    if generator is None:
        return torch.arange(count)
    return torch.randperm(count, generator=generator)


def batches(
    group: Tensor, size: int, by_date: bool, generator: torch.Generator | None
) -> tuple[Tensor, ...]:
    """Return the row numbers of each batch; every row is in exactly one.

    A batch has `size` rows, or with `by_date` whole groups (dates) of about `size`
    rows together. Rows or dates come in random order if there is a generator.
    """
    if not by_date:
        return order(len(group), generator).split(size)
    _, code, count = torch.unique(group.cpu(), return_inverse=True, return_counts=True)
    visit = order(len(count), generator)
    turn = torch.argsort(visit)  # when each date is visited
    by_turn = torch.argsort(turn[code], stable=True)
    count = count[visit]
    before = count.cumsum(0) - count  # rows visited before each date
    _, part = torch.unique_consecutive(before // size, return_inverse=True)
    sizes = torch.zeros(int(part[-1]) + 1, dtype=torch.int64)
    return by_turn.split(sizes.index_add(0, part, count).tolist())


@torch.no_grad()
def predict(model: nn.Module, data: Batch, size: int) -> Tensor:
    """Return the predictions of all rows in evaluation mode, z-units.

    `size` rows go through the model at once; it bounds memory and changes no result
    beyond rounding, since a prediction depends on no row outside its date.
    """
    model.eval()
    parts = batches(data.group, size, model.by_date, None)
    found = torch.cat([model(*rows(data, part).inputs()) for part in parts])
    back = torch.argsort(torch.cat(parts)).to(found.device)
    return found[back]  # (batch, horizon, output)
