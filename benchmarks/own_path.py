"""What the shared path of a date costs in exactness: cross-entity attributions.

Run in a folder with a finished study:

    PYTHONPATH=src python benchmarks/own_path.py [RUN]

with RUN a folder such as results/energy/natural/cross-entity/seed=0. The pipeline moves
all windows of a date along one path and explains the sum of its outputs. The exact
question, how the forecast of one entity follows from its own window, moves that window
alone, the others held where they are. Both are computed here for two dates of every
month, and compared by entity: the cosine of their mean |attribution| in the train era,
and Cos-Drift between the eras. Nothing asserts a figure.
"""

import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import torch
import yaml
from captum.attr import IntegratedGradients
from scipy.stats import spearmanr
from torch import Tensor, nn

from seqshift import batching, checkpoints, dataset, explaining, windows

ERAS = ("train", "temporal_test")


def own_path(model: nn.Module, cut: windows.Windows, steps: int) -> np.ndarray:
    """Return IG (n, lags, feature) of each window, its date's others held fixed."""
    data, values = cut.batch(), np.empty(cut.x.shape, np.float32)
    for date in np.unique(cut.date):
        rows = np.flatnonzero(cut.date == date)
        part = batching.rows(data, torch.from_numpy(rows))
        for at, row in enumerate(rows):
            method = IntegratedGradients(
                lambda x, at=at, part=part: _one(model, part, at, x)
            )
            found = method.attribute(
                part.x[at : at + 1], n_steps=steps, method=explaining.METHOD
            )
            values[row] = found[0].numpy()
    return values


def _one(model: nn.Module, part: windows.Batch, at: int, x: Tensor) -> Tensor:
    """Return the forecasts (point,) of row `at`, whose windows are x."""
    points, size = len(x), len(part.x)
    full = part.x.repeat(points, 1, 1, 1)  # (point, row, lags, feature)
    full = torch.cat([full[:, :at], x[:, None], full[:, at + 1 :]], dim=1)
    fixed = (field.repeat(points, *[1] * (field.dim() - 1)) for field in
             (part.valid, part.calendar, part.entity))  # fmt: skip
    group = torch.arange(points).repeat_interleave(size)
    out = model(full.flatten(0, 1), *fixed, group).unflatten(0, (points, size))
    return out[:, at, :, (out.shape[-1] - 1) // 2].mean(dim=1)


def chosen(frame: pd.DataFrame) -> np.ndarray:
    """Return the rows (n,) of two dates of every month of both eras."""
    date = frame["date"].where(frame["role"].isin(ERAS))
    days = date.drop_duplicates().dropna().sort_values()
    months = days.groupby(days.dt.to_period("M"))
    kept = pd.concat([part.iloc[[0, len(part) // 2]] for _, part in months])
    return np.flatnonzero(frame["date"].isin(kept))


def main(run: Path):
    domain = run.parts[-4]
    model, meta = checkpoints.restore(run / "checkpoint.safetensors")
    root = run.parents[3]
    spec = yaml.safe_load((root / "config.yaml").read_text())["domains"][domain]
    paths = SimpleNamespace(
        features=root / domain / "features.parquet",
        splits=root / domain / "splits.json",
    )
    data = dataset.load(paths, spec, meta["scaler"])
    cut, frame = data.cut(*ERAS, "spatial_test", "spatiotemporal_test")
    rows = chosen(frame)
    cut, frame = cut.take(rows), frame.iloc[rows]
    steps = spec["attribution"]["steps"]
    shared, _ = explaining.integrate(model, cut, steps, 1024)
    kinds = {"shared": np.abs(shared), "own": np.abs(own_path(model, cut, steps))}
    table = []
    for entity in meta["entities"]:
        mine = (frame["entity"] == entity).to_numpy()
        means = {
            (kind, era): values[mine & (frame["role"] == era).to_numpy()]
            .mean(0)
            .ravel()
            for kind, values in kinds.items()
            for era in ERAS
        }
        drift = {kind: apart(*(means[kind, era] for era in ERAS)) for kind in kinds}
        alike = 1 - apart(means["shared", "train"], means["own", "train"])
        table.append({"entity": entity, "cosine": alike} | drift)
    table = pd.DataFrame(table)
    print(table.round(4).to_string(index=False))
    rank = spearmanr(table["shared"], table["own"]).statistic
    print(f"{frame['date'].nunique()} dates; rank correlation of the drifts {rank:.2f}")


def apart(a: np.ndarray, b: np.ndarray) -> float:
    """Return 1 - cosine."""
    return float(1 - a @ b / np.linalg.norm(a) / np.linalg.norm(b))


if __name__ == "__main__":
    main(Path(*sys.argv[1:] or ["results/energy/natural/cross-entity/seed=0"]))
