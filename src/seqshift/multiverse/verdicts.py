"""Verdicts in every combination of settings, and how many of them agree."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pandas as pd
from scipy import stats

from seqshift.multiverse.effects import EVERY, Cell
from seqshift.schemas import planning, results
from seqshift.statistics import multiplicity, verdicts
from seqshift.statistics.effects import Effect, infer
from seqshift.statistics.tests import BREAK_EVEN

KEYS = [*results.RUN, "axis", "slice", "metric"]
# Setting: its levels, the configured one first; bars and folds depend on the study.
CHOICES = {
    "variance": ("p_period", "p_window"),
    "column": ("both", "seed", "corr"),
    "correction": ("bh", "by"),
}
DRIFT = "cos_drift"
IG = ("ig", "gradient-shap")  # baselines of the attributions: zero, train windows
Setting = dict[str, str]


def table(cells: dict[tuple, dict], drift: pd.DataFrame, statistics: dict):
    """Return the table SENSITIVITY.

    One row a cell for all combinations of settings, and one for each setting that is
    moved alone while the others stay as configured. q is adjusted anew in each.

    Parameters
    ----------
    cells
        `Cell` by (era, entities), then by (domain, modality, model, axis, slice,
        metric).
    drift
        DRIFT of the same runs.
    statistics
        `alpha`, `thresholds` and `sensitivity`: `folds`, and lists of `thresholds`
        whose n-th places are one level, named after the first metric's. The configured
        ones must be a level.
    """
    frames = [pd.DataFrame(_errors(cells, statistics))]
    runs = pd.MultiIndex.from_tuples({key[:3] for own in cells.values() for key in own})
    drift = drift[pd.MultiIndex.from_frame(drift[[*results.RUN]]).isin(runs)]
    if len(drift):
        frames.append(pd.DataFrame(_drifts(drift, statistics)))
    rows = [
        row
        for frame in frames
        for key, part in frame.groupby(KEYS, sort=True)
        for row in _summary(dict(zip(KEYS, key, strict=True)), part)
    ]
    schema = planning.SENSITIVITY
    return schema.validate(pd.DataFrame(rows)[list(schema.columns)])


def _errors(cells: dict, statistics: dict) -> Iterator[dict]:
    """Yield the verdict of every cell in every combination of settings."""
    bars = statistics["sensitivity"]["thresholds"]
    first = next(iter(bars))
    plain = {name: one[0] for name, one in CHOICES.items()}
    plain |= {"threshold": f"{statistics['thresholds'][first]:g}"}
    plain |= {"test era": "as configured", "entities": EVERY}
    places = product(cells.items(), enumerate(bars[first]), CHOICES["variance"])
    for ((era, entities), own), (at, bar), variance in places:
        known = {"threshold": f"{bar:g}", "test era": era, "entities": entities}
        known |= {"variance": variance}
        edges = np.log([_bar(key[-1], bars, at) for key in own])
        kinds = list(own.values())
        tails = _tails(kinds, edges, variance)  # (column, side, cell)
        for column, method in product(CHOICES["column"], CHOICES["correction"]):
            found = _decide(tails, kinds, column, method, statistics["alpha"])
            chosen = known | {"column": column, "correction": method}
            for key, verdict in zip(own, found, strict=True):
                yield _row(key, chosen, plain, verdict)


def _row(key: tuple, chosen: Setting, plain: Setting, verdict: str) -> dict:
    """Return a verdict, named after the setting that alone differs from the plain."""
    moved = [name for name in chosen if chosen[name] != plain[name]]
    setting = moved[0] if len(moved) == 1 else "" if moved else "none"
    level = chosen[setting] if len(moved) == 1 else ""
    named = dict(zip(KEYS, key, strict=True))
    return named | {"setting": setting, "level": level, "verdict": verdict}


def _bar(metric: str, thresholds: dict[str, list[float]], at: int) -> float:
    return BREAK_EVEN[metric] if metric in BREAK_EVEN else thresholds[metric][at]


def _tails(cells: list[Cell], bars: np.ndarray, variance: str) -> np.ndarray:
    """Return p of lying above and below the bar, (column, side, cell): corr, seed."""
    parts = ("error", "freedom") if variance == "p_period" else (
        "window_error", "window_freedom",
    )  # fmt: skip
    found = np.full((2, 2, len(cells)), np.nan)
    for row, name in enumerate(("corr", "seed")):
        known = np.array([name in cell.effects for cell in cells])
        if known.any():
            own = [cell.effects[name] for cell in cells if name in cell.effects]
            error, freedom = (np.array([getattr(e, p) for e in own]) for p in parts)
            distance = np.array([effect.mean for effect in own]) - bars[known]
            found[row, :, known] = _p(distance, error, freedom).T
    return found


def _p(distance: np.ndarray, error: np.ndarray, freedom: np.ndarray) -> np.ndarray:
    """Return P(t > distance / error) and its opposite, (side, cell)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.array([distance, -distance]) / error
    p = np.where(np.isinf(freedom), stats.norm.sf(t), stats.t.sf(t, freedom))
    sure = np.array([distance <= 0, distance >= 0]).astype(float)
    return np.where(error == 0, sure, p)


def _decide(
    tails: np.ndarray, cells: list[Cell], column: str, method: str, alpha: float
) -> np.ndarray:
    (above, below), (above_seed, below_seed) = tails
    lone = np.array(["seed" not in cell.effects for cell in cells])
    if column == "both":
        fail = np.where(lone, above, verdicts.failing(above_seed, above))
        fine = np.where(lone, below, verdicts.passing(below_seed, below))
    else:  # a metric of one column keeps it
        own = lone | (column == "corr")
        fail, fine = (
            np.where(own, above, above_seed), np.where(own, below, below_seed),
        )  # fmt: skip
    status = np.array([cell.status for cell in cells])
    q = [
        multiplicity.adjust(np.where(status == "ok", p, np.nan), method)
        for p in (fail, fine)
    ]
    return verdicts.decide(*q, status, alpha)


def _drifts(drift: pd.DataFrame, statistics: dict) -> Iterator[dict]:
    """Yield whether the drift lies above its null, by attribution and entities."""
    if "variant" not in drift:
        drift = drift.assign(variant=IG[0])
    groups = dict(iter(drift.groupby(["variant", *results.RUN, "axis", "slice"])))
    plain = {"attribution": IG[0], "entities": EVERY, "correction": "bh"}
    parts = (None, *range(statistics["sensitivity"]["folds"]))
    for variant, left_out, method in product(IG, parts, CHOICES["correction"]):
        keys = [key[1:] for key in groups if key[0] == variant]
        folds = len(parts) - 1
        effects = [_z(groups[variant, *key], left_out, folds) for key in keys]
        above = np.array([e.window_above if e else np.nan for e in effects])
        q = [multiplicity.adjust(p, method) for p in (above, 1 - above)]
        status = np.where(np.isnan(above), "not_testable", "ok")
        found = verdicts.decide(*q, status, statistics["alpha"])
        name = EVERY if left_out is None else f"without fold {left_out + 1}"
        chosen = {"attribution": variant, "entities": name, "correction": method}
        for key, verdict in zip(keys, found, strict=True):
            yield _row((*key, DRIFT), chosen, plain, verdict)


def _z(rows: pd.DataFrame, left_out: int | None, folds: int) -> Effect | None:
    """Return the mean z of drift over seeds and the entities that stay."""
    values = rows["z"].where(rows["status"] == "ok")
    matrix = rows.assign(z=values).pivot(index="seed", columns="entity", values="z")
    if left_out is not None:
        matrix = matrix.iloc[:, np.arange(matrix.shape[1]) % folds != left_out]
    matrix = matrix.dropna(axis=1)
    return infer(matrix.to_numpy(), np.nan, 0, 0.0) if matrix.shape[1] > 1 else None


def _summary(cell: dict, part: pd.DataFrame) -> Iterator[dict]:
    """Yield the shares of a cell: over all combinations, then of each lone change."""
    plain = part.loc[part["setting"] == "none", "verdict"].item()
    alone = part[~part["setting"].isin(("", "none"))]
    groups = [(("all", "all"), part), *alone.groupby(["setting", "level"], sort=False)]
    for (setting, level), rows in groups:
        shares = {
            name.replace(" ", "_"): float((rows["verdict"] == name).mean())
            for name in planning.LEVELS
        }
        kept = shares[plain.replace(" ", "_")]
        named = {"setting": setting, "level": level, "settings": len(rows)}
        yield cell | named | shares | {"verdict": plain, "kept": kept}
