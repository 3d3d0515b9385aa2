"""The variants in which a run is explained: methods of attribution, and controls."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import nn

from seqshift import checkpoints, perturbing
from seqshift.errors import choose
from seqshift.explaining import expect, integrate
from seqshift.statistics import blocks
from seqshift.windows import Windows

BASELINES = 32  # train windows whose mean effect GradientShap measures against
# What the windows of each role are a part of, for shuffles.
ERA = {
    **dict.fromkeys(("train", "spatial_test"), "reference"),
    **dict.fromkeys(("temporal_test", "spatiotemporal_test"), "test"),
}


@dataclass(frozen=True)
class Run:
    """A model with its description, all windows with their frame, and settings.

    `rule` is the domain's `attribution`; `seed` is that of every draw which all models
    of a domain share.
    """

    model: nn.Module
    meta: dict
    cut: Windows
    frame: pd.DataFrame
    spec: dict
    rule: dict
    seed: int

    def flags(self, names: list[str]) -> np.ndarray:
        """Return which features (feature,) are among these names."""
        return np.isin(self.spec["features"], names)

    def draw(self, *names: str) -> np.random.Generator:
        """Return the generator of a draw, the same for all runs of the domain."""
        return blocks.generator(self.seed, self.meta["domain"], *names)


@dataclass(frozen=True)
class Found:
    """Attributions (n, lags, feature) of windows, gaps of paths, points passed."""

    values: np.ndarray
    gaps: np.ndarray
    points: int


Variant = Callable[[Run, np.ndarray], Found]


def primary(run: Run, rows: np.ndarray) -> Found:
    """Integrate the gradients of the trained model, as finely as configured."""
    return _integrate(run, run.model, run.cut.take(rows), run.rule["steps"])


def gradient_shap(run: Run, rows: np.ndarray) -> Found:
    """Take gradients at random points from random train windows to the window."""
    rng = run.draw("gradient-shap")
    train = np.flatnonzero(run.frame["role"] == "train")
    drawn = rng.choice(train, min(BASELINES, len(train)), replace=False)
    steps, size = run.rule["steps"], run.rule["batch_size"]
    values = expect(
        run.model, run.cut.take(rows), run.cut.x[np.sort(drawn)], steps, size,
        int(rng.integers(2**32)),
    )  # fmt: skip
    return Found(values, np.array([]), len(rows) * steps)


def untrained(run: Run, rows: np.ndarray) -> Found:
    """Explain a network of the same architecture that has learnt nothing.

    Its weights are drawn from the run's seed, yet are not those that training began
    with: what training left of these would count for it.
    """
    seed = run.draw("untrained", str(run.meta["seed"])).integers(2**32)
    with torch.random.fork_rng():
        torch.manual_seed(int(seed))
        fresh = checkpoints.build(run.meta)
    fresh.to(next(run.model.parameters()).device)
    return _control(run, fresh, run.cut.take(rows))


def pooled(run: Run, rows: np.ndarray) -> Found:
    """Shuffle the exogenous paths of an entity over both eras (negative control)."""
    return _shuffled(run, rows, "pooled", np.where(_era(run) != "", "both", ""))


def within(run: Run, rows: np.ndarray) -> Found:
    """Shuffle the exogenous paths of an entity within each era."""
    return _shuffled(run, rows, "within", _era(run))


def shifted(amount: float) -> Variant:
    """Return the variant that adds `amount` z-units to every exogenous column."""

    def variant(run: Run, rows: np.ndarray) -> Found:
        columns, raw = run.flags(perturbing.exogenous(run.spec)), run.spec["raw"]
        names, train = run.frame["entity"].to_numpy(), _era(run) == "reference"
        unit = perturbing.units(run.cut, names, train, run.flags(raw))
        part = perturbing.shift(run.cut.take(rows), amount, columns, unit[rows])
        return _control(run, run.model, part)

    return variant


VARIANTS: dict[str, Variant] = {
    "ig": primary,
    "gradient-shap": gradient_shap,
    "untrained": untrained,
    "pooled": pooled,
    "within": within,
    "shift-0.5": shifted(0.5),
    "shift-1": shifted(1),
    "shift-2": shifted(2),
}


def load(name: str) -> Variant:
    """Return a variant.

    Raises
    ------
    BadInput
        If there is none of that name.
    """
    if name not in VARIANTS:
        raise choose("name in attribution.variants:", name, [*VARIANTS][1:])
    return VARIANTS[name]


def chosen(name: str, drawn: pd.DataFrame, seen: list[str]) -> np.ndarray:
    """Return which drawn rows (row,) a variant explains; the primary one all.

    The others explain the plain periods of seen entities; a shift those of every
    second reference year, the years between which stay as they are.
    """
    if name == "ig":
        return np.ones(len(drawn), bool)
    plain = (drawn["slice"] == "") & drawn["entity"].isin(seen)
    if not name.startswith("shift-"):
        return plain.to_numpy()
    past = drawn[plain & (drawn["role"] == "reference")]
    turn = past.groupby("entity")["year"].rank(method="dense")
    return drawn.index.isin(turn.index[turn % 2 == 0])


def _era(run: Run) -> np.ndarray:
    return run.frame["role"].map(ERA).fillna("").to_numpy().astype(str)


def _shuffled(run: Run, rows: np.ndarray, name: str, stratum: np.ndarray) -> Found:
    columns, rng = run.flags(perturbing.exogenous(run.spec)), run.draw(name)
    names = run.frame["entity"].to_numpy().astype(str)
    moved = perturbing.shuffle(run.cut, names, stratum, columns, rng)
    return _control(run, run.model, moved.take(rows))


def _control(run: Run, model: nn.Module, cut: Windows) -> Found:
    return _integrate(run, model, cut, run.rule["control_steps"])


def _integrate(run: Run, model: nn.Module, cut: Windows, steps: int) -> Found:
    values, gaps = integrate(model, cut, steps, run.rule["batch_size"])
    # The two ends take a forward each, together what a point of the path takes.
    return Found(values, gaps, len(cut) * (steps + 1))
