"""Integrated gradients: windows per second, and what they cost beside training.

    PYTHONPATH=src python benchmarks/attribution.py [MODELS]

First figure: seqshift's batched path integrals against captum's IntegratedGradients
called as its documentation does, with its defaults (50 points, Gauss-Legendre, no
internal batch), for one window after the other (one date after the other for the model
that looks across entities). Both explain the same windows of the same model with the
same points, and their attributions are compared first.

Second figure: all attributions of all seeds of the demo's energy domain, as many points
as the configuration makes them, against one training epoch of one seed. The time of a
point is measured on the windows of quarters at the demo's number of points a path.

Models have the demo's sizes; windows are random numbers. Sides take turns in one
process, round after round; printed are the median ratio within a round, the smallest
and the largest. One thread; seconds are those of the processor, so that other jobs of
the machine count for less. Nothing asserts a figure.
"""

import argparse
import contextlib
import io
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import yaml
from captum.attr import IntegratedGradients
from torch import nn

from seqshift import batching, eras, explaining, registry, training, workload
from seqshift.windows import Shape, Windows

CONFIG = yaml.safe_load(
    (Path(__file__).parents[1] / "config/config.yaml").read_text(encoding="utf-8")
)
DOMAIN = CONFIG["domains"]["energy"]
RULE = DOMAIN["attribution"]
LAGS, FEATURES, ENTITIES = DOMAIN["window"]["lags"], len(DOMAIN["features"]), 8
SHAPE = Shape(LAGS, FEATURES, 4, ENTITIES + 1, horizons=1, outputs=1)
MODELS = CONFIG["experiments"]["main"]["models"]
SEEDS = CONFIG["experiments"]["main"]["seeds"]
POINTS = 50  # captum's default


def windows(dates: int, entities: int = ENTITIES) -> Windows:
    """Return random windows of all entities on so many dates."""
    draw, rows = np.random.default_rng(0), dates * entities
    date = np.repeat(np.arange(dates) + LAGS, entities)
    return Windows(
        x=draw.normal(size=(rows, LAGS, FEATURES)).astype(np.float32),
        day=(date[:, None] + np.arange(LAGS) - LAGS + 1).astype(np.int32),
        entity=np.tile(np.arange(entities) + 1, dates),
        date=date.astype(np.int64),
        target=draw.normal(size=(rows, 1)).astype(np.float32),
    )


def build(name: str) -> nn.Module:
    torch.manual_seed(0)
    spec = CONFIG["models"][name] | {"entity_dropout": 0.0}
    return registry.load("models", spec["kind"]).Model(SHAPE, spec).eval()


def seconds(call: Callable) -> tuple[float, object]:
    """Return the processor's seconds of a call, and its result."""
    start = time.process_time()
    found = call()
    return time.process_time() - start, found


def one_by_one(model: nn.Module, cut: Windows) -> np.ndarray:
    """Return attributions as a loop over captum's defaults finds them."""
    data, found = cut.batch(), np.empty(cut.x.shape, np.float32)
    size = ENTITIES if model.by_date else 1
    for rows in torch.arange(len(cut)).split(size):
        x, *fixed = batching.rows(data, rows).inputs()

        def output(x, *fixed):
            count = len(x) // size
            *rest, _ = fixed
            group = torch.arange(count).repeat_interleave(size)  # a point is a date
            return model(x, *rest, group)[:, 0, 0]

        method = IntegratedGradients(output)
        values = method.attribute(x, additional_forward_args=tuple(fixed))
        found[rows.numpy()] = values.detach().numpy()
    return found


def against_captum(name: str, rounds: int) -> tuple[float, np.ndarray]:
    """Return our windows per second, and the ratio of each round."""
    few, many = windows(8), windows(96)
    ours, ratios = [], []
    for turn in range(rounds + 1):
        model = build(name)
        theirs, expected = seconds(lambda m=model: one_by_one(m, few))
        own, _ = seconds(
            lambda m=model: explaining.integrate(m, many, POINTS, RULE["batch_size"])
        )
        if turn:  # the first one warms up
            ours.append(len(many) / own)
            ratios.append(ours[-1] / (len(few) / theirs))
    found, _ = explaining.integrate(model, few, POINTS, RULE["batch_size"])
    np.testing.assert_allclose(found, expected, atol=1e-5 * np.abs(expected).max())
    return float(np.median(ours)), np.array(ratios)


def epoch(name: str) -> float:
    """Return the processor's seconds of a training epoch of the demo."""
    seen = len(DOMAIN["entities"]["seen"])
    data = windows(eras.days_of(DOMAIN).train, seen)
    values = CONFIG["training"] | {"epochs": 3, "patience": 3, "device": "cpu"}
    stamps = []
    with contextlib.redirect_stdout(io.StringIO()):
        training.fit(
            data, data.take(np.arange(seen)), SHAPE, CONFIG["models"][name], values,
            0, None, None, "", on_epoch=lambda *_: stamps.append(time.process_time()),
        )  # fmt: skip
    return (stamps[-1] - stamps[0]) / (len(stamps) - 1)


def against_training(name: str, rounds: int) -> tuple[np.ndarray, np.ndarray]:
    """Return what all seeds cost in epochs: the plain attributions, all variants."""
    run = {"domain": "energy", "modality": "natural", "model": name}
    plain = DOMAIN | {"attribution": RULE | {"variants": []}}
    points = [
        workload.expected(CONFIG | {"domains": {"energy": domain}}, "attribute", run)
        for domain in (plain, DOMAIN)
    ]
    cut, ratios = windows(72), []
    for _ in range(rounds):
        model = build(name)
        spent, _ = seconds(
            lambda m=model: explaining.integrate(
                m, cut, RULE["steps"], RULE["batch_size"]
            )
        )
        each = spent / (len(cut) * (RULE["steps"] + 1))
        cost = epoch(name)
        ratios.append([len(SEEDS) * work.windows * each / cost for work in points])
    return tuple(np.array(ratios).T)


def spread(ratios: np.ndarray, digits: int = 1) -> str:
    low, middle, high = np.quantile(ratios, [0, 0.5, 1])
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def machine():
    """Print what the figures depend on."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = {line.partition(": ")[2] for line in lines if line.startswith("model name")}
    print(f"{', '.join(names)}, {os.cpu_count()} cores, torch {torch.__version__}")
    print(f"1 thread, batches of {RULE['batch_size']} points, load", end=" ")
    print(f"{os.getloadavg()[0]:.1f}\n", flush=True)


def main():
    """Print the table of the chosen models."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", default=MODELS, help=", ".join(MODELS))
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    machine()
    print("| model | windows/s | times captum's loop | ig, all seeds | all variants |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name in chosen.models:
        rate, faster = against_captum(name, chosen.rounds)
        plain, every = against_training(name, chosen.rounds)
        cells = [name, f"{rate:,.0f}", spread(faster), spread(plain), spread(every)]
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
