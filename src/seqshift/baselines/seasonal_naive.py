"""The value one season ago; the season, in steps, is one of the domain."""

import numpy as np
import pandas as pd

from seqshift import design
from seqshift.dataset import Dataset
from seqshift.windows import Windows


def predict(data: Dataset, cut: Windows, frame: pd.DataFrame, spec: dict) -> np.ndarray:
    """Return the newest known target whole seasons back, raw units (n, horizons)."""
    return design.repeat(data, frame, data.spec["season"])
