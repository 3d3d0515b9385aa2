"""How alike the rows of a data set are, within and across its groups."""

import numpy as np
import pandas as pd
import torch
import xarray as xr

from seqshift.softgroup import similarity


def correlations(windows: xr.Dataset, on: list[str], overlap: int) -> xr.DataArray:
    """Return |r| of the contexts, (on, origin, series, series).

    Where the unit is the series, as all origins have the same rows, of the first only.
    """
    season, context = windows.attrs["season"], windows["context"]
    if windows.attrs["unit"] == "series":
        context = context.isel(origin=slice(0, 1))
    found = [
        [
            similarity.of(torch.from_numpy(x), "corr", "abs", one, season, overlap)
            for x in context.values
        ]
        for one in on
    ]
    names = windows["series"].values
    return xr.DataArray(
        np.array([[S.numpy() for S in part] for part in found]),
        dims=("on", "origin", "series", "other"),
        coords={
            "on": on,
            "origin": context["origin"].values,
            "series": names,
            "other": names,
        },
    )


def summary(r: xr.DataArray, windows: xr.Dataset) -> pd.DataFrame:
    """Return the table SIMILARITY: mean |r| of pairs within and across groups."""
    attrs, rows = windows.attrs, []
    pairs = np.triu(np.ones((r.sizes["series"],) * 2, dtype=bool), k=1)
    for grouping in windows["grouping"].values:
        labels = windows["group"].sel(grouping=grouping).values
        same = labels[:, None] == labels[None, :]
        for on in r["on"].values:
            for origin in r["origin"].values:
                one = r.sel(on=on, origin=origin).values
                rows.append(
                    {
                        "dataset": attrs["dataset"],
                        "H": windows.sizes["step"],
                        "grouping": str(grouping),
                        "on": str(on),
                        "origin": int(origin),
                        "within": _mean(one[pairs & same]),
                        "across": _mean(one[pairs & ~same]),
                    }
                )
    return pd.DataFrame(rows)


def matrix(r: xr.DataArray, windows: xr.Dataset) -> xr.Dataset:
    """Return the mean |r| over origins, (on, series, other), and the groups."""
    found = r.mean("origin").to_dataset(name="r")
    found["group"] = windows["group"]
    return found.assign_attrs(
        dataset=windows.attrs["dataset"],
        horizon=windows.sizes["step"],
        right=windows.attrs["right"],
        wrong=windows.attrs["wrong"],
        origins=r.sizes["origin"],
    )


def _mean(values: np.ndarray) -> float:
    return float(np.clip(values.mean(), 0, 1)) if len(values) else float("nan")
