"""Integrated gradients of the forecast with respect to x, averaged over windows.

The path runs from the train mean (0 in z-units, raw 0 of unscaled columns) to the
window; calendar, entity and group are held fixed. Sundararajan, Taly, Yan 2017,
arXiv:1703.01365. The dataset has dims (entity, period, lag, feature): `magnitude` is
the mean of |IG|, `signed` of IG, both in z-units of the target, `windows` their count;
lag counts the steps back from the target day (led features show the step after).
"""

import numpy as np
import pandas as pd
import torch
import xarray as xr
from captum.attr import IntegratedGradients
from torch import Tensor, nn

from seqshift import batching, forecasting, sampling, windows
from seqshift.errors import BadInput

METHOD = "gausslegendre"  # captum's trapezoid rule loses 1/steps of the mass


def attribute(
    model: nn.Module,
    meta: dict,
    features: pd.DataFrame,
    roles: pd.DataFrame,
    spec: dict,
    drift: dict,
) -> xr.Dataset:
    """Return mean attributions of one run per entity and period.

    Periods are the years of the train and the test era and, per extreme slice, the
    days of that slice in those years. `drift` holds `seed`, the seed of the sample,
    and `season_days`.

    Raises
    ------
    BadInput
        If no group of windows is large enough.
    """
    wanted = forecasting.SCORED if model.by_date else tuple(sampling.SIDE)
    cut, frame = windows.cut(
        features, roles, spec, meta["scaler"], meta["entities"], wanted
    )
    found = sampling.eligible(frame, spec, drift)
    drawn = sampling.sample(found, cut.entity > 0, spec, drift, model.by_date)
    if drawn.empty:
        raise BadInput(
            "no year has enough windows to explain; lower attribution.min_windows or "
            "check the eras under splits"
        )
    rows = np.unique(drawn["row"])
    if model.by_date:
        rows = np.flatnonzero(np.isin(cut.date, cut.date[rows]))
    rule = spec["attribution"]
    values, gaps = explain(model, cut.take(rows), rule["steps"], rule["batch_size"])
    values = values[np.searchsorted(rows, drawn["row"])]
    entities = _present(frame["entity"], meta["entities"])
    found = _dataset(values, drawn, entities, list(spec["features"]))
    return found.assign_attrs(_attrs(meta, rule, gaps), explained=len(rows))


def explain(
    model: nn.Module, cut: windows.Windows, steps: int, batch_size: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return IG (n, lags, feature) of each window, and the completeness gaps.

    A gap is |sum of IG - (f(x) - f(baseline))| along one path, in z-units: one path a
    window, or for a model that looks across entities one path a date, with the output
    summed over its entities. About `batch_size` points go through at once.
    """
    model.eval()
    data = cut.batch(device=str(next(model.parameters()).device))
    size = max(1, batch_size // steps)
    values, gaps = np.empty(cut.x.shape, np.float32), []
    for index in batching.batches(data.group, size, model.by_date, None):
        batch = batching.rows(data, index)
        x, *fixed = batch.inputs()
        # cuDNN cannot differentiate a recurrent net in evaluation mode.
        with torch.backends.cudnn.flags(enabled=False):
            found, gap = IntegratedGradients(_output(model, len(index))).attribute(
                x,
                baselines=torch.zeros_like(x),
                additional_forward_args=tuple(fixed),
                n_steps=steps,
                method=METHOD,
                return_convergence_delta=True,
            )
        values[index.numpy()] = found.detach().cpu().numpy()
        if model.by_date:
            _, date = torch.unique(batch.group, return_inverse=True)
            gap = gap.new_zeros(int(date.max()) + 1).index_add(0, date, gap)
        gaps.append(gap.abs().cpu().numpy())
    return values, np.concatenate(gaps)


def _output(model: nn.Module, rows: int):
    """Return the function to explain: the median, averaged over horizons, per window.

    Its gradient, summed over the windows of a date, is that of the date's sum.
    """

    def output(
        x: Tensor, valid: Tensor, calendar: Tensor, entity: Tensor, group: Tensor
    ):
        # Captum stacks the points of a path: a date must not meet its other points.
        point = torch.arange(len(x), device=x.device) // rows
        group = group * (len(x) // rows) + point
        found = model(x, valid, calendar, entity, group)  # (batch, horizon, output)
        return found[..., (found.shape[-1] - 1) // 2].mean(dim=1)

    return output


def _present(entities: pd.Series, seen: list[str]) -> list[str]:
    """Return the names there are: seen ones in their order, then the others."""
    there = set(entities)
    return [name for name in seen if name in there] + sorted(there - set(seen))


def _dataset(
    values: np.ndarray, drawn: pd.DataFrame, entities: list[str], features: list[str]
) -> xr.Dataset:
    """Average the attributions (n, lags, feature) of the drawn rows by group."""
    first = np.flatnonzero(~drawn.duplicated(sampling.GROUP))
    count = np.diff(np.append(first, len(drawn)))
    group = drawn.iloc[first]
    period = pd.MultiIndex.from_arrays(
        [group["year"], group["slice"].map(sampling.SLICES.index)]
    )
    periods = period.unique().sort_values()
    at = pd.Index(entities).get_indexer(group["entity"]), periods.get_indexer(period)
    sizes = (len(entities), len(periods))
    dims = ("entity", "period", "lag", "feature")
    found = xr.Dataset(coords=_coords(entities, periods, values.shape[1], features))
    for name, part in (("magnitude", np.abs(values)), ("signed", values)):
        mean = np.full((*sizes, *values.shape[1:]), np.nan)
        total = np.add.reduceat(part.astype(np.float64), first, axis=0)
        mean[at] = total / count[:, None, None]
        found[name] = dims, mean
    counts, role = np.zeros(sizes, np.int64), np.full(sizes, "", "<U9")
    counts[at], role[at] = count, group["role"].to_numpy().astype("<U9")
    found["windows"] = dims[:2], counts
    return found.assign_coords(role=(dims[:2], role))


def _coords(
    entities: list[str], periods: pd.MultiIndex, lags: int, features: list[str]
) -> dict:
    years = periods.get_level_values(0).to_numpy(np.int64)
    slices = [sampling.SLICES[number] for number in periods.get_level_values(1)]
    labels = [f"{y}/{s}" if s else f"{y}" for y, s in zip(years, slices, strict=True)]
    return {
        "entity": entities,
        "period": labels,
        "lag": np.arange(lags, 0, -1),
        "feature": features,
        "year": ("period", years),
        "slice": ("period", slices),
    }


def _attrs(meta: dict, rule: dict, gaps: np.ndarray) -> dict:
    attrs = {name: meta[name] for name in ("domain", "modality", "model", "seed")}
    attrs |= {"steps": rule["steps"], "method": METHOD}
    for share in (50, 95, 99, 100):
        attrs[f"completeness_p{share}"] = float(np.quantile(gaps, share / 100))
    return attrs
