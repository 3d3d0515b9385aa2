"""Warning signals on simulated worlds whose truth is known, beside expected figures.

Run `PYTHONPATH=src:tests/support python benchmarks/arena.py [SEEDS] [KIND ...]`. An MLP
is trained per seed on the years before the shift, which are the same in every world; a
unit is a seed, an entity and a world. Its signal is the mean over test quarters, its
label the pre-registered G of the whole test era above 1.5. Printed is the AUROC of each
signal within sets of worlds, with the expectation in brackets where there is one.
Nothing asserts a figure.
"""

import sys

import numpy as np
import pandas as pd
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
from seqshift.drift import explained, quarters
from seqshift.metrics.score import score
from seqshift.schemas.signals import SIGNALS_BY_NAME
from seqshift.signals import inputs, measure

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
# AUROC of the energy worlds with 4 seeds and yearly windows, in the order of SETS.
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
    forecasts, scores, drift = (
        pd.concat([one[place] for one in runs]) for place in range(3)
    )
    cut, frame = data.cut(*inputs.ROLES)
    found = inputs.assemble(cut.x[:, -1], frame, forecasts)
    keys = {"domain": kind, "modality": "natural", "model": "mlp"}
    read = {seed: one[3] for seed, one in enumerate(runs)}
    table = measure.measure(found, scores, drift, read, keys, SPEC)
    mean = table.groupby(["seed", "entity", "signal"])["value"].mean().reset_index()
    whole = (scores["metric"] == "g_ratio") & (scores["column"] == "seed")
    whole &= (scores["period"] == "") & (scores["axis"] == "temporal")
    ratio = scores[whole].set_index(["seed", "entity"])["value"].rename("ratio")
    return mean.join(ratio, on=["seed", "entity"]).assign(shift=shift)


def run(data: dataset.Dataset, kind: str, seed: int) -> tuple:
    """Return forecasts, scores, quarters and attributions of one seed."""
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
    drift = quarters.quarters(explained.read(values), truth.DRIFT)
    return forecasts, scores, drift, values


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
