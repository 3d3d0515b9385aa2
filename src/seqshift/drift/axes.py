"""Cos-Drift: how far mean attributions turn from the train years to the test years."""

import numpy as np
import pandas as pd

from seqshift.drift.explained import PRIMARY, UNTRAINED, Explained, Years, views, years
from seqshift.schemas import results
from seqshift.statistics import blocks
from seqshift.statistics.permutation import cosine_distance, permute, summary

NUMBERS = ("drift", "null_mean", "null_sd", "z", "p")


def measure(run: Explained, spec: dict) -> pd.DataFrame:
    """Return the table DRIFT of one run: every variant on the temporal axis, ig on all.

    `spec` holds `permutations`, `seed`, `min_mass` (in deviations of the target) and
    `max_gap`: a run whose 99 % completeness gap (z-units) exceeds it has the status
    invalid. Variants of an entity share their permutations.
    """
    rows = []
    for variant, vectors in views(run).items():
        labels = np.unique(run.slice) if variant == PRIMARY else [""]
        for label in labels:
            rows += _turns(run, variant, years(run, vectors, label), str(label), spec)
        if variant == PRIMARY:
            rows += _distances(run, years(run, vectors), spec)
    frame = pd.DataFrame(rows).assign(**run.keys)[list(results.DRIFT.columns)]
    if not run.gap <= spec["max_gap"]:
        print(
            f"completeness gap {run.gap:.2g} over {spec['max_gap']:g}: the run is "
            "invalid"
        )
        frame["status"] = "invalid"
    return results.DRIFT.validate(frame)


def masses(run: Explained, variant: str) -> np.ndarray:
    """Return mean sum of |IG| over the plain years of each entity, (entity,).

    A part of a vector, as the exogenous block, is judged by its whole vector: a small
    part has a direction as long as it is not zero.
    """
    source = variant if variant in run.magnitude else PRIMARY
    whole = years(run, run.magnitude[source].sum(axis=(2, 3))[..., None])
    used = np.where(whole.role[..., None] != "", whole.vectors, 0)[..., 0]
    counts = (whole.role != "").sum(axis=1)
    return used.sum(axis=1) / np.where(counts > 0, counts, np.nan)


def least_mass(variant: str, spec: dict) -> float:
    """Return the least mass that counts: an untrained net need not say anything."""
    return 0.0 if variant == UNTRAINED else spec["min_mass"]


def _turns(
    run: Explained, variant: str, found: Years, label: str, spec: dict
) -> list[dict]:
    """Compare train and test years of each seen entity, within a slice of days."""
    rows = []
    seen = years(run, run.windows[..., None].astype(float)).seen
    least = least_mass(variant, spec)
    for at in np.flatnonzero(seen):
        name = run.entities[at]
        sides = [found.of(at, role) for role in ("reference", "test")]
        counts = len(sides[0]), len(sides[1])
        values = np.vstack(sides)
        row = _nothing("not_testable" if not all(counts) else "ok")
        if all(counts):
            rng = blocks.generator(spec["seed"], run.keys["domain"], name, label)
            test = np.arange(len(values)) >= counts[0]
            row |= permute(values, test, spec["permutations"], rng)
        mass = float(np.abs(values).sum(axis=1).mean()) if len(values) else np.nan
        whole = mass if label else masses(run, variant)[at]
        axis = "extreme" if label else "temporal"
        key = {"entity": name, "variant": variant, "axis": axis, "slice": label}
        rows.append(key | _guard(row, counts, mass, whole < least))
    return rows


def _distances(run: Explained, found: Years, spec: dict) -> list[dict]:
    """Compare each unseen entity with the mean of the seen ones in the same years.

    The null are the distances of each seen entity from the mean of the other ones.
    """
    rows = []
    seen, reference = found.seen, found.role == "reference"
    for at in np.flatnonzero(~seen):
        shared = np.flatnonzero((found.role[at] == "test") & reference.any(axis=0))
        own = found.vectors[at, shared]
        used = reference[:, shared] & seen[:, None]
        peers = np.array(
            [found.vectors[e, shared[used[e]]].mean(axis=0)
             for e in np.flatnonzero(used.any(axis=1))]
        )  # fmt: skip
        count = len(peers)
        mass = float(own.sum(axis=1).mean()) if len(shared) else np.nan
        row = _nothing("ok" if count > 1 else "not_testable")
        if count > 1:
            drift = cosine_distance(peers.mean(axis=0), own.mean(axis=0))
            others = (peers.sum(axis=0) - peers) / (count - 1)
            null = cosine_distance(others, peers)
            row |= summary(drift, null, exact=False)
        key = {"entity": run.entities[at], "variant": PRIMARY, "axis": "spatial"}
        counts = (len(shared), len(shared))
        row = _guard(row, counts, mass, mass < spec["min_mass"])
        rows.append(key | {"slice": ""} | row)
    return rows


def _nothing(status: str) -> dict:
    return dict.fromkeys(NUMBERS, np.nan) | {"status": status}


def _guard(row: dict, counts: tuple[int, int], mass: float, small: bool) -> dict:
    """Blank a drift whose attributions are too small, or zero: they point nowhere."""
    if small or (row["status"] == "ok" and np.isnan(row["drift"])):
        row = _nothing("attr_mass_low")
    periods = dict(zip(("reference_periods", "test_periods"), counts, strict=True))
    return row | periods | {"mass": mass}
