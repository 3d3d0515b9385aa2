"""The effects that verdicts rest on, for every test era and every set of entities."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from seqshift import grid, storage
from seqshift.metrics.entries import Entry
from seqshift.metrics.panel import Panel
from seqshift.metrics.score import measure
from seqshift.schemas import results
from seqshift.statistics.cells import USED
from seqshift.statistics.effects import Effect, infer

METRICS = ("g_ratio", "loses_to_naive", "transfer_gap", "robustness_delta")
TEST = ("temporal_test", "spatiotemporal_test")
# Years cut off at the start and at the end of the test era.
ERAS = {"as configured": (0, 0), "a year later": (1, 0), "a year shorter": (0, 1)}
EVERY = "all entities"
Place = tuple[str, str]  # era, entities


@dataclass(frozen=True)
class Cell:
    """The effects of one test of one model, by column; `status` as in tests.csv."""

    effects: dict[str, Effect]
    status: str


def of_runs(paths: list[str], splits: dict, statistics: dict) -> dict[Place, dict]:
    """Return the cells of every run, by era and entities, then by run and test.

    `paths` are FORECASTS of all seeds of the runs, `splits` the specs by domain.
    """
    runs: dict[tuple, list[str]] = {}
    for path in paths:
        run = grid.keys(path)
        runs.setdefault(tuple(run[key] for key in results.RUN), []).append(path)
    found: dict[Place, dict] = {}
    folds = statistics["sensitivity"]["folds"]
    for run, own in runs.items():
        seeds = [storage.read_parquet(path) for path in own]
        for place, key, cell in collect(seeds, splits[run[0]], statistics, folds):
            found.setdefault(place, {})[*run, *key] = cell
    return found


def collect(
    seeds: list[pd.DataFrame], spec: dict, statistics: dict, folds: int
) -> Iterator[tuple[Place, tuple[str, str, str], Cell]]:
    """Yield era, entities, (axis, slice, metric) and the effects of one model there.

    Parameters
    ----------
    seeds
        FORECASTS of each seed of a model; they are cut to each era and scored again.
    spec, statistics
        As for `score`; the spec with `splits.test`.
    folds
        One share of 1 / folds of the entities is left out at a time.
    """
    for era, cut in ERAS.items():
        kept = [_within(forecasts, spec, cut) for forecasts in seeds]
        if any((frame["split"] == TEST[0]).sum() == 0 for frame in kept):
            continue
        runs = [_index(*measure(frame, spec, statistics)) for frame in kept]
        for left_out in (None, *range(folds)):
            for key in _keys(runs[0]):
                cell = _cell(runs, key, left_out, folds)
                name = EVERY if left_out is None else f"without fold {left_out + 1}"
                yield (era, name), key, cell


def _within(forecasts: pd.DataFrame, spec: dict, cut: tuple[int, int]) -> pd.DataFrame:
    """Return the forecasts without those of years cut off the test era."""
    start, end = (pd.Timestamp(day) for day in spec["splits"]["test"])
    start += pd.DateOffset(years=cut[0])
    end -= pd.DateOffset(years=cut[1])
    day = forecasts["target_time"].dt.normalize()
    test = forecasts["split"].isin(TEST)
    return forecasts[~test | ((day >= start) & (day <= end))]


def _index(panel: Panel, entries: list[Entry]) -> dict[tuple, Entry]:
    kept = [one for one in entries if one.period == ""]
    keys = ("axis", "slice", "metric", "column")
    return {tuple(getattr(one, key) for key in keys): one for one in kept}


def _keys(run: dict[tuple, Entry]) -> list[tuple[str, str, str]]:
    found = [key[:3] for key in run if key[2] in METRICS and key[3] != "info"]
    return list(dict.fromkeys(found))


def _cell(
    runs: list[dict], key: tuple[str, str, str], left_out: int | None, folds: int
) -> Cell:
    columns = [name for name in ("corr", "seed") if (*key, name) in runs[0]]
    effects, low = {}, False
    for column in columns:
        entries = [run[*key, column] for run in runs]
        kept = _kept(len(entries[0].rows), left_out, folds)
        few = np.logical_and.reduce([one.status[kept] == "low_n" for one in entries])
        low |= bool(few.all())
        effect = _effect(entries, kept)
        if effect is not None:
            effects[column] = effect
    if len(effects) < len(columns):
        return Cell({}, "low_n" if low else "not_testable")
    if any(np.isnan(effect.error) for effect in effects.values()):
        return Cell(effects, "not_testable")
    skills = ["skill_train"] + ["skill_id"] * (key[2] == "loses_to_naive")
    weak = any(not _loss(runs, name, left_out, folds) < 0 for name in skills)
    return Cell(effects, "underfit" if weak else "ok")


def _kept(count: int, left_out: int | None, folds: int) -> np.ndarray:
    """Mark the entities that stay: every folds-th one is left out."""
    if left_out is None:
        return np.ones(count, bool)
    return np.arange(count) % folds != left_out


def _effect(entries: list[Entry], kept: np.ndarray) -> Effect | None:
    """Return the effect over the entities that every seed can judge."""
    used = kept & np.logical_and.reduce([np.isin(e.status, USED) for e in entries])
    if not used.any():
        return None
    values = np.array([entry.values[used] for entry in entries])  # (seed, entity, rep.)
    held = np.isfinite(values[..., 1:])
    count = np.maximum(held.sum(axis=1), 1)
    drawn = np.where(held, values[..., 1:], 0).sum(axis=1) / count
    drawn = np.where(held.any(axis=1), drawn, np.nan).mean(axis=0)  # (replicate,)
    blocks = min(entry.blocks for entry in entries)
    variance = float(pd.Series(drawn).var(ddof=1))
    return infer(values[..., 0], variance, blocks, 0.0)


def _loss(runs: list[dict], skill: str, left_out: int | None, folds: int) -> float:
    """Return the mean log RMSE ratio to the naive forecast of seen entities."""
    entries = [run["temporal", "", skill, "info"] for run in runs]
    kept = _kept(len(entries[0].rows), left_out, folds)
    values = np.array([entry.values[kept, 0] for entry in entries])
    values = values[np.isfinite(values)]
    return float(0.5 * np.log1p(-np.minimum(values, 1 - 1e-15)).mean())
