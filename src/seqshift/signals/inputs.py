"""Windows of one domain with their forecasts by every seed, ready to be compared."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from seqshift.errors import BadInput

ROLES = ("train", "val", "id_test", "temporal_test")


@dataclass(frozen=True)
class Inputs:
    """Arrays of n windows, sorted by entity and date; errors in deviations of y."""

    x: np.ndarray  # (n, feature), last row of a window, z-units
    entity: np.ndarray  # (n,)
    role: np.ndarray
    period: np.ndarray  # "2013Q1"
    season: np.ndarray  # 1 to 4
    year: np.ndarray
    seeds: list[int]
    forecast: np.ndarray  # (seed, n), in deviations of the entity's train target
    loss: np.ndarray  # (seed, n), absolute error, in the same unit


def assemble(x: np.ndarray, frame: pd.DataFrame, forecasts: pd.DataFrame) -> Inputs:
    """Return the windows that every seed has forecast.

    Parameters
    ----------
    x
        Last rows of the windows (n, feature).
    frame
        Row-aligned entity, origin, date and role.
    forecasts
        FORECASTS of all seeds of a model; the first horizon is used, and the median of
        quantiles.

    Raises
    ------
    BadInput
        If the forecasts hold no such window.
    """
    rows, seeds = _joined(frame, forecasts)
    train = rows[rows["role"] == "train"]
    scale = rows["entity"].map(train.groupby("entity")["actual"].std(ddof=0))
    scale = scale.where(scale > 0, 1).to_numpy()  # (n,)
    found = rows[seeds].to_numpy().T / scale  # (seed, n)
    target = rows["actual"].to_numpy() / scale
    return Inputs(
        x=x[rows["row"].to_numpy()].astype(float),
        entity=rows["entity"].to_numpy().astype(str),
        role=rows["role"].to_numpy().astype(str),
        period=rows["date"].dt.to_period("Q").astype(str).to_numpy(),
        season=rows["date"].dt.quarter.to_numpy(),
        year=rows["date"].dt.year.to_numpy(),
        seeds=[int(seed) for seed in seeds],
        forecast=found,
        loss=np.abs(found - target),
    )


def _joined(
    frame: pd.DataFrame, forecasts: pd.DataFrame
) -> tuple[pd.DataFrame, list[int]]:
    """Return the windows with row, actual and a column of forecasts a seed."""
    keys = ["entity", "origin"]
    first = forecasts["horizon"] == forecasts["horizon"].min()
    point = forecasts["quantile"].isna() | (forecasts["quantile"] == 0.5)
    chosen = forecasts[first & point & np.isfinite(forecasts["actual"])]
    wide = chosen.pivot(index=keys, columns="seed", values="forecast").dropna()
    actual = chosen.drop_duplicates(keys).set_index(keys)["actual"]
    rows = frame[[*keys, "date", "role"]].assign(row=np.arange(len(frame)))
    rows = rows[rows["role"].isin(ROLES)].join(wide, on=keys, how="inner")
    if rows.empty:
        raise BadInput(
            "no window of the splits has a forecast by every seed; run the rule "
            "forecast again for this domain and model"
        )
    rows = rows.join(actual, on=keys).sort_values(["entity", "date"])
    return rows, list(wide.columns)
