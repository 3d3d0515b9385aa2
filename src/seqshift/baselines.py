"""Forecasters without training, in the form of every other run."""

import pandas as pd

from seqshift.dataset import Dataset
from seqshift.forecasting import SCORED, tidy


def forecast(name: str, data: Dataset, domain: str) -> pd.DataFrame:
    """Return FORECASTS of the naive forecaster: its forecast is the naive column."""
    _, frame = data.cut(*SCORED)
    horizons = data.spec["target"]["horizons"]
    naive = frame[[f"naive_{h}" for h in horizons]].to_numpy()[..., None]
    keys = {"domain": domain, "modality": "natural", "model": name, "seed": 0}
    meta = keys | {"quantiles": None}
    return tidy(naive, frame, meta, data.features, data.spec)
