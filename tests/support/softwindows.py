"""Made-up windows in the form that cut_windows writes."""

import numpy as np
import xarray as xr


def windows(
    origins=4,
    series=6,
    lags=64,
    horizon=30,
    stride=8,
    split="test",
    seed=0,
    groupings=("right", "wrong", "joint"),
    season=4,
    dated=True,
    **attrs,
) -> xr.Dataset:
    """Return windows of noisy waves in two right groups, cut from one panel."""
    draw = np.random.default_rng(seed)
    length = lags + (origins - 1) * stride + horizon
    time = np.arange(length)
    right = np.arange(series) // (series // 2)
    shared = np.stack([np.sin(time / 3), np.cos(time / 5)])
    panel = shared[right] + 0.3 * draw.normal(size=(series, length)) + 3
    ends = lags - 1 + stride * np.arange(origins)
    context = np.stack([panel[:, e - lags + 1 : e + 1] for e in ends])
    target = np.stack([panel[:, e + 1 : e + 1 + horizon] for e in ends])
    labels = {"right": right, "wrong": np.arange(series) % (series // 2)}
    groups = [labels.get(name, np.zeros(series, int)) for name in groupings]
    times = np.datetime64("2020-01-01", "ns") + ends * np.timedelta64(3600, "s")
    if not dated:
        times = np.full(origins, np.datetime64("NaT", "ns"))
    spread = np.full((origins, series), 0.8)
    return xr.Dataset(
        {
            "context": (("origin", "series", "lag"), context.astype("float32")),
            "target": (("origin", "series", "step"), target.astype("float32")),
            "scale": (("origin", "series"), spread / 2),
            "mean": (("origin", "series"), spread * 0 + 3),
            "sd": (("origin", "series"), spread),
            "batch": (("origin", "series"), np.zeros((origins, series), "int64")),
            "group": (("grouping", "series"), np.stack(groups).astype("int64")),
        },
        coords={
            "origin": ends.astype("int64"),
            "origin_time": ("origin", times),
            "series": [f"S{i}" for i in range(series)],
            "lag": np.arange(-lags + 1, 1),
            "step": np.arange(1, horizon + 1),
            "grouping": list(groupings),
        },
        attrs={
            "dataset": "waves",
            "horizon": horizon,
            "split": split,
            "season": season,
            "stride": stride,
            "calendar": "yes" if dated else "none",
            "world": "simulated",
            "unit": "origin",
            "dropped": 0,
            "right": "right" if "right" in groupings else "",
            "wrong": "wrong" if "wrong" in groupings else "",
            **attrs,
        },
    )


def forecasts(data: xr.Dataset, seed=1) -> np.ndarray:
    """Return random quantiles around the target, (origin, series, level, step)."""
    draw = np.random.default_rng(seed)
    target = data["target"].values
    spread = draw.normal(size=(9, *target.shape)) * 0.5
    return np.sort(np.moveaxis(spread + target, 0, 2), axis=2).astype("float32")
