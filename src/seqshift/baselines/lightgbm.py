"""Gradient-boosted trees on the flattened window (Ke et al. 2017), an extra.

The library is imported where it is used, so that nothing else needs it. Source:
LightGBM, NeurIPS 2017.
"""

import numpy as np
import pandas as pd

from seqshift import design, extras, scaling
from seqshift.dataset import Dataset
from seqshift.windows import Windows

# One thread and no choice by timing: the same bytes from the same data.
STEADY = {"num_threads": 1, "deterministic": True, "force_row_wise": True}


def predict(data: Dataset, cut: Windows, frame: pd.DataFrame, spec: dict) -> np.ndarray:
    """Return forecasts in raw units (n, horizons), one model a horizon.

    Trees are grown on train windows until the validation error has not fallen for
    `spec["patience"]` trees, at most `spec["trees"]`.

    Raises
    ------
    BadInput
        If the package lightgbm is not installed.
    """
    trees = extras.library(
        "lightgbm",
        "lightgbm",
        "the baseline lightgbm",
        ", or take lightgbm out of the list `baselines` of the domain",
    )
    own = {"learning_rate": spec["learning_rate"], "num_leaves": spec["leaves"]}
    own |= {"objective": "regression", "seed": spec["seed"], "verbosity": -1}
    train, val = data.windows("train"), data.windows("val")
    rows, held, wanted = (design.flat(part) for part in (train, val, cut))
    columns = []
    for horizon in range(train.target.shape[1]):
        known = trees.Dataset(rows, train.target[:, horizon])
        model = trees.train(
            STEADY | own,
            known,
            spec["trees"],
            valid_sets=[known.create_valid(held, val.target[:, horizon])],
            callbacks=[trees.early_stopping(spec["patience"], verbose=False)],
        )
        print(f"lightgbm: {model.best_iteration} trees")
        columns.append(model.predict(wanted, num_threads=1))
    z = np.stack(columns, axis=1)
    return scaling.unscale(z, frame["entity"].to_numpy(), data.scaler)
