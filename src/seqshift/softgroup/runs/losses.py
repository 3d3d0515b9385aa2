"""Losses of quantile forecasts, per window and band of steps.

With the pinball loss rho_t(y, q) = max(t (y - q), (t - 1)(y - q)) (Koenker, Bassett
1978, doi:10.2307/1913643): SQL is the mean of 2 rho over quantiles and steps over the
MASE scale; WQL is the sum of 2 rho over the sum of |y|, whose two parts are kept; MASE
(Hyndman, Koehler 2006, doi:10.1016/j.ijforecast.2006.03.001) and the z errors are of
the median; coverage and width of the central 80 %.
"""

import numpy as np
import pandas as pd
import xarray as xr

from seqshift.softgroup.quantiles import HIGH, LEVELS, LOW, MEDIAN

ENDS = (24, 48, 72, 96, 192, 336, 720)
MEASURES = (
    *("mase", "sql", "wql_num", "wql_den", "mae_z", "mse_z"),
    *("cover80", "width80"),
)


def bands(horizon: int) -> list[tuple[str, int, int]]:
    """Return (label, start, stop) of the bands that part steps 1 to `horizon`.

    >>> bands(28)
    [('1-24', 0, 24), ('25-28', 24, 28)]
    """
    found, start = [], 0
    for end in (*(end for end in ENDS if end < horizon), horizon):
        found.append((f"{start + 1}-{end}", start, end))
        start = end
    return found


def pinball(quantiles: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the mean over levels of 2 rho.

    Parameters
    ----------
    quantiles
        (..., level, step), at LEVELS.
    target
        (..., step).

    Returns
    -------
    np.ndarray
        (..., step) float64, in the unit of the target.
    """
    total = np.zeros(target.shape)
    for index, level in enumerate(LEVELS):
        error = target - quantiles[..., index, :].astype(float)
        total += np.maximum(level * error, (level - 1) * error)
    return 2 * total / len(LEVELS)


def measure(quantiles: np.ndarray, windows: xr.Dataset) -> np.ndarray:
    """Return the losses, (measure, origin, series, band), in the order of MEASURES.

    `quantiles` is (origin, series, level, step).
    """
    target = windows["target"].values.astype(float)
    scale, sd = (windows[name].values[..., None] for name in ("scale", "sd"))
    error = np.abs(target - quantiles[..., MEDIAN, :])
    low, high = (quantiles[..., place, :].astype(float) for place in (LOW, HIGH))
    quantile_loss = pinball(quantiles, target)
    by_step = {
        "mase": error / scale,
        "sql": quantile_loss / scale,
        "wql_num": quantile_loss,
        "wql_den": np.abs(target),
        "mae_z": error / sd,
        "mse_z": (error / sd) ** 2,
        "cover80": ((low <= target) & (target <= high)).astype(float),
        "width80": np.abs(high - low) / scale,
    }
    spans = bands(target.shape[-1])
    return np.stack(
        [
            np.stack([_reduce(name, values[..., a:b]) for _, a, b in spans], axis=-1)
            for name, values in by_step.items()
        ]
    )


def _reduce(name: str, values: np.ndarray) -> np.ndarray:
    summed = name.startswith("wql")
    return values.sum(-1) if summed else values.mean(-1)


def table(measured: np.ndarray, windows: xr.Dataset, about: dict) -> pd.DataFrame:
    """Return the rows of one arm in the order of the schema LOSSES.

    `about` holds backbone, seed, arm and leak; the group of a series is its group in
    the right grouping, `all` where there is none. A window without a target has no
    row.
    """
    attrs, spans = windows.attrs, bands(windows.sizes["step"])
    _, origins, series, count = measured.shape
    each = origins * series * count
    frame = pd.DataFrame(
        {
            "backbone": np.repeat(about["backbone"], each),
            "seed": about["seed"],
            "dataset": attrs["dataset"],
            "H": windows.sizes["step"],
            "arm": about["arm"],
            "leak": about["leak"],
            "split": {"validation": "val", "test": "test"}[attrs["split"]],
            "origin": np.repeat(windows["origin"].values, series * count),
            "origin_time": np.repeat(windows["origin_time"].values, series * count),
            "series": np.tile(np.repeat(windows["series"].values, count), origins),
            "group": np.tile(np.repeat(_groups(windows), count), origins),
            "step_band": np.tile([label for label, _, _ in spans], origins * series),
            "n_steps": np.tile([b - a for _, a, b in spans], origins * series),
        }
    )
    for name, values in zip(MEASURES, measured, strict=True):
        frame[name] = values.ravel()
    return frame[frame["mase"].notna()].reset_index(drop=True)


def _groups(windows: xr.Dataset) -> np.ndarray:
    right = windows.attrs["right"]
    if not right:
        return np.full(windows.sizes["series"], "all")
    return windows["group"].sel(grouping=right).values.astype(str)


def mean_sql(frame: pd.DataFrame) -> pd.Series:
    """Return the mean SQL over all windows and steps of each arm."""
    weighted = (frame["sql"] * frame["n_steps"]).groupby(frame["arm"]).sum()
    return weighted / frame.groupby("arm")["n_steps"].sum()


def seasonal_naive(context: np.ndarray, season: int, horizon: int) -> np.ndarray:
    """Return the last season of a context, (..., lag), repeated over the horizon.

    A missing value is replaced by the last observed one before the origin.
    """
    last = pd.DataFrame(context.reshape(-1, context.shape[-1])).T.ffill().iloc[-1]
    tail = context[..., -season:].reshape(-1, min(season, context.shape[-1]))
    filled = np.where(np.isnan(tail), last.to_numpy()[:, None], tail)
    steps = np.arange(horizon) % filled.shape[-1]
    return filled[:, steps].reshape(*context.shape[:-1], horizon)


def agreement(median: np.ndarray, base: np.ndarray, naive: np.ndarray) -> float:
    """Return the median over windows of the squared correlation of two forecasts.

    Both (origin, series, step), each less the naive forecast: raw forecasts of one
    series correlate whatever was done to them. Missing if no window varies.
    """
    first, second = (_centred(values - naive) for values in (median, base))
    norm = (first**2).sum(-1) * (second**2).sum(-1)
    kept = norm > 0
    if not kept.any():
        return float("nan")
    shared = (first * second).sum(-1)[kept] ** 2 / norm[kept]
    return float(np.clip(np.median(shared), 0, 1))


def pearson(median: np.ndarray, base: np.ndarray) -> float:
    """Return the correlation of all values of two forecasts pooled."""
    return float(np.corrcoef(median.ravel(), base.ravel())[0, 1])


def _centred(values: np.ndarray) -> np.ndarray:
    return values - values.mean(-1, keepdims=True)
