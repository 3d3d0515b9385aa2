"""Validation error after training in float32 and in bfloat16, over seeds.

Run `PYTHONPATH=src python benchmarks/precision.py [SEEDS]`. The target is a known
function of the window plus noise, so the least possible error is known: its noise. Each
seed is trained in both precisions from the same weights on the same order of windows.
Printed are the mean and the standard deviation over seeds, and the mean difference of
pairs with its 95 % t-interval. Nothing asserts a figure.
"""

import contextlib
import io
import sys

import numpy as np
from scipy import stats

from seqshift import training
from seqshift.windows import Shape, Windows

ROWS, LAGS, FEATURES, NOISE = 5_120, 14, 7, 0.5
SHAPE = Shape(LAGS, FEATURES, calendar=4, entities=9, horizons=1, outputs=1)
SMALL = {"embedding": 16, "dropout": 0.1}
MODELS = {
    "mlp": {"kind": "mlp", "widths": [512, 432], **SMALL},
    "lstm": {"kind": "lstm", "width": 32, "layers": 2, "projection": 0, **SMALL},
    "transformer": {
        "kind": "transformer",
        "width": 32,
        "heads": 4,
        "layers": 2,
        "feedforward": 64,
        "positions": True,
        "calendar": "rows",
        **SMALL,
    },
}
TRAINING = {
    "epochs": 10,
    "patience": 3,
    "batch_size": 256,
    "learning_rate": 0.001,
    "weight_decay": 0.01,
    "clip": 1.0,
    "entity_dropout": 0.1,
    "device": "cpu",
    "threads": 1,
    "compile": False,
    "graphs": True,
}


def windows() -> tuple[Windows, Windows]:
    """Return windows to train on and to validate on."""
    draw = np.random.default_rng(0)
    x = draw.normal(size=(ROWS, LAGS, FEATURES)).astype(np.float32)
    entity = draw.integers(1, SHAPE.entities, ROWS)
    date = draw.integers(0, 3000, ROWS)
    weekly = np.sin(2 * np.pi * date / 7)
    signal = np.tanh(x[:, -1, 0] + x[:, -2, 1] * x[:, -1, 2]) + 0.5 * weekly
    signal += 0.5 * x[:, -7:, 3].mean(1) + 0.2 * (entity % 3)
    target = (signal + NOISE * draw.normal(size=ROWS)).astype(np.float32)
    day = (date[:, None] - LAGS + 1 + np.arange(LAGS)).astype(np.int32)
    both = Windows(x, day, entity, date, target[:, None])
    return both.take(np.arange(ROWS // 5, ROWS)), both.take(np.arange(ROWS // 5))


def error(sets: tuple[Windows, Windows], spec: dict, seed: int, precision: str):
    """Return the validation loss of the best epoch (mean squared error)."""
    values = TRAINING | {"precision": precision}
    with contextlib.redirect_stdout(io.StringIO()):
        fit = training.fit(*sets, SHAPE, spec, values, seed, None, None, "")
    return fit.val_loss


def main(seeds: int):
    """Print one line a model."""
    sets = windows()
    known = f"noise {NOISE**2:.4f}, variance of the target {sets[1].target.var():.4f}"
    print(f"mean squared error over {seeds} seeds; {known}", flush=True)
    for name, spec in MODELS.items():
        full, half = (
            np.array([error(sets, spec, seed, precision) for seed in range(seeds)])
            for precision in ("float32", "bfloat16")
        )
        gap = half - full
        margin = stats.t.ppf(0.975, seeds - 1) * stats.sem(gap)
        print(
            f"{name}: float32 {full.mean():.4f} (sd {full.std(ddof=1):.4f}), "
            f"bfloat16 {half.mean():.4f} (sd {half.std(ddof=1):.4f}), "
            f"difference {gap.mean():+.4f} [{gap.mean() - margin:+.4f}, "
            f"{gap.mean() + margin:+.4f}]",
            flush=True,
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
