"""The pre-registered claim that Cos-Drift predicts failure in any domain, in parts.

It is judged on failures by the pre-registered G, one quarter ahead:
(i) AUROC of Cos-Drift above one half in each domain;
(ii) not worse than its best rival by the margin, mean over domains;
(iii) a threshold on ln(D / null) of one domain separates failures in every other;
(iv) ln G rises with ln(D / null) in every domain, no faster in one than in another.
Every bound is that of a bootstrap interval. A part that one domain misses has failed; a
part that none misses and some cannot judge is not testable.
"""

from itertools import combinations

import numpy as np
import pandas as pd

from seqshift.arena import judge, ranking, resample
from seqshift.arena.judge import Cell
from seqshift.schemas.signals import (
    COS_DRIFT,
    RATIO,
    RIVALS,
    SIGNALS_BY_NAME,
    WARNING,
)

LABEL, LEAD = "g-seed", 1
AREA, SLOPE = 0.5, 0.0
ALL = judge.ALL


def claim(judged: list[Cell], moved: pd.DataFrame, spec: dict) -> pd.DataFrame:
    """Return WARNING: each part by scope and over all, and the claim as a whole.

    `judged` are the cells of ARENA, `moved` is TRANSFER; `spec` holds `alpha`,
    `margin`, `resamples` and `seed`.
    """
    own = [one for one in judged if (one.label, one.lead) == (LABEL, LEAD)]
    parts = [
        _whole("i", _areas(own, spec)),
        _rivals(own, spec),
        _whole("iii", _moved(moved)),
        _whole("iv", _slopes(own, spec)),
    ]
    rows = [row for part in parts for row in part]
    rows.append(_verdict(rows))
    return WARNING.validate(pd.DataFrame(rows)[list(WARNING.columns)])


def _row(part: str, scope: str, numbers: tuple, bound: float, detail: str = "") -> dict:
    """Return a row whose part holds if its lower end lies above the bound."""
    estimate, low, high = (float(one) for one in numbers)
    outcome = "held" if low > bound else "failed"
    outcome = outcome if np.isfinite(low) else "not testable"
    return {
        **{"part": part, "scope": scope, "estimate": estimate, "low": low},
        **{"high": high, "bound": bound, "outcome": outcome, "detail": detail},
    }


def _lost(part: str, scope: str, bound: float, detail: str) -> dict:
    return _row(part, scope, (np.nan,) * 3, bound, detail)


def _whole(part: str, rows: list[dict]) -> list[dict]:
    """Add what the rows of a part say together."""
    outcomes = [row["outcome"] for row in rows]
    last = _lost(part, ALL, rows[0]["bound"] if rows else np.nan, "")
    if "failed" in outcomes:
        last["outcome"] = "failed"
    elif outcomes and set(outcomes) == {"held"}:
        last["outcome"] = "held"
    names = {"failed": [], "not testable": [], "held": []}
    for row in rows:
        names[row["outcome"]].append(row["scope"])
    said = [f"{name}: {', '.join(who)}" for name, who in names.items() if who]
    last["detail"] = "; ".join(said) or "fewer than two domains can be compared"
    return [*rows, last]


def _numbers(replicates: np.ndarray, alpha: float) -> tuple[float, float, float]:
    low, high = resample.interval(replicates[:, None], alpha)
    return replicates[0], low[0], high[0]


def _areas(own: list[Cell], spec: dict) -> list[dict]:
    at = SIGNALS_BY_NAME.index(COS_DRIFT)
    return [
        _lost("i", one.domain.name, AREA, one.reason)
        if one.reason
        else _row("i", one.domain.name,
                  _numbers(one.replicates["auroc"][:, at], spec["alpha"]), AREA)
        for one in own
    ]  # fmt: skip


def _rivals(own: list[Cell], spec: dict) -> list[dict]:
    """Compare with the best rival of each resample: it was not chosen beforehand."""
    bound = -spec["margin"]
    fine = [one for one in own if not one.reason]
    if not fine:
        return [_lost("ii", ALL, bound, "no domain can be tested")]
    auroc = judge.mean(fine, "auroc")
    ours = auroc[:, SIGNALS_BY_NAME.index(COS_DRIFT)]
    known = [n for n in RIVALS if np.isfinite(auroc[0, SIGNALS_BY_NAME.index(n)])]
    if not np.isfinite(ours[0]) or not known:
        return [_lost("ii", ALL, bound, "no rival is known in every tested domain")]
    others = auroc[:, [SIGNALS_BY_NAME.index(name) for name in known]]
    best = known[int(np.argmax(others[0]))]
    row = _row("ii", ALL, _numbers(ours - others.max(axis=1), spec["alpha"]), bound)
    return [row | {"detail": f"best rival: {best}"}]


def _moved(moved: pd.DataFrame) -> list[dict]:
    rows = (moved["label"] == LABEL) & (moved["lead"] == LEAD)
    rows &= moved["signal"] == RATIO
    return [
        _row("iii", f"{row.source} to {row.domain}",
             (row.accuracy, row.accuracy_low, row.accuracy_high), AREA, row.reason)
        for row in moved[rows].itertuples()
    ]  # fmt: skip


def _slopes(own: list[Cell], spec: dict) -> list[dict]:
    """Judge the slope of each domain, and each difference between two.

    Differences share the level by Bonferroni: one that leaves out 0 is an interaction.
    """
    found, rows = {}, []
    for one in own:
        name, known = one.domain.name, RATIO in one.units.names
        if one.reason or not known:
            reason = one.reason or f"{RATIO} is not known"
            rows.append(_lost("iv", name, SLOPE, reason))
            continue
        found[name] = _slope(one, spec)
        rows.append(_row("iv", name, _numbers(found[name], spec["alpha"]), SLOPE))
    pairs = [*combinations(found, 2)]
    for first, second in pairs:
        numbers = _numbers(found[first] - found[second], spec["alpha"] / len(pairs))
        row = _row("iv", f"{first} against {second}", numbers, SLOPE)
        apart = numbers[1] > 0 or numbers[2] < 0
        said = "failed" if apart else "held"
        rows.append(row | {"outcome": said, "detail": "difference of slopes"})
    if len(own) < 2:
        rows.append(_lost("iv", "difference", SLOPE, "a single domain"))
    return rows


def _slope(one: Cell, spec: dict) -> np.ndarray:
    values = one.units.values[:, one.units.names.index(RATIO)]
    drawn = resample.draws(one.domain, spec["resamples"], spec["seed"])
    parts = resample.weights(drawn, one.units.code)
    found = [ranking.slopes(weights, values, one.units.outcome) for weights in parts]
    return np.concatenate(found)


def _verdict(rows: list[dict]) -> dict:
    """Return the claim as a whole, with what has to be said of it."""
    whole = {row["part"]: row for row in rows if row["scope"] == ALL}
    outcomes = {row["outcome"] for row in whole.values()}
    outcome = "not testable"
    if "failed" in outcomes:
        outcome = "not supported"
    elif outcomes == {"held"}:
        outcome = "supported"
    said = [outcome]
    if whole["ii"]["estimate"] < 0:
        best = whole["ii"]["detail"].removeprefix("best rival: ")
        said.append(f"Cos-Drift loses to {best}")
    found = _lost("claim", ALL, np.nan, "; ".join(said))
    return found | {"outcome": outcome}
