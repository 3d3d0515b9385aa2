"""Cos-Drift: how far mean attributions turn from the train years to the test years.

Every vector is a mean of |IG| over windows, flattened over (lag, feature), in z-units
of the target. Vectors of years are averaged without weights, so that a year counts as
one observation, as it does in the permutations.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from seqshift import periods
from seqshift.errors import BadInput
from seqshift.schemas import results
from seqshift.statistics import blocks
from seqshift.statistics.permutation import cosine_distance, permute, summary


@dataclass(frozen=True)
class _Run:
    keys: dict
    entities: np.ndarray
    lags: np.ndarray
    features: np.ndarray
    vectors: np.ndarray  # (entity, period, lag * feature)
    role: np.ndarray  # (entity, period)
    slice: np.ndarray  # (period,)
    seen: np.ndarray  # (entity,)


def measure(dataset: xr.Dataset, spec: dict) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables DRIFT and RANKS of one run.

    Parameters
    ----------
    dataset
        The file attributions.nc of the run; its variant ig counts. An unseen entity has
        no reference period: its train-era years have the role test.
    spec
        `permutations`, `seed`, `min_mass` (in deviations of the target) and `max_gap`:
        a run whose 99 % completeness gap (z-units) exceeds it has the status invalid.

    Raises
    ------
    BadInput
        If no entity has a reference period.
    """
    run = _read(dataset)
    rows = [*_turns(run, spec), *_distances(run, spec)]
    frame = pd.DataFrame(rows).assign(**run.keys)[list(results.DRIFT.columns)]
    gap = float(dataset.attrs["completeness_p99"])
    if not gap <= spec["max_gap"]:
        print(
            f"completeness gap {gap:.2g} over {spec['max_gap']:g}: the run is invalid"
        )
        frame["status"] = "invalid"
    return results.DRIFT.validate(frame), results.RANKS.validate(_ranks(run))


def _read(dataset: xr.Dataset) -> _Run:
    data = periods.yearly(dataset.sel(variant="ig", drop=True))
    role = data["role"].transpose("entity", "period").to_numpy().astype(str)
    role = np.where(data["windows"].to_numpy() > 0, role, "")
    label = data["slice"].to_numpy().astype(str)
    keys = {name: str(data.attrs[name]) for name in results.RUN}
    seen = ((role == "reference") & (label == "")).any(axis=1)
    if not seen.any():
        raise BadInput(
            f"the attributions of {'/'.join(keys.values())} hold no reference period; "
            "check that the train era was explained"
        )
    return _Run(
        keys | {"seed": int(data.attrs["seed"])},
        data["entity"].to_numpy().astype(str),
        data["lag"].to_numpy(),
        data["feature"].to_numpy().astype(str),
        data["magnitude"].to_numpy().reshape(*role.shape, -1),
        role,
        label,
        seen,
    )


def _turns(run: _Run, spec: dict) -> list[dict]:
    """Compare train and test years of each seen entity, within each slice of days."""
    rows = []
    for label in np.unique(run.slice):
        role = np.where(run.slice == label, run.role, "")
        for at in np.flatnonzero(run.seen):
            used = role[at] != ""
            years, test = run.vectors[at, used], role[at, used] == "test"
            counts = (int((~test).sum()), int(test.sum()))
            mass = float(years.sum(axis=1).mean()) if len(years) else np.nan
            found = _nothing("not_testable" if not all(counts) else "ok")
            if all(counts):
                name = run.entities[at]
                rng = blocks.generator(spec["seed"], run.keys["domain"], name, label)
                found |= permute(years, test, spec["permutations"], rng)
            axis = "extreme" if label else "temporal"
            key = {"entity": run.entities[at], "axis": axis, "slice": str(label)}
            rows.append(key | _guard(found, counts, mass, spec["min_mass"]))
    return rows


def _distances(run: _Run, spec: dict) -> list[dict]:
    """Compare each unseen entity with the mean of the seen ones in the same years.

    The null are the distances of each seen entity from the mean of the other ones.
    """
    rows = []
    plain = np.where(run.slice == "", run.role, "")
    reference = (plain == "reference")[run.seen]
    for at in np.flatnonzero(~run.seen):
        years = np.flatnonzero((plain[at] == "test") & reference.any(axis=0))
        own = run.vectors[at, years]
        peers = _means(run.vectors[run.seen][:, years], reference[:, years])
        count = len(peers)
        mass = float(own.sum(axis=1).mean()) if len(years) else np.nan
        found = _nothing("ok" if count > 1 else "not_testable")
        if count > 1:
            drift = cosine_distance(peers.mean(axis=0), own.mean(axis=0))
            others = (peers.sum(axis=0) - peers) / (count - 1)
            null = cosine_distance(others, peers)
            found |= summary(drift, null, exact=False)
        key = {"entity": run.entities[at], "axis": "spatial", "slice": ""}
        counts = (len(years), len(years))
        rows.append(key | _guard(found, counts, mass, spec["min_mass"]))
    return rows


def _means(vectors: np.ndarray, used: np.ndarray) -> np.ndarray:
    """Return the mean over used years of each entity that has any, (entity, cell)."""
    some = used.any(axis=1)
    weight = used[some] / used[some].sum(axis=1, keepdims=True)
    return np.einsum("ey,eyk->ek", weight, np.where(used[..., None], vectors, 0)[some])


def _nothing(status: str) -> dict:
    names = ("drift", "null_mean", "null_sd", "z", "p")
    return dict.fromkeys(names, np.nan) | {"status": status}


def _guard(found: dict, counts: tuple[int, int], mass: float, least: float) -> dict:
    """Blank a drift whose attributions are too small to have a direction."""
    if mass < least:
        found = _nothing("attr_mass_low")
    periods = dict(zip(("reference_periods", "test_periods"), counts, strict=True))
    return found | periods | {"mass": mass}


def _ranks(run: _Run) -> pd.DataFrame:
    """Return the shares and ranks of features and cells in train and test years."""
    plain = np.where(run.slice == "", run.role, "")
    both = [(plain == name)[run.seen] for name in ("reference", "test")]
    some = both[0].any(axis=1) & both[1].any(axis=1)
    vectors = run.vectors[run.seen][some]
    sides = [_means(vectors, used[some]) for used in both]
    sides = [side / side.sum(axis=1, keepdims=True) for side in sides]
    sides = [np.vstack([side, side.mean(axis=0)]) for side in sides]
    entities = np.append(run.entities[run.seen][some], "")
    cells = [f"{name} lag {lag}" for lag in run.lags for name in run.features]
    shape = (len(entities), len(run.lags), len(run.features))
    levels = {
        "feature": (list(run.features), [s.reshape(shape).sum(axis=1) for s in sides]),
        "cell": (cells, sides),
    }
    parts = [
        _level(level, entities, names, *shares)
        for level, (names, shares) in levels.items()
    ]
    frame = pd.concat(parts, ignore_index=True).assign(**run.keys)
    return frame[list(results.RANKS.columns)]


def _level(
    level: str,
    entities: np.ndarray,
    names: list[str],
    reference: np.ndarray,
    test: np.ndarray,
) -> pd.DataFrame:
    fields = {
        "entity": np.repeat(entities, len(names)),
        "level": level,
        "name": np.tile(names, len(entities)),
    }
    for side, shares in (("reference", reference), ("test", test)):
        order = np.argsort(-shares, axis=1, kind="stable")
        fields[side] = shares.ravel()
        fields[f"{side}_rank"] = order.argsort(axis=1).ravel() + 1
    return pd.DataFrame(fields)
