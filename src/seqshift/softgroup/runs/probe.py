"""Whether a forecast changes with what comes after its origin: the proof of no leak.

An arm is forecast in a batch in which other origins, later ones too, stand beside the
one that is looked at. The same batch with all its rows open to each other is the
counterpart: a leak, in which the probe must find a change. What is changed are values
of the windows: that these are cut without later values the tests of `datasets` show.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache

import numpy as np
import pandas as pd
import xarray as xr

from seqshift.errors import BadInput
from seqshift.softgroup import origins, similarity
from seqshift.softgroup.runs import controls
from seqshift.softgroup.runs.arms import Arm
from seqshift.softgroup.runs.forecaster import Forecaster

LEAK = "leak_all"
ROWS = 512  # most in the batch of a probe
DOSE = 0.5  # any constant: what is probed is the mask
Make = Callable[[xr.Dataset], Forecaster]


def probe(
    make: Make, windows: xr.Dataset, plan: list[Arm], count: int, run: dict
) -> pd.DataFrame:
    """Return the table PROBE of all arms and of the leak, at `count` origins.

    `make` returns a forecaster of windows; `run` holds backbone and seed.

    Raises
    ------
    BadInput
        If an arm sees what comes after its origin, or the leak does not.
    """
    key = {**run, "dataset": windows.attrs["dataset"], "H": windows.sizes["step"]}
    rows = []
    for part, index in _parts(windows, count):
        origin = int(part["origin"].values[index])
        for arm, difference in differences(make, part, index, plan):
            about = {"arm": arm, "leak": int(arm == LEAK), "origin": origin}
            rows.append({**key, **about, "difference": difference})
            _check(arm, difference, f"{key['dataset']}, origin {origin}")
    return pd.DataFrame(rows)


def differences(
    make: Make, windows: xr.Dataset, index: int, plan: list[Arm]
) -> Iterator[tuple[str, float]]:
    """Yield each arm with the largest change of its forecasts at one of the origins."""
    lags, ends = windows.sizes["lag"], _ends(windows, index)

    @lru_cache(maxsize=2)  # the panel as it is, and changed
    def every(values: bytes, width: int) -> dict[str, np.ndarray]:
        panel = np.frombuffer(values, "float32").reshape(-1, width)
        context = np.stack([panel[:, end - lags : end] for end in ends])
        made = make(windows.assign(context=(windows["context"].dims, context)))
        found = forecasts(made, plan)
        return {arm: quantiles[index] for arm, quantiles in found.items()}

    alone = windows.sizes["origin"] == 1
    for arm in [arm.id for arm in plan] + ([] if alone else [LEAK]):

        def of(panel, origin, horizon, arm=arm):
            return every(panel.tobytes(), panel.shape[1])[arm]

        panel, horizon = _panel(windows, ends), windows.sizes["step"]
        yield arm, origins.future_probe(of, panel, ends[index] - 1, horizon)


def forecasts(forecaster: Forecaster, plan: list[Arm]) -> dict[str, np.ndarray]:
    """Return the quantiles (origin, series, level, step) of all arms and the leak."""
    found, known = {}, {}
    for arm in plan:
        if not arm.masked:
            found[arm.id], _ = controls.derive(arm, found, forecaster.windows)
            continue
        key = forecaster.digest(arm, DOSE)
        if key not in known:
            known[key] = forecaster.forecast(arm, DOSE)
        found[arm.id] = known[key]
    found[LEAK] = _leak(forecaster)
    return found


def _leak(forecaster: Forecaster) -> np.ndarray:
    """Return the quantiles where all rows of a batch share, whatever their origin."""
    from seqshift.softgroup import pipeline

    sizes, (batch,) = forecaster.windows.sizes, forecaster.batches
    S = similarity.of(batch.x, "corr", "affine", "level", None, forecaster.overlap)
    own = batch.groups(None)
    model, horizon = forecaster.pipeline, sizes["step"]
    quantiles = pipeline.forecast(model, batch.x, horizon, own, S=S, beta=1.0).numpy()
    found = np.empty((sizes["origin"], sizes["series"], *quantiles.shape[1:]))
    found[batch.origin, batch.series] = quantiles
    return found


def _parts(windows: xr.Dataset, count: int) -> Iterator[tuple[xr.Dataset, int]]:
    """Yield origins with their neighbours, and the place of the one to probe."""
    total, series = windows.sizes["origin"], windows.sizes["series"]
    near = max(1, min(3, ROWS // series, total))
    for place in np.unique(np.linspace(0, total - near, min(count, total)).round()):
        index = min(1, near - 1) if near > 2 else 0
        yield windows.isel(origin=slice(int(place), int(place) + near)), index


def _ends(windows: xr.Dataset, index: int) -> np.ndarray:
    """Return where the contexts end in a panel: all at their time if they have one.

    Origins without a time come after the one to probe: they share nothing with it.
    """
    lags, step = windows.sizes["lag"], windows.sizes["step"]
    if windows["origin_time"].notnull().all():
        places = windows["origin"].values
        return places - places[0] + lags
    order = np.arange(1, windows.sizes["origin"] + 1)
    order[: index + 1] = np.roll(order[: index + 1], 1)
    order[index] = 1
    return np.where(order == 1, lags, order * lags + step)


def _panel(windows: xr.Dataset, ends: np.ndarray) -> np.ndarray:
    """Return (series, time): contexts and targets where they end and begin."""
    lags, step = windows.sizes["lag"], windows.sizes["step"]
    shape = (windows.sizes["series"], int(ends.max()) + step)
    panel = np.full(shape, np.nan, dtype="float32")
    for place in np.argsort(ends):
        one, end = windows.isel(origin=place), ends[place]
        panel[:, end : end + step] = one["target"].values
        panel[:, end - lags : end] = one["context"].values
    return panel


def _check(arm: str, difference: float, where: str):
    if arm == LEAK and difference == 0:
        raise BadInput(
            f"{where}: even rows open to all others do not change with later values; "
            "the probe proves nothing, so use a backbone that shares across rows"
        )
    if arm != LEAK and difference > 0:
        raise BadInput(
            f"{where}: forecasts of {arm} change by {difference:g} with values after "
            "their origin; an arm outside the leak must not see them"
        )
