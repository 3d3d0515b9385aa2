"""One cell of the study: a metric column of a model, by seeds, entities and time."""

import numpy as np
import pandas as pd

USED = ("ok", "underfit")


def matrix(scores: pd.DataFrame) -> np.ndarray:
    """Return (seed, entity) of the entities that every seed can judge."""
    usable = scores["value"].where(scores["status"].isin(USED))
    table = scores.assign(value=usable).pivot(
        index="seed", columns="entity", values="value"
    )
    return table.dropna(axis=1).to_numpy()


def over_time(draws: pd.DataFrame | None) -> tuple[float, int]:
    """Return the variance of the mean over periods, and the number of blocks."""
    if draws is None:
        return np.nan, 0
    # Seeds share their draws, so a replicate is one course of days for all of them.
    mean = draws.groupby("replicate")["value"].mean()
    return float(mean.var(ddof=1)), int(draws["blocks"].min())
