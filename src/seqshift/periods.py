"""Periods of attributions: quarters joined to years."""

import numpy as np
import pandas as pd
import xarray as xr


def yearly(data: xr.Dataset) -> xr.Dataset:
    """Return `magnitude`, `windows` and `role` of years and slices, slice by slice.

    The vector of a year is the mean over the windows of its quarters. `data` is that of
    one variant, with dims (entity, period, lag, feature).
    """
    data = data[["magnitude", "windows"]].transpose(
        "entity", "period", "lag", "feature"
    )
    keys = pd.MultiIndex.from_arrays([data["slice"].values, data["year"].values])
    code, years = pd.factorize(keys)
    count = data["windows"].to_numpy()
    weight = (code == np.arange(len(years))[:, None]) * count[:, None]  # (e, year, p)
    total = weight.sum(axis=2)
    values = np.where(count[..., None, None] > 0, data["magnitude"].to_numpy(), 0)
    sums = np.einsum("eyp,eplf->eylf", weight, values.astype(np.float64))
    with np.errstate(invalid="ignore"):  # a year without windows has no mean
        mean = sums / total[..., None, None]
    role = np.full(total.shape, "", "<U9")
    entity, period = np.nonzero(count)
    named = data["role"].transpose("entity", "period").to_numpy().astype("<U9")
    role[entity, code[period]] = named[entity, period]
    return xr.Dataset(
        {
            "magnitude": (("entity", "period", "lag", "feature"), mean),
            "windows": (("entity", "period"), total),
        },
        coords={
            **{name: data[name].values for name in ("entity", "lag", "feature")},
            "role": (("entity", "period"), role),
            "slice": ("period", years.get_level_values(0).to_numpy().astype("<U5")),
        },
        attrs=data.attrs,
    )
