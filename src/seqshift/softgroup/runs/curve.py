"""A gain against the number of windows: the first ones, and random stretches of time.

The first n windows of a list that runs variable by variable are consecutive origins of
one variable; a random stretch of origins holds all of them.
"""

import numpy as np
import pandas as pd
import xarray as xr

from seqshift.softgroup.runs import losses
from seqshift.softgroup.runs.arms import BASE, Arm
from seqshift.softgroup.runs.forecaster import Forecaster
from seqshift.statistics import means, overlap


def trace(forecaster: Forecaster, arms: list[Arm], spec: dict, run: dict):
    """Return the table CURVE of arms over windows at consecutive origins.

    `spec` is softgroup.curve; `run` holds backbone and seed.
    """
    windows = forecaster.windows
    base = window_losses(forecaster.forecast(Arm(BASE)), windows)
    key = {**run, "dataset": windows.attrs["dataset"], "H": windows.sizes["step"]}
    rows = []
    for arm in arms:
        print(f"curve: {arm.id}", flush=True)
        own = window_losses(forecaster.forecast(arm), windows)
        about = {**key, "arm": arm.id, "base": BASE, "leak": 0}
        points = [*first(base, own, spec["sizes"])]
        points += stretches(base, own, spec, windows.sizes["step"])
        rows += [about | point for point in points]
    return pd.DataFrame(rows)


def window_losses(quantiles: np.ndarray, windows: xr.Dataset) -> np.ndarray:
    """Return SQL (origin, series) of quantiles (origin, series, level, step)."""
    target = windows["target"].values.astype(float)
    return losses.pinball(quantiles, target).mean(-1) / windows["scale"].values


def first(base: np.ndarray, own: np.ndarray, sizes: list[int]) -> list[dict]:
    """Return the gains on the first n windows, variable by variable.

    The interval and t are those of independent windows, which these are not.
    """
    origins, base, own = len(base), base.T.ravel(), own.T.ravel()
    return [
        {
            "sampling": "first",
            "windows": size,
            "origins": min(size, origins),
            "draw": 0,
            **_gain(base[:size], own[:size]),
        }
        for size in [*(size for size in sizes if size < len(base)), len(base)]
    ]


def stretches(
    base: np.ndarray, own: np.ndarray, spec: dict, horizon: int
) -> list[dict]:
    """Return the gains on random stretches of consecutive origins.

    Of as many windows as the sizes say, in whole origins; `draws` of each. The
    interval is that of overlapping forecasts (statistics.overlap.ewc).
    """
    draw, found = np.random.default_rng(spec["seed"]), []
    origins, series = base.shape
    counts = {-(-size // series) for size in spec["sizes"]} | {origins}
    for count in sorted(count for count in counts if count <= origins):
        starts = draw.integers(0, origins - count + 1, spec["draws"])
        for number, start in enumerate(starts if count < origins else [0]):
            part = slice(start, start + count)
            found.append(
                {
                    "sampling": "blocks",
                    "windows": count * series,
                    "origins": count,
                    "draw": number,
                    **_gain(base[part], own[part], horizon),
                }
            )
    return found


def _gain(base: np.ndarray, own: np.ndarray, horizon: int = 0) -> dict:
    """Return the gain in % of the base loss, its interval, and the pooled t."""
    apart, level = base - own, base.mean() / 100
    estimate = naive = means.independent(apart.ravel())
    if horizon:
        estimate = overlap.ewc(apart.mean(1), overlap.overlapping(horizon, 1))
    low, high = estimate.interval()
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.divide(naive.mean, naive.error)
    return {
        "gain_pct": float(estimate.mean / level),
        "low": float(low / level),
        "high": float(high / level),
        "naive_t": float(t),
    }
