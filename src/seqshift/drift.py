"""Cos-Drift: how far mean attributions turn from the train years to the test years.

Every vector is a mean of |IG| over windows, flattened over (lag, feature), in z-units
of the target. Vectors of years are averaged without weights, so that a year counts as
one observation, as it does in the permutations.
"""

from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
import xarray as xr

from seqshift.errors import BadInput
from seqshift.schemas import results
from seqshift.statistics import blocks

RUN = (*results.RUN, "seed")
# Splits that differ by less than rounding are ties.
TIE = 1e-12


def measure(dataset: xr.Dataset, spec: dict) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables DRIFT and RANKS of one run.

    Parameters
    ----------
    dataset
        `magnitude` (entity, period, lag, feature), `windows` (entity, period) and the
        coordinates year, slice (period) and role (entity, period). An unseen entity
        has no reference period: its train-era years have the role test.
    spec
        `permutations`, `seed`, `min_mass` (share of the target's deviation).

    Raises
    ------
    BadInput
        If no entity has a reference period.
    """
    run = {name: dataset.attrs[name] for name in RUN}
    run["seed"] = int(run["seed"])
    data = dataset.transpose("entity", "period", "lag", "feature")
    role = data["role"].transpose("entity", "period").to_numpy().astype(str)
    role = np.where(data["windows"].to_numpy() > 0, role, "")
    label = data["slice"].to_numpy().astype(str)
    vectors = data["magnitude"].to_numpy().reshape(*role.shape, -1)
    names = data["entity"].to_numpy().astype(str)
    seen = (role == "reference").any(axis=1)
    if not seen.any():
        raise BadInput(
            f"the attributions of {run['domain']}/{run['model']} hold no reference "
            "period; check that the train era was explained"
        )
    rows = []
    for name in sorted(set(label)):
        axis = "extreme" if name else "temporal"
        inside = np.where(label == name, role, "")
        for entity in np.flatnonzero(seen):
            rng = blocks.generator(spec["seed"], run["domain"], names[entity], name)
            found = _turn(vectors[entity], inside[entity], spec, rng)
            rows.append({"entity": names[entity], "axis": axis, "slice": name, **found})
    year = data["year"].to_numpy()
    plain = np.where(label == "", role, "")
    for entity in np.flatnonzero(~seen):
        found = _distance(vectors, plain, year, seen, entity, spec["min_mass"])
        rows.append({"entity": names[entity], "axis": "spatial", "slice": "", **found})
    frame = pd.DataFrame(rows).assign(**run)[list(results.DRIFT.columns)]
    cells = [
        f"{feature} lag {lag}"
        for lag in data["lag"].to_numpy()
        for feature in data["feature"].to_numpy()
    ]
    ranks = _ranks(vectors[seen], plain[seen], names[seen], cells, data)
    ranks = ranks.assign(**run)[list(results.RANKS.columns)]
    return results.DRIFT.validate(frame), results.RANKS.validate(ranks)
