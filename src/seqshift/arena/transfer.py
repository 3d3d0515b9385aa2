"""A threshold chosen on one domain, applied unchanged to another."""

from itertools import permutations

import numpy as np
import pandas as pd
from sklearn.metrics import roc_curve

from seqshift.arena import resample
from seqshift.arena.judge import Cell
from seqshift.schemas.signals import SIGNALS_BY_NAME, TRANSFER


def youden(values: np.ndarray, positive: np.ndarray) -> float:
    """Return the value from which on an alarm best separates the classes.

    It maximizes sensitivity + specificity - 1 (Youden 1950,
    doi:10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3); of equal ones
    the highest.
    """
    wrong, right, limits = roc_curve(positive, values, drop_intermediate=False)
    return float(limits[np.argmax(right - wrong)])


def accuracy(one: Cell, alarm: np.ndarray, drawn: list[np.ndarray]) -> np.ndarray:
    """Return the balanced accuracy of alarms (unit, signal), (replicate, signal)."""
    right = (alarm == one.units.positive[:, None]).astype(float)
    found = []
    for weights in resample.weights(drawn, one.units.code):
        parts = []
        for rows in (one.units.positive, ~one.units.positive):
            total = weights[:, rows].sum(axis=1, keepdims=True)
            some = np.where(total > 0, total, np.nan)
            parts.append(weights[:, rows] @ right[rows] / some)
        found.append(sum(parts) / 2)
    return np.vstack(found)


def transfer(judged: list[Cell], spec: dict) -> pd.DataFrame:
    """Return TRANSFER: every pair of domains at every lead of at least one quarter.

    The interval is that of the second domain's units; the threshold is held. `spec`
    holds `resamples`, `seed` and `alpha`.
    """
    rows = []
    for past, now in permutations(judged, 2):
        alike = (past.label, past.lead) == (now.label, now.lead)
        if alike and past.lead > 0 and past.domain.name != now.domain.name:
            rows += _pair(past, now, spec)
    blank = pd.DataFrame({name: [] for name in TRANSFER.columns})
    frame = pd.DataFrame(rows)[list(TRANSFER.columns)] if rows else blank
    return TRANSFER.validate(frame)


def _pair(past: Cell, now: Cell, spec: dict) -> list[dict]:
    reasons = [f"{c.domain.name}: {c.reason}" for c in (past, now) if c.reason]
    shared = [name for name in past.units.names if name in now.units.names]
    limits, replicates = {}, np.empty((0, 0))
    if not reasons:
        before, after = _values(past, shared), _values(now, shared)
        limits = {
            name: youden(one, past.units.positive)
            for name, one in zip(shared, before.T, strict=True)
        }
        alarm = after >= np.array([*limits.values()])
        drawn = resample.draws(now.domain, spec["resamples"], spec["seed"])
        replicates = accuracy(now, alarm, drawn)
    low, high = resample.interval(replicates, spec["alpha"]) if limits else ([], [])
    rows = []
    for signal in SIGNALS_BY_NAME:
        row = {"source": past.domain.name, "domain": now.domain.name}
        row |= {"label": past.label, "lead": past.lead, "signal": signal}
        row |= dict.fromkeys(("threshold", "accuracy"), np.nan)
        row |= dict.fromkeys(("accuracy_low", "accuracy_high"), np.nan)
        row["reason"] = "; ".join(reasons)
        if signal in limits:
            at = shared.index(signal)
            row |= {"threshold": limits[signal], "accuracy": replicates[0, at]}
            row |= {"accuracy_low": low[at], "accuracy_high": high[at]}
        elif not reasons:
            row["reason"] = "the signal is not known in both domains"
        rows.append(row | {"status": "not_testable" if row["reason"] else "ok"})
    return rows


def _values(one: Cell, names: list[str]) -> np.ndarray:
    """Return the values (unit, signal) of these signals."""
    return one.units.values[:, [one.units.names.index(name) for name in names]]
