"""Collapse of a synthetic-trained run against its natural twin."""

import numpy as np
import pandas as pd

from seqshift.errors import BadInput
from seqshift.metrics import entries as tables
from seqshift.metrics import panel as panels
from seqshift.metrics.entries import Entry, status
from seqshift.metrics.panel import Era, Panel
from seqshift.metrics.ratios import log_ratio
from seqshift.statistics import blocks

# A block is harmed if its RMSE exceeds that of the twin by this factor.
HARM = 1.5


def collapse(
    synthetic: pd.DataFrame,
    natural: pd.DataFrame,
    twin: pd.DataFrame,
    spec: dict,
    statistics: dict,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare blocks of the test era: rows of SCORES and RESAMPLES, `collapse`.

    seed = c, the share of blocks (see below) in which the synthetic-trained run has
    more than 1.5 times the RMSE of the natural run of its architecture and seed index;
    corr = (c - c0) / (1 - c0), c0 (info) the same share for `twin`, the natural run of
    the next seed: Cohen (1960), doi:10.1177/001316446002000104. A block is half an
    ID-test block, 28 days or 20 sessions; `spec`, `statistics` are those of `score`.

    Raises
    ------
    BadInput
        If the runs were not forecast on the same windows, or on too few days.
    """
    runs = [panels.read(frame) for frame in (synthetic, natural, twin)]
    _check_same(runs)
    panel = runs[0]
    mask = panel.where("temporal_test")
    rows = np.flatnonzero(mask.any(axis=(1, 2)))
    errors, counts = _blocks(runs, mask, rows, spec["splits"]["block"] // 2)
    draws = _draw(panel, errors.shape[-1], spec, statistics)
    share, chance = (_share(errors[run], errors[1], draws) for run in (0, 2))
    room = np.where(chance < 1, 1 - chance, np.nan)
    found = []
    for metric, column, values, drawn in (
        ("collapse", "seed", share, draws.blocks),
        ("collapse", "corr", (share - chance) / room, draws.blocks),
        ("collapse_null", "info", chance[:, :1], 0),
    ):
        least = statistics["min_windows"]
        state = status(values[:, 0], [counts], np.array(False), least)
        key = ("temporal", "", "", metric, column)
        found.append(Entry(*key, rows, values, counts, state, drawn))
    return tables.scores(found, panel), tables.resamples(found, panel)


def _share(error: np.ndarray, other: np.ndarray, draws: blocks.Draws) -> np.ndarray:
    """Return the share of drawn blocks that are harmed, (entity, replicate)."""
    excess = log_ratio(error, other)  # (entity, block)
    known = blocks.sums(np.isfinite(excess).astype(float), draws)
    harmed = blocks.sums((excess > np.log(HARM)).astype(float), draws)
    return harmed / np.where(known > 0, known, np.nan)


def _blocks(
    runs: list[Panel], mask: np.ndarray, rows: np.ndarray, length: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return RMSE (run, entity, block) of whole blocks, and windows per entity.

    Blocks of which an entity has less than half the days are NaN.
    """
    days = panels.era(runs[0], mask)
    number = len(days) // length
    if not number:
        raise BadInput(
            f"the test era has {len(days)} days, fewer than a block of {length}; "
            "lengthen splits.test or shorten splits.block"
        )
    starts = np.arange(number)[:, None] * length
    era = Era(days, blocks.Draws(len(days), starts, starts + length, number))
    cells = [panels.measure(run, mask, era) for run in runs]
    enough = cells[0].count >= length / 2
    errors = np.array([np.where(enough, cell.rmse, np.nan)[rows] for cell in cells])
    return errors, np.where(enough, cells[0].count, 0)[rows].sum(axis=1)


def _draw(panel: Panel, number: int, spec: dict, statistics: dict) -> blocks.Draws:
    """Draw years of blocks, the same for all runs of a domain."""
    rng = blocks.generator(statistics["seed"], panel.run["domain"], "collapse")
    year = max(1, round(2 * spec["splits"]["year"] / spec["splits"]["block"]))
    return blocks.circular(number, year, statistics["resamples"], rng)


def _check_same(runs: list[Panel]):
    first = runs[0]
    for other in runs[1:]:
        same = (
            np.array_equal(first.entities, other.entities)
            and first.days.equals(other.days)
            and np.array_equal(first.split, other.split)
        )
        if not same:
            raise BadInput(
                f"the runs {first.run} and {other.run} were not forecast on the same "
                "windows; forecast both again from the same features and splits"
            )
