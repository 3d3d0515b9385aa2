"""Training speed of the five models at table size on the device at hand.

Run `PYTHONPATH=src python benchmarks/device.py OUT.csv`. Windows are random, of the
energy domain's shape (43 entities, 14 lags, 7 features), with a target that can be
learnt. Timed are the second and third epoch of `training.fit` and `together.fit`:
shuffling, forward, backward, clipping and optimiser. A row of OUT.csv is one model,
precision, batch size and way of training: alone; ten seeds together; and, alone without
CUDA graphs, launched and compiled:

windows_per_second  over all seeds; lowest and highest of the rounds beside it
epoch_seconds       of 188,000 windows of each seed
tflops, mfu         operations of `flops.forward` times three, and their share of the
                    device's peak at that precision
peak_gib            largest memory allocated on a GPU
val_mse             after the timed epochs, mean over seeds, squared z-units

Without a GPU it runs smaller on the CPU and says so.
"""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import torch
import yaml

from seqshift import flops, together, training
from seqshift.windows import Shape, Windows

ENTITIES, EPOCH, BATCH, ROUNDS = 43, 188_000, 256, 2
SHAPE = Shape(14, 7, 4, ENTITIES + 1, 1, 1)
PRECISIONS = ("float32", "tf32", "bfloat16")
# Dense peaks of the data sheets, TFLOP/s. float32 is that of the ordinary cores.
PEAKS = {
    "H100 80GB HBM3": {"float32": 66.9, "tf32": 494.7, "bfloat16": 989.4},
    "H200": {"float32": 66.9, "tf32": 494.7, "bfloat16": 989.4},
    "A100": {"float32": 19.5, "tf32": 156.0, "bfloat16": 312.0},
}
GPU = torch.cuda.is_available()
DATES = {"mlp": 2000} if GPU else {"mlp": 400}
FEW = 200 if GPU else 12


def specs() -> dict[str, dict]:
    """Return the models at the sizes of config/paper.yaml."""
    base, paper = (
        yaml.safe_load(Path(f"config/{name}.yaml").read_text())["models"]
        for name in ("config", "paper")
    )
    names = ("mlp", "lstm", "transformer", "cross-entity", "memory")
    return {name: base[name] | paper[name] for name in names}


def windows(dates: int, seed: int) -> Windows:
    """Return windows of every entity on every date with a learnable target."""
    draw = np.random.default_rng(seed)
    rows = dates * ENTITIES // 2048 * 2048 or dates * ENTITIES  # whole batches
    x = draw.normal(size=(rows, SHAPE.lags, SHAPE.features)).astype(np.float32)
    date = np.repeat(np.arange(dates), ENTITIES)[:rows]
    signal = np.tanh(x[:, -1, 0] + x[:, -7, 1]) + 0.5 * x[:, :, 2].mean(1)
    return Windows(
        x=x,
        day=(date[:, None] + np.arange(SHAPE.lags)).astype(np.int32),
        entity=np.tile(np.arange(1, ENTITIES + 1), dates)[:rows],
        date=date.astype(np.int64),
        target=(signal + 0.3 * draw.normal(size=rows)).astype(np.float32)[:, None],
    )


def measure(name: str, spec: dict, precision: str, how: str, batch: int) -> dict:
    """Time some epochs of one way of training and return a row of the table."""
    seeds = list(range(10)) if how == "together" else [0]
    train, val = windows(DATES.get(name, FEW), 0), windows(20, 1)
    values = {
        "patience": 9, "batch_size": batch, "learning_rate": 3e-4,
        "weight_decay": 0.01, "clip": 1.0, "entity_dropout": 0.1, "device": "auto",
        "threads": torch.get_num_threads(), "precision": precision,
        "compile": how == "compiled",
        "graphs": how not in ("launched", "compiled"),
    }  # fmt: skip

    def fits(epochs: int) -> list:
        rest = (train, val, SHAPE, spec, values | {"epochs": epochs})
        if how == "together":
            return together.fit(*rest, seeds, None, None, "")
        return [training.fit(*rest, 0, None, None, "")]

    fits(1)
    if GPU:
        torch.cuda.reset_peak_memory_stats()
    speeds, losses = [], []
    for _ in range(ROUNDS):
        short, long = fits(1), fits(3)
        # Both have what only a first epoch has: warm-up and recording.
        seconds = sum(fit.seconds for fit in long) - sum(fit.seconds for fit in short)
        speeds.append(2 * len(train) * len(seeds) / seconds)
        losses = [fit.val_loss for fit in long]
    return row(name, spec, precision, how, batch, len(seeds), speeds, losses)


def row(name, spec, precision, how, batch, seeds, speeds, losses) -> dict:
    """Return a row of the table."""
    speed = float(np.median(speeds))
    count = flops.forward(spec, SHAPE, ENTITIES)
    rate = 3 * (count.window + count.batch / batch) * speed / 1e12
    device = torch.cuda.get_device_name() if GPU else "CPU"
    peak = next((v for k, v in PEAKS.items() if k in device), {}).get(precision)
    return {
        "device": device, "torch": torch.__version__, "model": name,
        "precision": precision, "how": how, "batch": batch, "seeds": seeds,
        "windows_per_second": round(speed), "lowest": round(min(speeds)),
        "highest": round(max(speeds)), "epoch_seconds": EPOCH * seeds / speed,
        "tflops": rate, "mfu": rate / peak if peak else np.nan,
        "peak_gib": torch.cuda.max_memory_allocated() / 2**30 if GPU else np.nan,
        "val_mse": float(np.mean(losses)),
    }  # fmt: skip


def product(precision: str) -> float:
    """Return the TFLOP/s of a large square matrix product, the reachable ceiling."""
    torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
    kind = torch.bfloat16 if precision == "bfloat16" else torch.float32
    size = 8192 if GPU else 1024
    a, b = (
        torch.randn(size, size, dtype=kind).to("cuda" if GPU else "cpu") for _ in "ab"
    )
    times = []
    for _ in range(8):
        start = time.perf_counter()
        a @ b
        if GPU:
            torch.cuda.synchronize()
        times.append(time.perf_counter() - start)
    return 2 * size**3 / float(np.median(times[2:])) / 1e12


def ways() -> list[tuple[str, str, str, int]]:
    """Return model, precision, way and batch size of every measurement."""
    names, stackable = list(specs()), ("mlp", "transformer", "memory")
    if not GPU:
        return [(n, p, "alone", BATCH) for p in ("float32", "bfloat16") for n in names]
    chosen = [(name, p, "alone", BATCH) for p in PRECISIONS for name in names]
    chosen += [(n, p, "together", BATCH) for p in PRECISIONS[:2] for n in stackable]
    chosen += [(name, "float32", "launched", BATCH) for name in names]
    chosen += [(name, "tf32", "alone", 2048) for name in names]
    for name in ("mlp", "transformer"):
        chosen.append((name, "bfloat16", "compiled", BATCH))
    return chosen


def main():
    """Measure every way in turn and write the table after each."""
    found, models = [], specs()
    if not GPU:
        print("no GPU at hand: this runs on the CPU", flush=True)
    for precision in PRECISIONS:
        print(f"matrix product, {precision}: {product(precision):.1f} TFLOP/s")
    for name, precision, how, batch in ways():
        try:
            found.append(measure(name, models[name], precision, how, batch))
        except RuntimeError as error:
            print(f"{name}, {precision}, {how}: {str(error)[:300]}", flush=True)
            continue
        keys = ("windows_per_second", "tflops", "mfu", "peak_gib", "val_mse")
        shown = ", ".join(f"{key} {found[-1][key]:.4g}" for key in keys)
        print(f"{name}, {precision}, {how}, batch {batch}: {shown}", flush=True)
        pd.DataFrame(found).to_csv(sys.argv[1], index=False, float_format="%.6g")


if __name__ == "__main__":
    main()
