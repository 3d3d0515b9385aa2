"""Training windows per second: seqshift, a DataLoader of samples, neuralforecast.

Build the environment once with `make benchmark-env`, then run

    PYTHONPATH=src .venv-benchmark/bin/python benchmarks/training.py

All sides train on the same windows (14 lags, 11 inputs) in batches of 256 on the CPU,
in turn, in one process, round after round; the figures are the ratios of their speeds
within a round: median, smallest and largest. The first epoch of each training warms up
and is not counted. With one thread, seconds are those of the processor, so that other
jobs of the machine count for less. Nothing asserts a figure.

neuralforecast runs without logger, checkpoint, progress bar, validation and gradient
clipping, with hidden sizes that give as many weights; only its training steps are
timed. Its transformer has a decoder (one layer, 8 tokens), so more weights, and takes
all inputs as known ahead.
It cuts windows from whole series at every step, hence two figures: `lean`, in its
favour, has one series of exactly 256 windows a step; `usual` has 8 long series and its
default of 32 series a step. Without the package they are left out.
"""

import argparse
import contextlib
import importlib.util
import io
import logging
import os
import time
import warnings
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from seqshift import registry, training
from seqshift.layers import heads
from seqshift.layers.embeddings import CALENDAR_WIDTH, encode_calendar
from seqshift.windows import Batch, Shape, Windows, calendar

SIZE, LAGS, FEATURES = 256, 14, 7
TRAINING = {
    "epochs": 2,
    "patience": 2,
    "batch_size": SIZE,
    "learning_rate": 0.001,
    "weight_decay": 0.01,
    "clip": 1.0,
    "entity_dropout": 0.1,
    "device": "cpu",
    "compile": False,
    "graphs": True,
}
SMALL = {"embedding": 16, "dropout": 0.1}
PLAIN = {"embedding": 16, "dropout": 0.0}  # their MLP has no dropout
ENCODER = {"kind": "transformer", "positions": True, "calendar": "rows", **SMALL}
# Name: batches an epoch, the spec here, the class and its sizes there.
CASES = {
    "mlp-demo": (
        80,
        {"kind": "mlp", "widths": [64, 32], **PLAIN},
        ("MLP", {"num_layers": 2, "hidden_size": 60}),
    ),
    "mlp-study": (  # as many windows as the load study has
        734,
        {"kind": "mlp", "widths": [64, 32], **PLAIN},
        ("MLP", {"num_layers": 2, "hidden_size": 60}),
    ),
    "mlp": (
        80,
        {"kind": "mlp", "widths": [512, 432], **PLAIN},
        ("MLP", {"num_layers": 2, "hidden_size": 484}),
    ),
    "lstm-demo": (
        80,
        {"kind": "lstm", "width": 32, "layers": 2, "projection": 0, **SMALL},
        ("LSTM", {"encoder_n_layers": 2, "encoder_hidden_size": 35}),
    ),
    "lstm-512": (
        2,
        {"kind": "lstm", "width": 512, "layers": 2, "projection": 0, **SMALL},
        ("LSTM", {"encoder_n_layers": 2, "encoder_hidden_size": 512}),
    ),
    "transformer-demo": (
        80,
        {"width": 32, "heads": 4, "layers": 2, "feedforward": 64, **ENCODER},
        (
            "VanillaTransformer",
            {"hidden_size": 32, "n_head": 4, "encoder_layers": 2}
            | {"conv_hidden_size": 64},
        ),
    ),
    "transformer-6l": (
        2,
        {"width": 256, "heads": 8, "layers": 6, "feedforward": 2048, **ENCODER},
        (
            "VanillaTransformer",
            {"hidden_size": 256, "n_head": 8, "encoder_layers": 6}
            | {"conv_hidden_size": 2048},
        ),
    ),
}
THEIRS = {
    "LSTM": {"encoder_dropout": 0.1, "decoder_layers": 1, "scaler_type": "identity"},
    "VanillaTransformer": {"dropout": 0.1, "decoder_layers": 1},
    "MLP": {},
}
SILENT = ("logger", "enable_checkpointing", "enable_progress_bar")
RATIOS = [
    ("float32", "loader"),
    ("float32", "lean"),
    ("float32", "usual"),
    ("bfloat16", "float32"),
    ("bfloat16", "lean"),
    ("bfloat16", "lean bfloat16"),
]


class Panel:
    """Random series as windows and as a table; `batches` of windows together."""

    def __init__(self, series: int, batches: int):
        self.batches, self.each = batches, SIZE * batches // series
        self.days = self.each + LAGS
        draw = np.random.default_rng(0)
        shape = (series, self.days, FEATURES)
        self.values = draw.normal(size=shape).astype(np.float32)
        self.shape = Shape(LAGS, FEATURES, 4, series + 1, horizons=1, outputs=1)

    def windows(self) -> Windows:
        """Cut every window of all series."""
        series, rows = len(self.values), SIZE * self.batches
        start = np.arange(self.each)[:, None] + np.arange(LAGS)  # (window, time)
        date = np.tile(np.arange(self.each) + LAGS, series)
        return Windows(
            x=self.values[:, start].reshape(rows, LAGS, FEATURES),
            day=np.tile(start + 1, (series, 1)).astype(np.int32),
            entity=np.repeat(np.arange(series) + 1, self.each),
            date=date.astype(np.int64),
            target=self.values[:, LAGS:, 0].reshape(rows, 1),
        )

    def table(self) -> pd.DataFrame:
        """Return the same series as neuralforecast reads them, calendar included."""
        series = len(self.values)
        fields = torch.from_numpy(calendar(np.arange(1, self.days + 1)))
        turns = encode_calendar(fields, torch.ones(self.days, dtype=torch.bool))
        turns = np.broadcast_to(turns, (series, self.days, CALENDAR_WIDTH))
        columns = np.concatenate((self.values, turns), -1).reshape(
            -1, FEATURES + CALENDAR_WIDTH
        )
        others = [f"x{number}" for number in range(1, columns.shape[1])]
        frame = pd.DataFrame(columns, columns=["y", *others])
        frame["unique_id"] = np.repeat(np.arange(series), self.days)
        frame["ds"] = np.tile(pd.date_range("2000-01-01", periods=self.days), series)
        return frame


class Samples(Dataset):
    """One window at a time, as a data set class usually serves it."""

    def __init__(self, data: Batch):
        self.data = data

    def __len__(self) -> int:
        return len(self.data.group)

    def __getitem__(self, row: int) -> tuple:
        return *(tensor[row] for tensor in self.data.inputs()), self.data.target[row]


class Clock:
    """The ends of epochs."""

    def __init__(self, threads: int):
        self.now = time.process_time if threads == 1 else time.perf_counter
        self.stamps: list[float] = []

    def note(self, *_):
        self.stamps.append(self.now())

    def rate(self, windows: int) -> float:
        """Return windows per second between the ends of the first and last epoch."""
        return windows * (len(self.stamps) - 1) / (self.stamps[-1] - self.stamps[0])


def ours(panel: Panel, spec: dict, threads: int, precision: str) -> tuple[float, int]:
    data, clock = panel.windows(), Clock(threads)
    values = TRAINING | {"threads": threads, "precision": precision}
    rest = (panel.shape, spec, values, 0, None, None, "", clock.note)
    with contextlib.redirect_stdout(io.StringIO()):
        fit = training.fit(data, data.take(np.arange(16)), *rest)
    return clock.rate(len(data)), weights(fit.state)


def loader(panel: Panel, spec: dict, threads: int) -> tuple[float, int]:
    free(threads)
    data, clock = panel.windows().batch(), Clock(threads)
    model = registry.load("models", spec["kind"]).Model(
        panel.shape, {"entity_dropout": TRAINING["entity_dropout"], **spec}
    )
    optimiser = torch.optim.AdamW(model.parameters(), lr=TRAINING["learning_rate"])
    for _ in range(TRAINING["epochs"]):
        for *inputs, target in DataLoader(Samples(data), SIZE, shuffle=True):
            loss = heads.loss(model(*inputs), target, None)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), TRAINING["clip"])
            optimiser.step()
        clock.note()
    return clock.rate(len(data.group)), weights(model.state_dict())


def free(threads: int):
    """Undo what `training.fit` demands of the process, repeatable algorithms."""
    torch.use_deterministic_algorithms(False)
    torch.set_num_threads(threads)


def theirs(
    panel: Panel, sizes: tuple[str, dict], threads: int, precision: str, series: int
) -> tuple[float, int]:
    from neuralforecast import models
    from neuralforecast.losses.pytorch import MSE
    from neuralforecast.tsdataset import TimeSeriesDataset
    from pytorch_lightning.callbacks import LambdaCallback

    free(threads)
    torch.manual_seed(0)
    kind, own = sizes
    clock, table = Clock(threads), panel.table()
    steps = panel.batches

    def note(trainer, *_):
        if trainer.global_step % steps == 0:
            clock.note()

    known = "futr_exog_list" if kind == "VanillaTransformer" else "hist_exog_list"
    model = getattr(models, kind)(
        h=1,
        input_size=LAGS,
        loss=MSE(),
        max_steps=TRAINING["epochs"] * steps,
        batch_size=series,
        windows_batch_size=SIZE,
        learning_rate=TRAINING["learning_rate"],
        callbacks=[LambdaCallback(on_train_batch_end=note)],
        accelerator="cpu",
        precision=precision,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        **{known: [name for name in table if name.startswith("x")]},
        **THEIRS[kind] | own | dict.fromkeys(SILENT, False),
    )
    model.fit(TimeSeriesDataset.from_df(table)[0])
    return clock.rate(SIZE * steps), weights(model.state_dict())


def weights(state: dict[str, torch.Tensor]) -> int:
    return sum(tensor.numel() for tensor in state.values())


def sides(case: str, threads: int) -> dict:
    """Return {name: function that trains; windows per second, number of weights}."""
    batches, spec, sizes = CASES[case]
    lean, usual = Panel(batches, batches), Panel(8, batches)
    found = {
        "float32": partial(ours, lean, spec, threads, "float32"),
        "bfloat16": partial(ours, lean, spec, threads, "bfloat16"),
        "loader": partial(loader, lean, spec, threads),
    }
    if importlib.util.find_spec("neuralforecast"):
        for side, panel, precision, series in (
            ("lean", lean, "32-true", 1),
            ("usual", usual, "32-true", 32),
            ("lean bfloat16", lean, "bf16-mixed", 1),
        ):
            found[side] = partial(theirs, panel, sizes, threads, precision, series)
    return found


def compare(case: str, rounds: int, threads: int) -> pd.DataFrame:
    """Run all sides in turn, print speeds and ratios, return a row for each round."""
    found = sides(case, threads)
    print(f"\n{case}", flush=True)
    turns = [{side: train() for side, train in found.items()} for _ in range(rounds)]
    table = pd.DataFrame([{k: rate for k, (rate, _) in turn.items()} for turn in turns])
    for side, (_, count) in turns[0].items():
        speed = f"{table[side].median():10,.0f} windows/s"
        print(f"  {side:14s} {speed}, {count:,} weights")
    for one, other in RATIOS:
        if other in table:
            each = table[one] / table[other]
            spread = f"{each.min():.2f} to {each.max():.2f}"
            print(f"  {one} / {other}: {each.median():.2f} ({spread})", flush=True)
    return table.assign(case=case, threads=threads)


def machine(threads: int):
    """Print what the figures depend on."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    facts = {name.strip(): text for name, _, text in (x.partition(": ") for x in lines)}
    flags = sorted({"avx512f", "avx512_bf16", "amx_bf16"} & {*facts["flags"].split()})
    print(f"{facts['model name']}, {os.cpu_count()} cores, {' '.join(flags)}")
    print(f"torch {torch.__version__}, {threads} thread(s), batch {SIZE}, {LAGS} lags")
    print(f"load average {os.getloadavg()[0]:.1f}", flush=True)


def main():
    """Print speeds and ratios of the chosen cases."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", default=[*CASES], help=", ".join(CASES))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", help="also write every round to this CSV file")
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    machine(chosen.threads)
    tables = [compare(case, chosen.rounds, chosen.threads) for case in chosen.cases]
    if chosen.out:
        pd.concat(tables).to_csv(chosen.out, index=False)


if __name__ == "__main__":
    main()
