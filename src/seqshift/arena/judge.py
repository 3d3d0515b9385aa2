"""Which signal warns of which failure: the table ARENA, from signals and scores."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import roc_curve

from seqshift.arena import ranking, resample
from seqshift.arena.alarms import alarms
from seqshift.arena.units import Domain, Units, pair, read
from seqshift.schemas.signals import ARENA, COS_DRIFT, LABELS, ROC, SIGNALS_BY_NAME

GRID = np.linspace(0, 1, 101)  # shares of negatives at which a curve is kept
MEASURES = ("auroc", "precision", "spearman")
ALL = "all"


@dataclass(frozen=True)
class Cell:
    """One domain, label and lead: its units and the replicates of each measure.

    Replicates are (replicate, signal), the sample first, in the order of
    SIGNALS_BY_NAME and NaN where a signal is not known; `reason` is empty if tested.
    """

    domain: Domain
    label: str
    lead: int
    units: Units
    replicates: dict[str, np.ndarray]
    reason: str


def domains(signals: pd.DataFrame, scores: pd.DataFrame) -> list[Domain]:
    """Return the units of every domain of SIGNALS with the outcomes in SCORES."""
    return [
        read(name, own, scores[scores["domain"] == name])
        for name, own in signals.groupby("domain")
    ]


def cells(found: list[Domain], spec: dict) -> list[Cell]:
    """Judge every domain, label and lead.

    `spec` holds `leads`, `threshold` (of G), `least` (units of each class), `resamples`
    and `seed`.
    """
    return [
        cell(domain, label, lead, spec)
        for domain in found
        for label in LABELS
        for lead in spec["leads"]
    ]


def cell(domain: Domain, label: str, lead: int, spec: dict) -> Cell:
    """Judge all signals of one domain, label and lead."""
    units = pair(domain, label, lead, spec["threshold"])
    shape = (spec["resamples"] + 1, len(SIGNALS_BY_NAME))
    found = {name: np.full(shape, np.nan) for name in MEASURES}
    reason = _reason(units, spec["least"])
    if not reason:
        at = [SIGNALS_BY_NAME.index(name) for name in units.names]
        ranks = [ranking.rank(one, units.positive) for one in units.values.T]
        drawn, start = resample.draws(domain, spec["resamples"], spec["seed"]), 0
        for weights in resample.weights(drawn, units.code):
            rows = slice(start, start + len(weights))
            both = np.array([ranking.rates(weights, one) for one in ranks])
            found["auroc"][rows, at] = both[:, 0].T
            found["precision"][rows, at] = both[:, 1].T
            found["spearman"][rows, at] = ranking.correlations(
                weights, units.values, units.outcome
            )
            start = rows.stop
    return Cell(domain, label, lead, units, found, reason)


def _reason(units: Units, least: int) -> str:
    """Return why nothing can be said of these units, or nothing."""
    if not len(units.positive):
        return "no unit has all signals and an outcome of status ok"
    counts = {"positives": units.positives}
    counts["negatives"] = len(units.positive) - units.positives
    few = [f"{count} {name}" for name, count in counts.items() if count < least]
    return f"{' and '.join(few)}, fewer than {least}" if few else ""


def table(judged: list[Cell], spec: dict) -> pd.DataFrame:
    """Return ARENA: a row a cell and signal, and the means over domains.

    `spec` also holds `alpha` and `false_alarms`, the most that is borne in a year.
    """
    rows = [row for one in judged for row in _rows(one, spec)]
    for label in LABELS:
        for lead in spec["leads"]:
            own = [c for c in judged if (c.label, c.lead) == (label, lead)]
            rows += _means([c for c in own if not c.reason], label, lead, spec)
    return ARENA.validate(pd.DataFrame(rows)[list(ARENA.columns)])


def _rows(one: Cell, spec: dict) -> list[dict]:
    intervals = _intervals(one.replicates, spec["alpha"])
    codes = one.units.code
    count = [len(np.unique(codes[:, place])) for place in range(4)]
    size = {
        "units": len(codes),
        "positives": one.units.positives,
        "prevalence": one.units.positives / len(codes) if len(codes) else np.nan,
        **dict(zip(("models", "seeds", "entities", "quarters"), count, strict=True)),
    }
    rows = []
    for place, signal in enumerate(SIGNALS_BY_NAME):
        row = {"domain": one.domain.name, "label": one.label, "lead": one.lead}
        row |= {"signal": signal, **size, "lead_days": np.nan, "never": np.nan}
        row |= {"false_alarms": np.nan, "status": "ok", "reason": one.reason}
        row |= {name: values[place] for name, values in intervals.items()}
        if not one.reason and signal in one.units.names:
            values = one.units.values[:, one.units.names.index(signal)]
            most = spec["false_alarms"]
            row |= alarms(one.units, values, one.lead, one.domain, most)
        elif not one.reason:
            row["reason"] = "the signal is not known at this lead"
        rows.append(row | {"status": "not_testable" if row["reason"] else "ok"})
    return rows


def _intervals(replicates: dict, alpha: float) -> dict[str, np.ndarray]:
    """Return estimate, low and high of each measure and of the difference (signal,)."""
    auroc = replicates["auroc"]
    own = auroc[:, [SIGNALS_BY_NAME.index(COS_DRIFT)]]
    found = {}
    for name, values in (replicates | {"difference": auroc - own}).items():
        found[name] = values[0]
        found[f"{name}_low"], found[f"{name}_high"] = resample.interval(values, alpha)
    return found


def mean(judged: list[Cell], measure: str) -> np.ndarray:
    """Return replicates (replicate, signal) of the mean over cells of domains.

    Domains are drawn independently; a signal that one of them lacks has no mean.
    """
    return np.mean([one.replicates[measure] for one in judged], axis=0)


def _means(judged: list[Cell], label: str, lead: int, spec: dict) -> list[dict]:
    if not judged:
        return [_blank(label, lead, name) for name in SIGNALS_BY_NAME]
    intervals = _intervals({m: mean(judged, m) for m in MEASURES}, spec["alpha"])
    rows = []
    for place, signal in enumerate(SIGNALS_BY_NAME):
        row = _blank(label, lead, signal)
        row |= {name: values[place] for name, values in intervals.items()}
        row["units"] = sum(len(one.units.positive) for one in judged)
        row["positives"] = sum(one.units.positives for one in judged)
        row["prevalence"] = row["positives"] / row["units"]
        if np.isfinite(row["auroc"]):
            row |= {"status": "ok", "reason": ""}
        else:
            row["reason"] = "a domain lacks the signal"
        rows.append(row)
    return rows


def _blank(label: str, lead: int, signal: str) -> dict:
    row = dict.fromkeys(ARENA.columns, np.nan)
    row |= dict.fromkeys(("units", "positives"), 0)
    row |= dict.fromkeys(("models", "seeds", "entities", "quarters"), 0)
    row |= {"domain": ALL, "label": label, "lead": lead, "signal": signal}
    return row | {"status": "not_testable", "reason": "no domain can be tested"}


def curves(judged: list[Cell]) -> pd.DataFrame:
    """Return ROC: the curves of every tested cell at even steps of false positives."""
    parts = []
    for one in judged:
        if one.reason:
            continue
        for name, values in zip(one.units.names, one.units.values.T, strict=True):
            wrong, right, _ = roc_curve(one.units.positive, values)
            part = {"domain": one.domain.name, "label": one.label, "lead": one.lead}
            part |= {"signal": name, "false_positives": GRID}
            part["true_positives"] = np.interp(GRID, wrong, right)
            parts.append(pd.DataFrame(part))
    blank = pd.DataFrame({name: [] for name in ROC.columns})
    frame = pd.concat(parts, ignore_index=True) if parts else blank
    return ROC.validate(frame.astype({"label": str, "domain": str, "signal": str}))
