"""What one run contributes to the controls of its model: the table EVIDENCE."""

import numpy as np
import pandas as pd

from seqshift.drift.explained import (
    PRIMARY,
    UNTRAINED,
    Explained,
    Years,
    flat,
    years,
)
from seqshift.schemas.controls import EVIDENCE
from seqshift.statistics import blocks
from seqshift.statistics.permutation import cosine_distance, least_p, permute

EMPTY = {"amplitude": 0.0, "null_mean": np.nan, "p": np.nan, "least_p": np.nan}


def evidence(run: Explained, spec: dict) -> pd.DataFrame:
    """Return the table EVIDENCE of one run.

    `spec` holds `permutations` and `seed`. Per seen entity:

    label-permutation
        Drift and p of randomly drawn test years: a test of the test.
    id-id
        Drift between the train years of odd and of even place.
    graded
        The same with the exogenous columns of every second year shifted by
        `amplitude` z-units; absent if the file has no shifted variant.
    randomised
        Distance of the trained from the untrained network over the train years.
    completeness
        The 99 % quantile of the completeness gap, for the run as a whole.
    """
    found = years(run, flat(run.magnitude[PRIMARY]))
    rows = [{"entity": "", "control": "completeness", "value": run.gap}]
    for at in np.flatnonzero(found.seen):
        own = [_permuted(run, found, at, spec), _halves(run, found, found, at, spec)]
        own += _graded(run, found, at, spec)
        own.append(_randomised(run, found, at))
        rows += [{"entity": run.entities[at]} | row for row in own if row]
    frame = pd.DataFrame([EMPTY | row for row in rows]).assign(**run.keys)
    return EVIDENCE.validate(frame[list(EVIDENCE.columns)])


def _permuted(run: Explained, found: Years, at: int, spec: dict) -> dict | None:
    """Test years drawn at random as if they were the test years.

    Each run draws its own, so that p values of several seeds are independent.
    """
    used = found.role[at] != ""
    count = int((found.role[at] == "test").sum())
    if not count:
        return None
    names = [*(str(value) for value in run.keys.values()), run.entities[at], "labels"]
    shuffled = blocks.generator(spec["seed"], *names).permutation(used.sum()) < count
    vectors = found.vectors[at, used]
    return _tested("label-permutation", run, at, vectors, shuffled, spec)


def _halves(
    run: Explained,
    found: Years,
    later: Years,
    at: int,
    spec: dict,
    control: str = "id-id",
) -> dict | None:
    """Compare train years of odd place with those of even place, taken from `later`."""
    train = np.flatnonzero(found.role[at] == "reference")
    even = np.arange(len(train)) % 2 == 1
    second = train[even]
    second = second[later.role[at, second] == "reference"]
    if not len(second):
        return None
    vectors = np.vstack([found.vectors[at, train[~even]], later.vectors[at, second]])
    test = np.arange(len(vectors)) >= (~even).sum()
    return _tested(control, run, at, vectors, test, spec)


def _graded(run: Explained, found: Years, at: int, spec: dict) -> list[dict]:
    rows = []
    # Nothing is exogenous: nothing was shifted.
    shifts = run.shifts if run.exogenous.any() else {}
    for amplitude, variant in shifts.items():
        shifted = years(run, flat(run.magnitude[variant]))
        row = _halves(run, found, shifted, at, spec, "graded")
        if row:
            rows.append(row | {"amplitude": amplitude})
    return rows


def _randomised(run: Explained, found: Years, at: int) -> dict | None:
    if UNTRAINED not in run.magnitude:
        return None
    fresh = years(run, flat(run.magnitude[UNTRAINED])).of(at, "reference")
    if not len(fresh):
        return None
    own = found.of(at, "reference").mean(axis=0)
    distance = cosine_distance(own, fresh.mean(axis=0))
    return {"control": "randomised", "value": float(distance)}


def _tested(
    control: str,
    run: Explained,
    at: int,
    vectors: np.ndarray,
    test: np.ndarray,
    spec: dict,
) -> dict:
    names = run.keys["domain"], run.entities[at], control
    rng = blocks.generator(spec["seed"], *names)
    found = permute(vectors, test, spec["permutations"], rng)
    smallest = least_p(len(test), int(test.sum()), spec["permutations"])
    kept = {"value": found["drift"], "null_mean": found["null_mean"], "p": found["p"]}
    return {"control": control, **kept, "least_p": smallest}
