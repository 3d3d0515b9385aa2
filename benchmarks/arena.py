"""Warning signals on simulated worlds whose truth is known, beside expected figures.

Run `PYTHONPATH=src:tests/support python benchmarks/arena.py [SEEDS] [KIND ...]`. An MLP
is trained per seed on the years before the shift, which are the same in every world; a
unit is a seed, an entity and a world. The whole test era is one window, compared with
all train windows, and its label is the pre-registered G above 1.5. Printed is the AUROC
of each signal within sets of worlds, the expectation in brackets where there is one.
Nothing asserts a figure.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr
from sklearn.metrics import roc_auc_score

import truth
from seqshift import (
    attribution,
    dataset,
    forecasting,
    registry,
    scaling,
    splits,
    training,
)
from seqshift.drift import axes, explained
from seqshift.metrics.score import score
from seqshift.schemas.signals import SIGNALS_BY_NAME
from seqshift.signals import classifier, explanations, inputs, measure

SHIFTS = ("none", "covariate", "concept", "both", "noise")
SETS = {
    "none+cov+both": ("none", "covariate", "both"),
    "none+concept": ("none", "concept"),
    "none+noise": ("none", "noise"),
    "cov+concept": ("covariate", "concept"),
    "cov+noise": ("covariate", "noise"),
    "all": SHIFTS,
}
SPEC = {"penalty": 5, "bins": 10, "samples": 256, "shrinkage": 0.1, "seed": 0}
# AUROC of the energy worlds with 4 seeds, in the order of SETS.
EXPECTED = {
    "cos-drift": (0.79, 0.82, 0.96, 0.09, 0.05, 0.58),
    "ndcg": (0.80, 0.81, 0.80, 0.18, 0.12, 0.59),
    "explanation-c2st": (0.95, 1.0, 0.85, 0.63, 0.03, 0.73),
    "input-c2st": (0.99, 1.0, 0.95, 0.78, 0.01, 0.79),
    "ks": (0.88, 0.94, 0.62, 0.03, 0.0, 0.56),
    "psi": (0.91, 1.0, 0.86, 0.08, 0.0, 0.63),
    "mmd": (0.99, 1.0, 0.79, 0.51, 0.0, 0.71),
    "prediction-ks": (0.80, 0.99, 0.65, 0.49, 0.08, 0.63),
    "mahalanobis": (0.96, 1.0, 0.99, 0.05, 0.0, 0.66),
    "disagreement": (0.92, 0.91, 0.97, 0.35, 0.12, 0.70),
    "dle": (0.64, 0.49, 0.57, 0.35, 0.37, 0.51),
    "untrained": (0.87, 0.99, 0.97, 0.18, 0.03, 0.65),
}


def world(kind: str, shift: str, seeds: int) -> pd.DataFrame:
    """Return seed, entity, signal, value and ln G of one world."""
    extra = truth.MARKET if kind == "market" else truth.GRID
    made = registry.load("simulate", kind).make(
        truth.WORLD | extra | {"kind": kind, "shift": shift}
    )
    features, spec = getattr(truth, kind)(made)
    spec["attribution"] |= {"steps": 16, "variants": ["untrained"]}
    roles = splits.roles(splits.make(features, spec), features)
    scaler = scaling.fit_scaler(features, roles, spec)
    data = dataset.Dataset(features, roles, scaler, spec)
    runs = [run(data, kind, seed) for seed in range(seeds)]
    forecasts, scores = (pd.concat([one[at] for one in runs]) for at in range(2))
    cut, frame = data.cut(*inputs.ROLES)
    found = inputs.assemble(cut.x[:, -1], frame, forecasts)
    era = replace(found, period=found.role, season=np.ones(len(found.role), int))
    table = [*measure.compared(era, SPEC)]
    for seed, one in enumerate(runs):
        table += [(seed, *row) for row in of_attributions(one[2])]
    table = pd.DataFrame(table, columns=measure.COLUMNS)
    whole = (scores["metric"] == "g_ratio") & (scores["column"] == "seed")
    whole &= (scores["period"] == "") & (scores["axis"] == "temporal")
    ratio = scores[whole].set_index(["seed", "entity"])["value"].rename("ratio")
    return table.join(ratio, on=["seed", "entity"]).assign(shift=shift)


def of_attributions(values: xr.Dataset) -> Iterator[tuple]:
    """Yield entity, period, signal, value of what attributions say of the test era."""
    run = explained.read(values)
    drift = axes.measure(run, truth.DRIFT).query("axis == 'temporal'")
    for name, variant, column in (
        ("cos-drift", "ig", "drift"),
        ("cos-drift-z", "ig", "z"),
        ("untrained", "untrained", "drift"),
    ):
        for row in drift[drift["variant"] == variant].itertuples():
            yield row.entity, "temporal_test", name, getattr(row, column)
    yearly = explained.years(run, explained.flat(run.magnitude["ig"]))
    shape = len(run.lags), len(run.features)
    names = values["sample_entity"].to_numpy().astype(str)
    late = values["sample_role"].to_numpy() == "test"
    year = values["sample_date"].dt.year.to_numpy()
    rows = values["explained"].transpose("sample", "feature").to_numpy().astype(float)
    for at, entity in enumerate(run.entities):
        sides = [yearly.of(at, role).mean(axis=0) for role in ("reference", "test")]
        sides = [side.reshape(shape).sum(axis=0) for side in sides]
        own = names == entity
        x, y = rows[own & ~late], rows[own & late]
        told = classifier.c2st(x, y, year[own & ~late], SPEC["penalty"])
        yield entity, "temporal_test", "ndcg", explanations.ndcg(*sides)
        yield entity, "temporal_test", "explanation-c2st", told


def run(data: dataset.Dataset, kind: str, seed: int) -> tuple:
    """Return forecasts, scores and attributions of one seed."""
    fit = training.fit(
        data.windows("train"), data.windows("val"), data.shape, truth.MODEL,
        truth.TRAINING, seed, None, None, "",
    )  # fmt: skip
    model = registry.load("models", "mlp").Model(data.shape, truth.MODEL)
    model.load_state_dict(fit.state)
    model.eval()
    meta = {"domain": kind, "modality": "natural", "model": "mlp", "seed": seed}
    meta |= {"scaler": data.scaler, "entities": truth.ENTITIES, "quantiles": None}
    meta |= {"kind": "mlp", "spec": truth.MODEL, "shape": vars(data.shape)}
    tables = data.features, data.roles, data.spec
    forecasts = forecasting.forecast(model, meta, *tables)
    scores, _ = score(forecasts, data.spec, truth.STATISTICS)
    values = attribution.attribute(model, meta, *tables, truth.DRIFT)
    return forecasts, scores, values


def area(rows: pd.DataFrame) -> float:
    """Return the AUROC of ln G above ln 1.5, NaN with one class."""
    fine = rows[np.isfinite(rows["value"]) & np.isfinite(rows["ratio"])]
    fails = fine["ratio"] > np.log(1.5)
    return roc_auc_score(fails, fine["value"]) if fails.nunique() == 2 else np.nan


def show(kind: str, seeds: int):
    """Print the table of one kind of world."""
    units = pd.concat([world(kind, shift, seeds) for shift in SHIFTS])
    known = EXPECTED if kind == "grid" else {}
    lines = {}
    for signal in SIGNALS_BY_NAME:
        own = units[units["signal"] == signal]
        if own.empty:  # defined for quarters alone
            continue
        cells = []
        for place, shifts in enumerate(SETS.values()):
            value = area(own[own["shift"].isin(shifts)])
            hint = f" [{known[signal][place]:.2f}]" if signal in known else ""
            cells.append(f"{value:.2f}{hint}")
        lines[signal] = cells
    print(f"\n{kind}: {seeds} seeds x {len(truth.ENTITIES)} entities a world")
    print(pd.DataFrame(lines, index=list(SETS)).T.to_string())


if __name__ == "__main__":
    for name in sys.argv[2:] or ("grid", "market"):
        show(name, int(sys.argv[1]) if len(sys.argv) > 1 else 1)
