"""Windows of the M4 competition, hourly: one origin, all series or drawn batches.

Series have no dates, so nothing says that rows of a batch end at the same time. An
origin of these windows is a partition of the series into batches.
"""

import numpy as np
import pandas as pd
import xarray as xr

from seqshift.errors import BadInput
from seqshift.softgroup.data import panels, slices

RIGHT, WRONG, CALENDAR, UNIT = "", "", "none", "series"
TABLE = "SERIES"


def windows(table: pd.DataFrame, spec: dict, split: str, horizon: int) -> xr.Dataset:
    """Return the last steps of each series as target, of validation those before.

    `spec["skip"]` steps at the end are left out. The scale is that of all steps before
    the target. Contexts that a series is too short for begin with missing values.

    Raises
    ------
    BadInput
        Naming a series that is too short for a target and a scale.
    """
    end = spec["skip"] + (0 if split == "test" else horizon)
    rows = _rows(table, spec["series"])
    context = np.full((1, len(rows), spec["context"]), np.nan)
    target, scales, lengths = np.empty((1, len(rows), horizon)), [], []
    for place, (name, values) in enumerate(rows.items()):
        known = values[: len(values) - end - horizon]
        if len(known) <= spec["season"]:
            raise BadInput(
                f"source {spec['source']}: series {name} has {len(values)} steps, and "
                f"{end + horizon + spec['season'] + 1} are needed for a target of "
                f"{horizon} and a scale; leave it out of the source"
            )
        seen = known[-spec["context"] :]
        context[0, place, -len(seen) :] = seen
        target[0, place] = values[len(known) : len(known) + horizon]
        scales += [*slices.scale(known[:, None], spec["season"], [name])]
        lengths.append(str(len(values)))
    count = spec["partitions"]
    return panels.assemble(
        np.repeat(context, count, axis=0),
        np.repeat(target, count, axis=0),
        np.array(scales),
        _groupings(panels.numbered(lengths), spec["seed"]),
        [*rows],
        np.arange(count),
        batch=_batches(len(rows), spec),
    )


def _rows(table: pd.DataFrame, count: int) -> dict[str, np.ndarray]:
    """Return name -> values of the first `count` series in the order H1, H2 ..."""
    found = {
        name: own["value"].to_numpy()
        for name, own in table.groupby("series", sort=False)
    }
    return {name: found[name] for name in sorted(found, key=_order)[:count]}


def _order(name: str) -> tuple[int, str]:
    return len(name), name


def _groupings(length: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    return {
        "length": length,
        "random": panels.shuffled(length, seed),
        "joint": np.zeros(len(length), dtype=np.int64),
    }


def _batches(rows: int, spec: dict) -> np.ndarray:
    """Return the batch [partition, series] of each series, of `batch` rows at most."""
    rng = np.random.default_rng(np.random.SeedSequence([spec["seed"], 5]))
    places = np.arange(rows) // spec["batch"]
    return np.stack([rng.permutation(places) for _ in range(spec["partitions"])])
