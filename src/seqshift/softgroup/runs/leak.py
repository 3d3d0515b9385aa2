"""The design of the first answer, isolated: neighbours in time share a batch.

A batch holds consecutive origins of one series, each a group of its own, and rows
share by similarity. The context of a later origin holds what an earlier one is to
forecast. Who may look at whom takes this apart: `all` neighbours, the `past` ones
(earlier origins) or the `future` ones (later origins), within `lead` steps in each
layer: through two layers a row sees the neighbours of its neighbours. `hard_longctx`
sees alone what past neighbours add: the older values.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
import xarray as xr
from torch import Tensor

from seqshift.errors import BadInput
from seqshift.softgroup import similarity
from seqshift.softgroup.quantiles import MEDIAN
from seqshift.softgroup.runs import leaktable
from seqshift.softgroup.runs.leaktable import Variant


@dataclass(frozen=True)
class Design:
    """Batches of `block` origins with contexts of `context` steps, and their variants.

    `longer` contexts hold the older values of all of a batch's past neighbours.
    """

    name: str
    context: int
    block: int
    variants: tuple[Variant, ...]

    @property
    def longer(self) -> int:
        return self.context + self.block - 1


def designs(spec: dict, most: int) -> list[Design]:
    """Return the designs for a backbone whose context has at most `most` steps.

    Where it cannot read what past neighbours add, batches of half its context are
    added for that comparison.
    """
    context, block = min(spec["context"], most), spec["block"]
    found = Design("block", context, block, _variants(spec["leads"], block))
    long = ("hard_longctx", 0)
    if found.longer <= most:
        variants = (*found.variants, long)
        return [Design("block", context, block, variants)]
    short = Design("short", most // 2, most // 2, (*_variants([], 0), long))
    return [found, short]


def _variants(leads: list[int], block: int) -> tuple[Variant, ...]:
    dosed = [lead for lead in leads if lead < block]
    sides = [(side, lead) for lead in dosed for side in ("past", "future")]
    return (("hard", 0), ("all", 0), ("past", 0), ("future", 0), *sides)


def starts(count: int, block: int, horizon: int, most: int) -> range:
    """Return the first origins of batches whose targets do not overlap.

    At most `most` of those that `count` consecutive origins hold.
    """
    return range(0, count - block + 1, block + horizon)[:most]


def open_to(variant: str, lead: int, rows: int) -> Tensor:
    """Return which pairs (query row, key row) of consecutive origins may share."""
    ahead = torch.arange(rows)[None, :] - torch.arange(rows)[:, None]
    near = ahead.abs() <= (lead or rows)
    sides = {"all": near, "past": near & (ahead <= 0), "future": near & (ahead >= 0)}
    return sides[variant]


def forecast(
    model, contexts: Tensor, horizon: int, design: Design, spec: dict
) -> dict[Variant, np.ndarray]:
    """Return the median forecasts (row, step) of one batch in every variant.

    `contexts` (row, lag) are those of consecutive origins, long enough for all
    variants of the design.
    """
    from seqshift.softgroup import pipeline

    x, rows = contexts[:, -design.context :], len(contexts)
    own = torch.arange(rows)
    S = similarity.of(x, "corr", spec["map"], "level", None, spec["min_overlap"])
    found = {}
    for variant, lead in design.variants:
        if variant == "hard":
            quantiles = pipeline.forecast(model, x, horizon, own)
        elif variant == "hard_longctx":
            longer = contexts[:, -design.longer :]
            quantiles = pipeline.forecast(model, longer, horizon, own)
        else:
            allowed = open_to(variant, lead, rows)
            quantiles = pipeline.forecast(
                model, x, horizon, own, S=S, beta=spec["beta"], allowed=allowed
            )
        found[variant, lead] = quantiles[:, MEDIAN].double().numpy()
    return found


def of_batch(
    model, batch: xr.Dataset, design: Design, spec: dict
) -> dict[Variant, np.ndarray]:
    """Return the median forecasts (row, step) of the windows of one batch."""
    contexts = torch.from_numpy(batch["context"].transpose(..., "lag").values)
    return forecast(model, contexts, batch.sizes["step"], design, spec)


def trace(model, windows: xr.Dataset, spec: dict, run: dict) -> pd.DataFrame:
    """Return the table LEAK of windows at consecutive origins.

    `run` holds backbone and seed; `spec` is softgroup.leak, with context and
    min_overlap of the data set.

    Raises
    ------
    BadInput
        If there are fewer origins than a batch holds.
    """
    horizon, count = windows.sizes["step"], windows.sizes["origin"]
    rows = []
    for design in designs(spec, model.model_context_length):
        first = starts(count, design.block, horizon, spec["blocks"])
        if not first:
            raise BadInput(
                f"{windows.attrs['dataset']} has {count} consecutive origins in its "
                f"test and softgroup.leak.block asks for {design.block}; lower it"
            )
        for place, name in enumerate(windows["series"].values):
            print(f"{design.name}: {name}, {len(first)} batches", flush=True)
            for block, start in enumerate(first):
                part = slice(start, start + design.block)
                batch = windows.isel(origin=part, series=place)
                about = {"design": design.name, "series": str(name), "block": block}
                found = of_batch(model, batch, design, spec)
                judged = leaktable.compared(found, batch, design.context)
                rows += [about | row for row in judged]
    return leaktable.framed(rows, windows, run)
