"""Attributions of one run as its file holds them, with chosen vectors."""

import numpy as np
import xarray as xr

DIMS = ("variant", "entity", "period", "lag", "feature")
RUN = {"domain": "market", "modality": "natural", "model": "mlp", "seed": 3}
SPEC = {"permutations": 199, "seed": 0, "min_mass": 0.01, "max_gap": 1e-3}
ONE, OTHER = np.array([[1.0, 0.0], [0.0, 0.0]]), np.array([[0.0, 2.0], [0.0, 0.0]])


def dataset(
    values, role, slices=(), others=None, exogenous=("f1",), features=None, **attrs
) -> xr.Dataset:
    """Return attributions.nc of values (entity, year, lag, feature) by year.

    Each plain year becomes four quarters of 16 windows that equal it; with values
    (entity, year, 4, lag, feature) they are the quarters. `role` is (entity, year),
    `slices` holds (name, values, role) of extreme slices in the same years, `others`
    further variants, shaped as the values.
    """
    plain = {"ig": values, **(others or {})}
    plain = {name: _quarters(np.asarray(one, float)) for name, one in plain.items()}
    entities, years = plain["ig"].shape[:2]
    shape = plain["ig"].shape[3:]
    parts = {
        name: [one.reshape(entities, years * 4, *shape)] for name, one in plain.items()
    }
    year = 2000 + np.arange(years)
    labels = [np.repeat("", years * 4)]
    numbers, quarters = [np.repeat(year, 4)], [np.tile([1, 2, 3, 4], years)]
    roles = [np.repeat(np.array(role), 4, axis=1)]
    for name, own, sides in slices:
        for variant, found in parts.items():
            fill = np.full((entities, years, *shape), np.nan)
            found.append(np.asarray(own, float) if variant == "ig" else fill)
        labels.append(np.repeat(name, years))
        numbers.append(year)
        quarters.append(np.zeros(years, int))
        roles.append(np.array(sides))
    label, number = np.concatenate(labels), np.concatenate(numbers)
    quarter, role = np.concatenate(quarters), np.concatenate(roles, axis=1)
    stacked = np.stack([np.concatenate(found, axis=1) for found in parts.values()])
    names = [
        f"{y}/{s}" if s else f"{y}Q{q}"
        for y, q, s in zip(number, quarter, label, strict=True)
    ]
    return xr.Dataset(
        {
            "magnitude": (DIMS, np.abs(stacked)),
            "signed": (DIMS, stacked),
            "windows": (DIMS[1:3], np.where(role != "", 16, 0)),
            "explained": (("sample", "feature"), np.zeros((5, shape[1]))),
        },
        coords={
            "variant": list(parts),
            "entity": [f"E{number}" for number in range(entities)],
            "period": names,
            "lag": np.arange(shape[0], 0, -1),
            "feature": features or [f"f{number}" for number in range(shape[1])],
            "year": ("period", number),
            "quarter": ("period", quarter),
            "slice": ("period", label),
            "role": (DIMS[1:3], role),
        },
        attrs=RUN
        | {"completeness_p99": 1e-6, "exogenous": ",".join(exogenous)}
        | attrs,
    )


def _quarters(values: np.ndarray) -> np.ndarray:
    if values.ndim == 5:
        return values
    return np.repeat(values[:, :, None], 4, axis=2)


def sides(reference: int, test: int) -> list[str]:
    return ["reference"] * reference + ["test"] * test


def two_sides(before, after, entities=2, reference=6, test=3, **more) -> xr.Dataset:
    """Return the same vector (lag, feature) in all reference and all test years."""
    years = np.stack([before] * reference + [after] * test)
    values = np.stack([years] * entities).astype(float)
    return dataset(values, [sides(reference, test)] * entities, **more)


def random_values(seed, entities=4, years=13, noise=30, base=None):
    """Return years (entity, year, 2 lags, 3 features) that differ by chance alone."""
    rng = np.random.default_rng(seed)
    base = rng.gamma(3, size=(2, 3)) if base is None else base
    return base * rng.gamma(noise, 1 / noise, size=(entities, years, 2, 3))


def random_run(seed, entities=4, reference=9, test=4, unseen=0, **more) -> xr.Dataset:
    values = random_values(seed, entities + unseen, reference + test)
    role = [sides(reference, test)] * entities
    role += [["test"] * reference + [""] * test] * unseen
    return dataset(values, role, **more)
