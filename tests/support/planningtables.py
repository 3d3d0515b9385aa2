"""Tables of power, sensitivity and claims as a run would leave them, invented."""

import numpy as np
import pandas as pd

from seqshift.schemas import planning, results
from seqshift.statistics import power

NAMES = ("power", "sensitivity", "claims")
CELL = [*results.RUN, "axis", "slice", "metric"]
STATISTICS = {
    "alpha": 0.05,
    "power": [0.8, 0.95],
    "power_plan": {"seeds": [0, 1, 2], "ratio": 1.1, "confidence": 0.8, "planned": 10},
}


def make(tests: pd.DataFrame, seeds: int) -> dict[str, pd.DataFrame]:
    """Return the three tables for the cells of a table of tests."""
    rng = np.random.default_rng(7)
    cells = tests[tests["family"] == "all"][CELL].reset_index(drop=True)
    found = (_power(seeds), _sensitivity(cells, rng), _claims())
    return dict(zip(NAMES, found, strict=True))


def _power(seeds: int) -> pd.DataFrame:
    """Return POWER of one cell whose seeds lie 0.05 apart."""
    values = np.arange(seeds)[:, None] * 0.05 + np.zeros((1, 4))
    names = ("domain", "modality", "model", "axis", "slice", "metric", "column")
    cell = ("energy", "natural", "mlp", "temporal", "", "g_ratio", "corr")
    keys = dict(zip(names, cell, strict=True)) | {"period": "", "status": "ok"}
    rows = [
        {"seed": seed, "entity": f"E{place}", "value": value, "count": 50}
        for seed, line in enumerate(values)
        for place, value in enumerate(line)
    ]
    draws = {"seed": 0, "replicate": range(3), "value": [0.0, 0.02, 0.04], "blocks": 4}
    resamples = pd.DataFrame(draws).assign(**{k: keys[k] for k in names})
    return power.plan(pd.DataFrame(rows).assign(**keys), resamples, STATISTICS, [])


def _sensitivity(cells: pd.DataFrame, rng) -> pd.DataFrame:
    shares = rng.dirichlet(np.full(3, 0.7), len(cells))
    names = ["fails", "does_not_fail", "undecided"]
    frame = cells.assign(**dict(zip(names, shares.T, strict=True)), settings=1440)
    own = shares.argmax(axis=1)
    frame["verdict"] = np.array(planning.LEVELS)[own]
    frame["kept"] = shares.max(axis=1)
    frame = frame.assign(setting="all", level="all")
    return frame[list(planning.SENSITIVITY.columns)]


def _claims() -> pd.DataFrame:
    frame = pd.DataFrame({"verdict": ["held", "failed", "undecided"]})
    frame = frame.assign(claim=["H1", "H2", "H3"], source="O1", test="verdicts")
    for name in ("statement", "held", "failed", "measure", "reason"):
        frame[name] = f"words of {name}"
    numbers = ("estimate", "low", "high", "p", "q", "p_failed", "q_failed")
    frame = frame.assign(**dict.fromkeys(numbers, 0.5), threshold=1.5, units=3)
    frame = frame.assign(family="all", sha256="abc")
    return frame[list(planning.CLAIMS.columns)]
