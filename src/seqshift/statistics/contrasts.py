"""Paired contrasts of two models: the difference first, then everything else."""

import numpy as np
import pandas as pd

from seqshift.schemas import results
from seqshift.statistics import cells
from seqshift.statistics.effects import Effect, infer

# What a contrast holds fixed beside the run.
CELL = ("axis", "slice", "metric", "column")
Tables = dict[tuple, pd.DataFrame]


def tables(scores: pd.DataFrame, resamples: pd.DataFrame) -> tuple[Tables, Tables]:
    """Return scores of whole eras and resamples by run and cell, for `paired`."""
    keys = [*results.RUN, *CELL]
    whole = scores[scores["period"] == ""]
    return tuple(dict(iter(frame.groupby(keys))) for frame in (whole, resamples))


def paired(
    pair: list[tuple], values: Tables, draws: Tables
) -> tuple[Effect | None, str]:
    """Return the effect of the first cell less the second, on the log scale.

    Differences are formed per seed and entity, and per replicate of the date blocks
    that all models share; then they are averaged.

    Returns
    -------
        The effect against zero, or none, and its status: ok, low_n, not_testable.
    """
    empty = pd.DataFrame({name: [] for name in results.SCORES.columns})
    both_tables = [_table(values.get(key, empty)) for key in pair]
    both = both_tables[0] - both_tables[1]  # aligned by seed and entity
    both = both.dropna(how="all").dropna(axis=1)
    if both.empty:
        return None, "low_n"
    means = [_mean(draws.get(key)) for key in pair]
    # The mean of a run's replicate rests on the entities that were used in that run.
    same = all(set(table.columns) == set(both.columns) for table in both_tables)
    if not same or any(mean is None for mean in means):
        return infer(both.to_numpy(), np.nan, 0, 0.0), "not_testable"
    moved = means[0].sub(means[1]).loc[both.index].mean()  # (replicate,)
    blocks = min(int(draws[key]["blocks"].min()) for key in pair)
    found = infer(both.to_numpy(), float(moved.var(ddof=1)), blocks, 0.0)
    return found, "not_testable" if np.isnan(found.error) else "ok"


def _table(scores: pd.DataFrame) -> pd.DataFrame:
    """Return (seed, entity) of the values that can be used."""
    usable = scores[scores["status"].isin(cells.USED)]
    return usable.pivot(index="seed", columns="entity", values="value")


def _mean(draws: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return (seed, replicate) of the means over entities."""
    if draws is None:
        return None
    return draws.pivot(index="seed", columns="replicate", values="value")
