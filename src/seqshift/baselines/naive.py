"""The naive forecaster, by which every error is normalised: zero or the last value."""

import numpy as np
import pandas as pd

from seqshift.dataset import Dataset
from seqshift.windows import Windows


def predict(data: Dataset, cut: Windows, frame: pd.DataFrame, spec: dict) -> np.ndarray:
    """Return the naive columns of the windows, raw units (n, horizons)."""
    return frame[[f"naive_{h}" for h in data.spec["target"]["horizons"]]].to_numpy()
