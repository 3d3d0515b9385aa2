"""Tables of ablations and scaling curves as a run would leave them, invented."""

import itertools

import numpy as np
import pandas as pd

from seqshift.schemas import comparisons
from seqshift.statistics import curves

NAMES = ("ablations", "scaling", "points", "curves")
FRACTIONS = (0.1, 0.2, 0.35, 0.5, 0.7)


def make(domains, models, seeds) -> dict[str, pd.DataFrame]:
    """Return the four tables for these domains, models and seeds."""
    rng = np.random.default_rng(5)
    points = pd.concat([_points(one, models, seeds, rng) for one in domains])
    points = points.reset_index(drop=True)
    statistics = {"alpha": 0.05, "resamples": 5, "seed": 0}
    scaling, lines = curves.fit(points, statistics)
    ablations = pd.concat([_ablations(one, models, rng) for one in domains])
    ablations = ablations.reset_index(drop=True)
    found = (ablations, scaling, points, lines)
    return dict(zip(NAMES, found, strict=True))


def _ablations(domain: str, models: list[str], rng) -> pd.DataFrame:
    rows = []
    for base, part in itertools.product(models, ("small", "no-entity-dropout")):
        for measure in ("rmse_id", "rmse_test", "g_ratio"):
            row = {"variant": f"{base}-{part}", "base": base, "measure": measure}
            middle, half = rng.normal(0.02, 0.05), rng.uniform(0.01, 0.15)
            row |= {"estimate": np.exp(middle), "low": np.exp(middle - half)}
            row |= {"high": np.exp(middle + half), "detectable": np.exp(half)}
            row["status"] = rng.choice(["ok", "ok", "ok", "underfit", "low_n"])
            side = "worse" if middle > half else "better"
            open_ = abs(middle) < half or row["status"] != "ok"
            rows.append(row | {"verdict": "undecided" if open_ else side})
    frame = pd.DataFrame(rows).assign(domain=domain, modality="natural")
    frame["p"] = frame["q"] = rng.uniform(0, 1, len(frame))
    frame = frame.assign(family="secondary", seeds=3, entities=8, blocks=7)
    return frame[list(comparisons.ABLATIONS.columns)]


def _points(domain: str, models: list[str], seeds, rng) -> pd.DataFrame:
    budgets = [("all", 1.0), *itertools.product(comparisons.BUDGETS, FRACTIONS)]
    rows = []
    for model, seed, (by, share) in itertools.product(models, seeds, budgets):
        for split, level in (("id_test", 0.02), ("temporal_test", 0.03)):
            row = {"model": model, "seed": seed, "by": by, "fraction": share}
            row |= {"split": split, "windows": round(share * 20_000)}
            name = "natural" if by == "all" else f"{by}-{share:g}"
            error = level * (0.7 + 0.3 * share**-0.3) * np.exp(rng.normal(0, 0.01))
            rows.append(row | {"modality": name, "error": error})
    frame = pd.DataFrame(rows).assign(domain=domain, entities=8)
    return frame[list(comparisons.POINTS.columns)]
