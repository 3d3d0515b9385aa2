"""Windows as rows of a matrix, and values of the past by step, for the baselines."""

import numpy as np
import pandas as pd
import torch

from seqshift.dataset import Dataset
from seqshift.layers.embeddings import encode_calendar
from seqshift.windows import Windows


def flat(windows: Windows) -> np.ndarray:
    """Return the rows of each window side by side: what a network sees but the entity.

    The columns (n, lags x (feature + 4)) float64 are the z-scored features of each
    lag and the sine and cosine of its day of year and day of week.
    """
    batch = windows.batch()
    encoded = encode_calendar(batch.calendar, batch.valid)  # (n, lags, 4)
    return torch.cat((batch.x, encoded), -1).flatten(1).double().numpy()


def before(
    features: pd.DataFrame, frame: pd.DataFrame, name: str, back: int
) -> np.ndarray:
    """Return a column of FEATURES `back` steps before each target day, (n,).

    `frame` is that of `windows.cut`. NaN where the table has no such row or value.
    """
    step = pd.MultiIndex.from_frame(features[["entity", "date"]])
    days = pd.MultiIndex.from_frame(frame[["entity", "date"]])
    target = features["step"].set_axis(step).reindex(days).to_numpy()
    key = pd.MultiIndex.from_frame(features[["entity", "step"]])
    wanted = pd.MultiIndex.from_arrays([frame["entity"], target - back])
    return features[name].set_axis(key).reindex(wanted).to_numpy()


def repeat(data: Dataset, frame: pd.DataFrame, season: int) -> np.ndarray:
    """Return the newest target value known that lies whole seasons back (n, horizons).

    The value of day t covers the steps t .. t + span - 1, so that of horizon h is
    known one step before the target day if it lies h - 1 + span steps back or more.
    """
    target = data.spec["target"]
    columns = []
    for horizon in target["horizons"]:
        seasons = -(-(horizon - 1 + target["span"]) // season)
        name, back = f"target_{horizon}", seasons * season
        columns.append(before(data.features, frame, name, back))
    return np.stack(columns, axis=1)
