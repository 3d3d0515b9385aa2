"""Metric values on their way into the tables SCORES and RESAMPLES."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from seqshift.metrics.panel import Panel
from seqshift.schemas import results


@dataclass(frozen=True)
class Entry:
    """One metric column of one axis: a value per entity and replicate.

    `rows` are positions of entities in the panel; `values` has the shape
    (entity, replicate) with the sample itself first; `blocks` is 0 where nothing was
    resampled.
    """

    axis: str
    slice: str
    period: str
    metric: str
    column: str
    rows: np.ndarray
    values: np.ndarray
    count: np.ndarray
    status: np.ndarray
    blocks: int = 0


def status(
    values: np.ndarray, counts: list[np.ndarray], underfit: np.ndarray, least: int
) -> np.ndarray:
    """Return the status of each entity: low_n before not_testable before underfit."""
    out = np.full(len(values), "ok", dtype=object)
    out[np.broadcast_to(underfit, len(values))] = "underfit"
    out[~np.isfinite(values)] = "not_testable"
    for count in counts:
        out[count < least] = "low_n"
    return out


def scores(entries: list[Entry], panel: Panel) -> pd.DataFrame:
    """Return the SCORES rows of a run."""
    parts = []
    for entry in entries:
        fields = {
            **panel.run,
            "entity": panel.entities[entry.rows],
            "axis": entry.axis,
            "slice": entry.slice,
            "period": entry.period,
            "metric": entry.metric,
            "column": entry.column,
            "value": entry.values[:, 0],
            "count": entry.count.astype(np.int64),
            "status": entry.status,
        }
        parts.append(pd.DataFrame(fields))
    frame = pd.concat(parts, ignore_index=True)[list(results.SCORES.columns)]
    return results.SCORES.validate(frame)


def resamples(entries: list[Entry], panel: Panel) -> pd.DataFrame:
    """Return the RESAMPLES rows of a run: means over the entities that can be used."""
    parts = []
    for entry in entries:
        used = np.isin(entry.status, ("ok", "underfit"))
        if not entry.blocks or not used.any():
            continue
        drawn = entry.values[used, 1:]
        held = np.isfinite(drawn)
        total = np.where(held, drawn, 0).sum(axis=0)
        value = np.where(
            held.any(axis=0), total / np.maximum(held.sum(axis=0), 1), np.nan
        )
        fields = {
            **panel.run,
            "metric": entry.metric,
            "column": entry.column,
            "axis": entry.axis,
            "slice": entry.slice,
            "replicate": np.arange(drawn.shape[1], dtype=np.int64),
            "value": value,
            "blocks": np.int64(entry.blocks),
        }
        parts.append(pd.DataFrame(fields))
    if not parts:
        empty = {name: [] for name in results.RESAMPLES.columns}
        kinds = {name: str(c.dtype) for name, c in results.RESAMPLES.columns.items()}
        return pd.DataFrame(empty).astype(kinds)
    return results.RESAMPLES.validate(pd.concat(parts, ignore_index=True))
