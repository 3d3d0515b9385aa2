"""Estimates that are no test of two arms: slopes, and differences of gains."""

import numpy as np
import pandas as pd

from seqshift.softgroup.findings import verdicts
from seqshift.softgroup.findings.comparisons import SELECTED
from seqshift.softgroup.findings.evidence import row
from seqshift.softgroup.findings.family import METRIC
from seqshift.softgroup.findings.hypotheses import arrays
from seqshift.softgroup.runs.arms import BASE
from seqshift.statistics import equivalence, multiplicity
from seqshift.statistics.means import Mean


def slope(
    parts: list[pd.DataFrame], places: np.ndarray, cell: dict, statistics: dict
) -> dict:
    """Return the least-squares slope of the gain of the selected arm over places.

    A slope is a weighted sum of gains, so each unit and seed has one and it is judged
    as a gain is; the numbers are those of `verdicts.judge`.

    Parameters
    ----------
    parts
        UNITS of one scope for each place, of the same units.
    places
        Where the gains lie, (part,).
    cell, statistics
        As `verdicts.design` wants them.
    """
    apart = places - places.mean()
    losses = {BASE: 0.0, SELECTED: 0.0}
    for units, weight in zip(parts, apart / np.square(apart).sum(), strict=True):
        known = arrays(units[units["arm"].isin([*losses])], METRIC)
        share = 100 * weight / known[BASE].mean()
        for arm in losses:
            losses[arm] = losses[arm] + share * known[arm]  # (seed, unit)
    first = parts[0][parts[0]["arm"] == BASE]
    first = first[first["seed"] == first["seed"].min()].sort_values("unit")
    plan = verdicts.design(first, cell, statistics)
    pair = (losses[arm][None] for arm in (BASE, SELECTED))
    found = verdicts.judge(*pair, plan, level=np.array([100.0]))
    return found.to_dict("records")[0] | {"arm": SELECTED, "base": BASE, "q": np.nan}


def of_mean(
    base: dict, estimate: Mean, statistics: dict, text: str, units: int, margin: float
) -> dict:
    """Return the row of an answer for a mean of independent values.

    It is equivalent to none inside ±margin; an infinite one asks for no equivalence.
    """
    alpha, free = statistics["alpha"], estimate.freedom
    low, high = estimate.interval(alpha)
    test = (float(estimate.mean), float(estimate.error), free)
    tost = equivalence.equivalent(*test, (-margin, margin), alpha).p
    numbers = {
        **{"arm": SELECTED, "base": BASE, "estimate_pct": test[0]},
        **{"ci_lo": float(low), "ci_hi": float(high), "p_raw": float(estimate.p)},
        **{"tost": tost if np.isfinite(margin) else np.nan},
        **{"n_units": units, "n_eff": float(units)},
        "mde_pct": float(estimate.detectable(alpha, statistics["power"])),
    }
    return row(base, "undecided", text, **numbers)


def decide(rows: list[dict], alpha: float) -> list[dict]:
    """Return the rows of one question with p_bh, corrected among them, and verdict."""
    q = multiplicity.adjust([one["p_raw"] for one in rows], "bh")
    return [
        one | {"p_bh": own, "verdict": _verdict(one, own, alpha)}
        for one, own in zip(rows, q, strict=True)
    ]


def _verdict(one: dict, q: float, alpha: float) -> str:
    if not np.isfinite(one["mde_pct"]):
        return "not testable"
    if one["tost"] <= alpha:
        return "equivalent"
    return "difference" if q < alpha else "undecided"
