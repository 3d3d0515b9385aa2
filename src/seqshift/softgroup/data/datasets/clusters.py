"""Windows of clusters with known truth: an origin is a replicate, named by its seed."""

import numpy as np
import pandas as pd
import xarray as xr

from seqshift.softgroup.data import clusters, panels, slices

RIGHT, WRONG, CALENDAR, UNIT = "right", "wrong", "yes", "origin"
TABLE = ""  # needs no source


def windows(
    table: pd.DataFrame | None, spec: dict, split: str, horizon: int
) -> xr.Dataset:
    """Return the replicates of a split; the wrong groups take one of each cluster.

    The scale of a row is mean |x_t - x_(t-1)| before its history was cut.
    """
    seeds = spec["seeds"][split] + np.arange(spec["replicates"])
    size = spec["clusters"] * spec["members"]
    drawn = [draw(spec, int(seed), horizon) for seed in seeds]
    scales = [
        slices.scale(one.full.T, spec["season"], [f"of replicate {seed}"] * size)
        for one, seed in zip(drawn, seeds, strict=True)
    ]
    groups = {
        "right": drawn[0].cluster,
        "wrong": np.arange(size) % spec["members"],
        "joint": np.zeros(size, dtype=np.int64),
    }
    names = [
        f"{cluster}-{member}"
        for cluster in range(spec["clusters"])
        for member in range(spec["members"])
    ]
    return panels.assemble(
        np.stack([one.context for one in drawn]),
        np.stack([one.target for one in drawn]),
        np.stack(scales),
        groups,
        names,
        seeds,
    )


def draw(spec: dict, seed: int, horizon: int) -> clusters.Clusters:
    """Return one replicate of a dataset of this kind."""
    return clusters.clusters(
        seed,
        spec["clusters"],
        spec["members"],
        spec["context"],
        horizon,
        spec["noise"],
        spec["short"],
        tuple(spec["short_steps"]),
        spec["negative"],
        spec["lag"],
    )
