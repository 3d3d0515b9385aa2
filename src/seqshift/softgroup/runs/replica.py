"""The batches of the first answer in its own order and with its own metric."""

import numpy as np
import pandas as pd
import xarray as xr

from seqshift.softgroup.runs import leak, leaktable
from seqshift.softgroup.runs.leak import Design

VARIANTS = (("hard", 0), ("all", 0))


def replicate(model, windows: xr.Dataset, spec: dict, run: dict) -> pd.DataFrame:
    """Return the table LEAK of all windows at consecutive origins.

    All windows of the first series, then those of the second, in slices of `block`,
    so that few batches hold two series. A row `first` holds the windows up to as many
    as its `block` says.
    """
    stacked = windows.stack(window=("series", "origin"))
    count = stacked.sizes["window"]
    context = min(spec["context"], model.model_context_length)
    design = Design("replica", context, spec["block"], VARIANTS)
    rows, parts = [], []
    for block, start in enumerate(range(0, count, design.block)):
        batch = stacked.isel(window=slice(start, start + design.block))
        name = str(batch["series"].values[0])
        print(f"replica: batch {block}, {name}", flush=True)
        parts.append(leak.of_batch(model, batch, design, spec))
        about = {"design": design.name, "series": name, "block": block}
        judged = leaktable.compared(parts[-1], batch, context)
        rows += [about | row for row in judged]
    joined = {key: np.concatenate([part[key] for part in parts]) for key in VARIANTS}
    for size in [*(size for size in spec["first"] if size < count), count]:
        part = {key: median[:size] for key, median in joined.items()}
        about = {"design": "first", "series": "all", "block": size}
        first = stacked.isel(window=slice(0, size))
        judged = leaktable.compared(part, first, context)
        rows += [about | row for row in judged]
    return leaktable.framed(rows, windows, run)
