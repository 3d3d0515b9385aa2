"""What attributions.nc says of one run, as vectors of quarters and of years.

Every vector is a mean of |IG| over windows (of IG itself for `signed`), flattened over
(lag, feature), in z-units of the target. A year is the mean of its quarters weighted by
their windows, hence the mean over its windows; years are then averaged without weights,
so that a year counts as one observation, as it does in the permutations.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from seqshift.errors import BadInput
from seqshift.schemas import results

PRIMARY = "ig"
UNTRAINED = "untrained"
# Variants of the file that stand in the table of drift under their own names.
METHODS = ("gradient-shap", UNTRAINED, "pooled", "within")
SHIFTED = "shift-"  # shift-0.5: exogenous columns raised by half a z-unit
SOLAR = "solar_share"
DIMS = ("entity", "period", "lag", "feature")


@dataclass(frozen=True)
class Explained:
    """Attributions of one run; `magnitude` and `signed` by variant of the file."""

    keys: dict
    entities: np.ndarray
    lags: np.ndarray
    features: np.ndarray
    exogenous: np.ndarray  # (feature,) bool
    magnitude: dict[str, np.ndarray]  # (entity, period, lag, feature)
    signed: dict[str, np.ndarray]
    windows: np.ndarray  # (entity, period)
    role: np.ndarray  # (entity, period)
    year: np.ndarray  # (period,)
    quarter: np.ndarray
    slice: np.ndarray
    gap: float  # 99 % quantile of the completeness gap, in z-units

    @property
    def shifts(self) -> dict[float, str]:
        """Return the variant of each positive amplitude of shift, in order."""
        named = [name for name in self.magnitude if name.startswith(SHIFTED)]
        return dict(sorted((float(n.removeprefix(SHIFTED)), n) for n in named))


@dataclass(frozen=True)
class Years:
    """Vectors of years, NaN where a year was not explained."""

    year: np.ndarray  # (year,)
    vectors: np.ndarray  # (entity, year, cell)
    role: np.ndarray  # (entity, year)

    def of(self, entity: int, role: str) -> np.ndarray:
        """Return the vectors (year, cell) of an entity's years of that role."""
        return self.vectors[entity, self.role[entity] == role]

    @property
    def seen(self) -> np.ndarray:
        """Tell which entities have a reference year, (entity,) bool."""
        return (self.role == "reference").any(axis=1)


def read(dataset: xr.Dataset) -> Explained:
    """Return what the dataset holds.

    Parameters
    ----------
    dataset
        The file attributions.nc of the run (see `seqshift.attribution`). An unseen
        entity has no reference period: its train-era years have the role test.

    Raises
    ------
    BadInput
        If no entity has a plain reference period.
    """
    data = dataset[["magnitude", "signed", "windows"]].transpose("variant", *DIMS)
    role = data["role"].transpose("entity", "period").to_numpy().astype(str)
    role = np.where(data["windows"].to_numpy() > 0, role, "")
    label = data["slice"].to_numpy().astype(str)
    keys = {name: str(data.attrs[name]) for name in results.RUN}
    if not ((role == "reference") & (label == "")).any():
        raise BadInput(
            f"the attributions of {'/'.join(keys.values())} hold no reference period; "
            "check that the train era was explained"
        )
    named = [name for name in str(data.attrs["exogenous"]).split(",") if name]
    return Explained(
        keys=keys | {"seed": int(data.attrs["seed"])},
        entities=data["entity"].to_numpy().astype(str),
        lags=data["lag"].to_numpy(),
        features=data["feature"].to_numpy().astype(str),
        exogenous=np.isin(data["feature"].to_numpy().astype(str), named),
        magnitude=_by_variant(data, "magnitude"),
        signed=_by_variant(data, "signed"),
        windows=data["windows"].to_numpy(),
        role=role,
        year=data["year"].to_numpy(),
        quarter=data["quarter"].to_numpy(),
        slice=label,
        gap=float(data.attrs["completeness_p99"]),
    )


def _by_variant(data: xr.Dataset, name: str) -> dict[str, np.ndarray]:
    values = data[name].to_numpy().astype(float)
    return dict(zip(data["variant"].to_numpy().astype(str), values, strict=True))


def flat(values: np.ndarray) -> np.ndarray:
    """Return (entity, period, lag, feature) as (entity, period, cell)."""
    return values.reshape(*values.shape[:2], -1)


def views(run: Explained) -> dict[str, np.ndarray]:
    """Return the vectors (entity, period, cell) of every variant of the drift table."""
    own = run.magnitude[PRIMARY]
    found = {PRIMARY: own, "signed": run.signed[PRIMARY]}
    found["feature"] = own.sum(axis=2, keepdims=True)
    found |= {name: run.magnitude[name] for name in METHODS if name in run.magnitude}
    if run.exogenous.any():
        found["exogenous"] = own[..., run.exogenous]
        if "pooled" in found:
            found["pooled-exogenous"] = found["pooled"][..., run.exogenous]
    if SOLAR in run.features:
        found["no-solar"] = own[..., run.features != SOLAR]
    return {name: flat(values) for name, values in found.items()}


def years(run: Explained, vectors: np.ndarray, label: str = "") -> Years:
    """Average the periods (entity, period, cell) of a slice by year."""
    inside = run.slice == label
    named = np.unique(run.year[inside])
    shape = (len(run.entities), len(named))
    means = np.full((*shape, vectors.shape[-1]), np.nan)
    roles = np.full(shape, "", run.role.dtype)
    for at, year in enumerate(named):
        own = inside & (run.year == year)
        weight = np.where(run.role[:, own] != "", run.windows[:, own], 0)
        total = weight.sum(axis=1)
        values = np.where(weight[..., None] > 0, vectors[:, own], 0)
        sums = np.einsum("ep,epc->ec", weight, values)
        means[:, at] = sums / np.where(total > 0, total, np.nan)[:, None]
        for role in ("test", "reference"):
            roles[(run.role[:, own] == role).any(axis=1), at] = role
    return Years(named, means, np.where(np.isfinite(means).all(axis=2), roles, ""))
