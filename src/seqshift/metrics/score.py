"""All error-based metrics of one run, per entity, with their block resamples."""

from dataclasses import replace

import numpy as np
import pandas as pd

from seqshift.errors import BadInput
from seqshift.metrics import axes, extremes, ratios
from seqshift.metrics import entries as tables
from seqshift.metrics import panel as panels
from seqshift.metrics.errors import mean, skill
from seqshift.metrics.panel import Era, Errors, Panel
from seqshift.statistics import blocks

# A train error below this share of the target's scale is a fault, not a fit.
DEGENERATE = 1e-3


def score(
    forecasts: pd.DataFrame, spec: dict, statistics: dict
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Score one run: the tables SCORES and RESAMPLES; see `measure`."""
    panel, found = measure(forecasts, spec, statistics)
    return tables.scores(found, panel), tables.resamples(found, panel)


def measure(
    forecasts: pd.DataFrame, spec: dict, statistics: dict
) -> tuple[Panel, list[tables.Entry]]:
    """Return every metric of one run, by entity and replicate.

    Parameters
    ----------
    forecasts
        FORECASTS of one run, all roles.
    spec
        Spec of the domain: `splits.block` and `splits.year` in steps.
    statistics
        `resamples`, `seed`, `min_windows`.

    Raises
    ------
    BadInput
        If the table holds several runs, or a role is missing.
    """
    panel = panels.read(forecasts)
    masks = _masks(panel)
    eras = _eras(panel, masks, spec, statistics)
    cells = {
        name: panels.measure(panel, mask, eras[name.split()[-1]])
        for name, mask in masks.items()
    }
    scale = _scale(panel, masks)
    cells["train"] = _without_degenerate(cells["train"], scale)
    return panel, _entries(panel, masks, eras, cells, scale, spec, statistics)


def _entries(
    panel: Panel,
    masks: dict[str, np.ndarray],
    eras: dict[str, Era],
    cells: dict[str, Errors],
    scale: np.ndarray,
    spec: dict,
    statistics: dict,
) -> list[tables.Entry]:
    seen = np.flatnonzero(masks["train"].any(axis=(1, 2)))
    unseen = np.flatnonzero(masks["unseen train"].any(axis=(1, 2)))
    least = statistics["min_windows"]
    underfit = _underfit(cells["train"])[seen]
    found = [
        *axes.temporal(cells, eras, seen, underfit, least),
        *axes.quarters(panel, masks, cells, eras, seen, underfit, least),
        *axes.information(cells, "", "temporal", seen, least),
        *extremes.robustness(panel, eras, seen, underfit, spec, statistics),
    ]
    if len(unseen):
        weak = np.full(len(unseen), _weak(cells["train"], seen))
        found += axes.spatial(cells, eras, (seen, unseen), scale, weak, least)
        found += axes.information(cells, "unseen ", "spatial", unseen, least)
    return found


def _scale(panel: Panel, masks: dict) -> np.ndarray:
    """Return the deviation of the actual values of each entity in its train era."""
    history = masks["train"] | masks["unseen train"]
    actual = np.where(history, panel.actual, np.nan).reshape(len(history), -1)
    return np.sqrt(mean(np.square(actual - mean(actual)[:, None])))


def _masks(panel: Panel) -> dict[str, np.ndarray]:
    """Return the marked forecasts by cell; the last word of a name is the era."""
    spatial = panel.where("spatial_test")
    masks = {
        "train": panel.where("train"),
        "id": panel.where("id_test"),
        "test": panel.where("temporal_test"),
        "unseen train": spatial,
        "unseen id": spatial & panel.id_dates,
        "unseen test": panel.where("spatiotemporal_test"),
    }
    for name, role in (
        ("train", "train"),
        ("id", "id_test"),
        ("test", "temporal_test"),
    ):
        if not masks[name].any():
            raise BadInput(
                f"the forecasts of {panel.run['domain']}/{panel.run['model']} hold no "
                f"window of the role {role}; forecast every evaluated role"
            )
    return masks


def _eras(panel: Panel, masks: dict, spec: dict, statistics: dict) -> dict[str, Era]:
    """Draw the days of each era; the draws depend on seed and domain alone."""
    domain, seed = panel.run["domain"], statistics["seed"]
    count, year = statistics["resamples"], spec["splits"]["year"]
    eras = {}
    for name in ("train", "test"):
        days = panels.era(panel, masks[name] | masks[f"unseen {name}"])
        rng = blocks.generator(seed, domain, name)
        eras[name] = Era(days, blocks.circular(len(days), year, count, rng))
    days = panels.era(panel, masks["id"] | masks["unseen id"])
    edges = blocks.runs(days, spec["splits"]["block"])
    rng = blocks.generator(seed, domain, "id")
    eras["id"] = Era(days, blocks.pick(edges, count, rng))
    return eras


def _without_degenerate(train: Errors, scale: np.ndarray) -> Errors:
    bad = ~(train.rmse[:, 0] >= DEGENERATE * scale)
    return replace(train, rmse=np.where(bad[:, None], np.nan, train.rmse))


def _underfit(train: Errors) -> np.ndarray:
    """Mark entities on which the model does not beat the naive forecast in train."""
    worse = ~(skill(train.rmse[:, 0], train.naive_rmse[:, 0]) > 0)
    # A missing skill is reported as not testable, not as a weak fit.
    return worse & np.isfinite(train.rmse[:, 0])


def _weak(train: Errors, seen: np.ndarray) -> bool:
    """Tell whether the model fails to beat the naive forecast over seen entities."""
    ratio = ratios.log_ratio(train.rmse[seen, 0], train.naive_rmse[seen, 0])
    return not mean(ratio) < 0
