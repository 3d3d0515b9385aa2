"""Units of the arena: what a signal said in a quarter, and what came `lead` later."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from seqshift.schemas.signals import LABELS, SIGNALS_BY_NAME

UNIT = ["model", "seed", "entity", "period"]
METRICS = {
    "g-seed": ("g_ratio", "seed"),
    "g-corr": ("g_ratio", "corr"),
    "loses-to-naive": ("loses_to_naive", "corr"),
}


@dataclass(frozen=True)
class Domain:
    """All units of a domain, dense over model, seed, entity and quarter.

    `signal` is (model, seed, entity, quarter, signal), `outcome` (..., label) the log
    ratio that a label cuts, NaN where it is not judged; `first` is the number of the
    first quarter since 1970.
    """

    name: str
    models: list[str]
    seeds: list[int]
    entities: list[str]
    first: int
    signal: np.ndarray
    outcome: np.ndarray

    @property
    def quarters(self) -> int:
        return self.signal.shape[3]


@dataclass(frozen=True)
class Units:
    """Units of one label and lead at which all signals of the domain are known."""

    names: list[str]  # signals
    values: np.ndarray  # (unit, signal)
    outcome: np.ndarray  # (unit,) log ratio
    positive: np.ndarray  # (unit,) bool
    code: np.ndarray  # (unit, 4): model, seed, entity, quarter of the signal

    @property
    def positives(self) -> int:
        return int(self.positive.sum())


def read(name: str, signals: pd.DataFrame, scores: pd.DataFrame) -> Domain:
    """Arrange SIGNALS and SCORES of one domain.

    A unit is judged by an outcome of status ok; by `loses_to_naive` only where the
    model beats the naive forecast on the held-out days of the train era.
    """
    kept = scores["model"].isin(signals["model"].unique()) & (
        scores["modality"] == "natural"
    )
    outcomes = _outcomes(scores[kept])
    wide = signals.pivot(index=UNIT, columns="signal", values="value")
    wide = wide.reindex(columns=list(SIGNALS_BY_NAME))
    models, seeds, entities = (sorted(wide.index.unique(level)) for level in UNIT[:3])
    known = pd.concat([wide.index.to_frame()["period"], outcomes["period"]])
    number = pd.PeriodIndex(known, freq="Q").asi8
    first, count = int(number.min()), int(np.ptp(number)) + 1
    shape = (len(models), len(seeds), len(entities), count)
    axes = (models, seeds, entities)
    signal = np.full((*shape, len(SIGNALS_BY_NAME)), np.nan)
    signal[_at(wide.index.to_frame(), axes, first)] = wide.to_numpy()
    outcome = np.full((*shape, len(LABELS)), np.nan)
    for place, label in enumerate(LABELS):
        own = outcomes[outcomes["label"] == label]
        own = own[own["entity"].isin(entities) & own["seed"].isin(seeds)]
        outcome[(*_at(own, axes, first), place)] = own["value"]
    return Domain(name, models, seeds, entities, first, signal, outcome)


def _at(frame: pd.DataFrame, axes: tuple[list, ...], first: int) -> tuple:
    names = [frame[name] for name in UNIT[:3]]
    at = [
        pd.Index(axis).get_indexer(own) for axis, own in zip(axes, names, strict=True)
    ]
    return (*at, pd.PeriodIndex(frame["period"], freq="Q").asi8 - first)


def _outcomes(scores: pd.DataFrame) -> pd.DataFrame:
    fine = scores[(scores["status"] == "ok") & (scores["axis"] == "temporal")]
    parts = []
    for label, (metric, column) in METRICS.items():
        rows = (fine["metric"] == metric) & (fine["column"] == column)
        parts.append(fine[rows & (fine["period"] != "")].assign(label=label))
    own = ["model", "seed", "entity"]
    held = fine[(fine["metric"] == "loses_to_naive_id") & (fine["value"] < 0)]
    skilled = pd.MultiIndex.from_frame(held[own])
    last = parts[-1]
    parts[-1] = last[pd.MultiIndex.from_frame(last[own]).isin(skilled)]
    return pd.concat(parts)[[*UNIT, "label", "value"]]


def pair(domain: Domain, label: str, lead: int, threshold: float) -> Units:
    """Pair signals with the outcome `lead` quarters later.

    Kept are units at which every signal is known that is known at all, so that signals
    are compared on the same units. `threshold` is that of G; the other label cuts at 1.
    The last G is no warning of itself: at lead 0 it is not known.
    """
    stop = max(domain.quarters - lead, 0)
    values = domain.signal[:, :, :, :stop].copy()
    if lead == 0:
        values[..., SIGNALS_BY_NAME.index("previous-g")] = np.nan
    outcome = domain.outcome[:, :, :, lead:, LABELS.index(label)]
    there = np.isfinite(values).any(axis=(0, 1, 2, 3))
    names = [name for name, one in zip(SIGNALS_BY_NAME, there, strict=True) if one]
    values = values[..., there]
    kept = np.isfinite(outcome) & np.isfinite(values).all(axis=-1) & bool(names)
    found = outcome[kept]
    cut = np.log(threshold) if label != "loses-to-naive" else 0.0
    return Units(names, values[kept], found, found > cut, np.argwhere(kept))
