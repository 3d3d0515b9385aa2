"""What is said of the forecasts of a batch of the leak design, against `hard`."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import xarray as xr

EDGE = 64  # windows at either end of a batch
Variant = tuple[str, int]  # who is looked at, and the most steps between origins


def compared(
    found: dict[Variant, np.ndarray], batch: xr.Dataset, context: int
) -> Iterator[dict]:
    """Yield the part of a row of the table LEAK that speaks of each variant.

    `found` holds median forecasts (row, step), the variant ("hard", 0) among them;
    `batch` the windows of the rows.
    """
    actual = batch["target"].transpose(..., "step").values.astype(float)
    hard, sd = found["hard", 0], batch["sd"].values
    step = np.abs(np.diff(actual, axis=-1)).mean(-1)
    step[step == 0] = np.nan  # the first answer's scale: of the target itself
    base = np.abs(actual - hard).mean(-1)
    for (variant, lead), median in found.items():
        error = np.abs(actual - median).mean(-1)
        own, gain = error / sd, (base - error) / step
        yield {
            "variant": variant,
            "lead": lead,
            "context": context,
            "windows": len(actual),
            "mae_z": own.mean(),
            "mae_first": own[:EDGE].mean(),
            "mae_last": own[-EDGE:].mean(),
            "improved": float((error < base).mean()),
            "pearson": float(np.corrcoef(median.ravel(), hard.ravel())[0, 1]),
            "mase_seed": float(np.nanmean(error / step)),
            "gain_mean": float(np.nanmean(gain)),
            "gain_sd": float(np.nanstd(gain, ddof=1)) if len(gain) > 1 else np.nan,
        }


def framed(rows: list[dict], windows: xr.Dataset, run: dict) -> pd.DataFrame:
    """Return rows as a table with the keys of their run."""
    key = {**run, "dataset": windows.attrs["dataset"], "H": windows.sizes["step"]}
    return pd.DataFrame([{**key, "leak": 1, **row} for row in rows])
