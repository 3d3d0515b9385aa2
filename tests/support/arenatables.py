"""Constructed signals and scores whose verdict is known."""

from functools import cache

import numpy as np
import pandas as pd

from seqshift.arena import claim, judge, transfer
from seqshift.schemas import results, signals

SPEC = {
    "leads": [0, 1],
    "threshold": 1.5,
    "least": 5,
    "resamples": 60,
    "seed": 0,
    "alpha": 0.05,
    "false_alarms": 1,
    "margin": 0.05,
}
LEAD = 1
NAMES = ("arena", "roc", "transfer", "warning")


def make(domains=("energy", "finance"), entities=6, quarters=16, seeds=2, fail=0.4,
         models=("mlp",), seed=0, noise=0.05, **how):  # fmt: skip
    """Return SIGNALS and SCORES of natural runs.

    `how` maps signals to functions of (ln G one quarter later, rng) -> value; cos-drift
    and its ratio are the truth itself unless given. A share `fail` of quarters fails.
    """
    rng = np.random.default_rng(seed)
    periods = pd.period_range("2014Q1", periods=quarters, freq="Q").astype(str)
    named = {"domain": domains, "model": models, "seed": range(seeds)}
    named |= {"entity": [f"E{n}" for n in range(entities)], "period": periods}
    units = pd.MultiIndex.from_product(named.values(), names=named).to_frame(
        index=False
    )
    units["modality"] = "natural"
    bad = rng.uniform(size=len(units)) < fail
    value = np.where(bad, 0.8, 0.1) + noise * rng.normal(size=len(units))
    course = units.assign(value=value)
    keys = ["domain", "model", "seed", "entity"]
    ahead = course.groupby(keys)["value"].shift(-LEAD)
    ahead = np.where(ahead.isna(), rng.normal(0.3, 0.2, len(units)), ahead)
    forms = {"cos-drift": truth, "cos-drift-ratio": truth, "ks": useless} | how
    said = pd.concat(
        units.assign(signal=name, value=form(ahead, rng), axis="temporal")
        for name, form in forms.items()
    )
    return said[list(signals.SIGNALS.columns)], scores(course)


def noisy(spread):
    """Return a form that knows the truth but for noise."""
    return lambda ahead, rng: ahead + spread * rng.normal(size=len(ahead))


def judged(domains, models) -> dict[str, pd.DataFrame]:
    """Return the tables of an arena in which rivals win and one points backwards."""
    found = _judged(tuple(domains), tuple(models[:2]))
    return {name: table.copy() for name, table in found.items()}


@cache
def _judged(domains, models) -> dict[str, pd.DataFrame]:
    spread = dict(zip(signals.SIGNALS_BY_NAME, np.linspace(0.3, 2, 17), strict=False))
    forms = {name: noisy(size) for name, size in spread.items() if name != "dle"}
    forms |= {"mahalanobis": inverted, "untrained": noisy(0.2)}
    told = make(domains, models=models, entities=5, seeds=2, **forms)
    spec = SPEC | {"resamples": 20, "leads": [1]}
    cells = judge.cells(judge.domains(*told), spec)
    moved = transfer.transfer(cells, spec)
    found = (judge.table(cells, spec), judge.curves(cells), moved)
    return dict(zip(NAMES, (*found, claim.claim(cells, moved, spec)), strict=True))


def truth(ahead, rng):
    return ahead.copy()


def inverted(ahead, rng):
    return -ahead


def useless(ahead, rng):
    return rng.normal(size=len(ahead))


def constant(ahead, rng):
    return np.ones(len(ahead))


def scores(course: pd.DataFrame) -> pd.DataFrame:
    """Return SCORES of quarters, one value in every metric; all are skilled."""
    common = {"axis": "temporal", "slice": "", "count": 60, "status": "ok"}
    kinds = [("g_ratio", "seed"), ("g_ratio", "corr"), ("loses_to_naive", "corr")]
    parts = [
        course.assign(metric=metric, column=column, **common)
        for metric, column in kinds
    ]
    whole = course.drop_duplicates(["domain", "model", "seed", "entity"])
    whole = whole.assign(metric="loses_to_naive_id", column="info", **common)
    parts.append(whole.assign(period="", value=-0.2))
    return pd.concat(parts, ignore_index=True)[list(results.SCORES.columns)]
