"""What the result tables say of one claim: one unit of evidence per row or contrast."""

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd

from seqshift.schemas import results
from seqshift.statistics import contrasts
from seqshift.statistics.effects import Effect
from seqshift.statistics.tests import skills

NAN = float("nan")
ALL = "all"  # the scope of a part of the early-warning claim over all domains
LOST = ("undecided", "not_testable")
Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Unit:
    """One comparison that a claim speaks of.

    `p` tests that the claim holds here, `p_other` that its opposite does. Where a table
    holds no p value, `verdict` is what its interval or its own status says. A `status`
    other than ok names why the unit decides nothing.
    """

    name: str
    estimate: float = NAN
    low: float = NAN
    high: float = NAN
    p: float = NAN
    p_other: float = NAN
    verdict: str = "undecided"
    status: str = "ok"


def contrast(claim: dict, tables: Tables, alpha: float) -> list[Unit]:
    """Return the paired contrast of two models, or modalities, in every cell."""
    scores = tables["scores"]
    parts = contrasts.tables(scores, tables["resamples"])
    known = skills(scores)
    varied = next(iter(claim["first"]))
    second, firsts = claim["second"][varied], claim["first"][varied]
    firsts = firsts if isinstance(firsts, list) else [firsts]
    cells = scores[_rows(scores, claim) & (scores["period"] == "")]
    cells = cells[cells[varied] == second]
    units = []
    keys = [*results.RUN, "axis", "slice"]
    for base, first in product(_distinct(cells[keys]), firsts):
        run = dict(zip(keys, base, strict=True)) | {varied: first}
        if not _has(scores, run):
            continue
        ends = (claim["metric"], "corr")
        pair = [(*run.values(), *ends), (*base, *ends)]
        effect, status = contrasts.paired(pair, *parts)
        if status == "ok" and not known.get(base[:3], {}).get("skill_train", NAN) < 0:
            status = "underfit"
        name = _name(run)
        units.append(_tested(name, effect, status, claim, alpha))
    return units


def ablation(claim: dict, tables: Tables, alpha: float) -> list[Unit]:
    """Return the rows of the variants that a claim names, each with its own side."""
    rows, units = tables["ablations"], []
    measured = rows[rows["measure"] == claim["metric"]] if len(rows) else rows
    for row in measured.to_dict("records"):
        side = claim["variants"].get(row["variant"])
        if side is None:
            continue
        # The table is two-sided: half of p on the side where the estimate lies.
        on_side = (row["estimate"] > 1) == (side == "above")
        half = row["p"] / 2
        p = half if on_side else 1 - half
        name = f"{row['domain']} {row['variant']} against {row['base']}"
        numbers = (row["estimate"], row["low"], row["high"], p, 1 - p)
        units.append(Unit(name, *numbers, status=row["status"]))
    return units


def scaling(claim: dict, tables: Tables, alpha: float) -> list[Unit]:
    """Return the exponent of the pure law of every curve on the claim's days."""
    rows, units = tables["scaling"], []
    if len(rows):
        rows = rows[rows["split"].isin(claim["rows"]) & (rows["form"] == "power")]
    for row in rows.to_dict("records"):
        ends = [row["exponent"], row["exponent_low"], row["exponent_high"]]
        name = f"{row['domain']} {row['model']} by {row['by']}"
        status = "not_testable" if np.isnan(ends[1:]).any() else "ok"
        verdict = _beyond(*ends[1:], claim) if status == "ok" else "undecided"
        units.append(Unit(name, *ends, verdict=verdict, status=status))
    return units


def early_warning(claim: dict, tables: Tables, alpha: float) -> list[Unit]:
    """Return the parts of the early-warning claim over all domains, judged there."""
    rows, units = tables.get("warning", pd.DataFrame()), []
    for row in rows.to_dict("records"):
        if row["scope"] == ALL and row["part"] in claim["rows"]:
            known = row["outcome"] in ("held", "failed")
            verdict, status = (row["outcome"], "ok") if known else LOST
            numbers = (row["estimate"], row["low"], row["high"])
            name = f"part ({row['part']})"
            units.append(Unit(name, *numbers, verdict=verdict, status=status))
    return units


def controls(claim: dict, tables: Tables, alpha: float) -> list[Unit]:
    """Return the runs that a control was made on, and whether they passed it."""
    rows, units = tables.get("controls", pd.DataFrame()), []
    for row in rows.to_dict("records"):
        if row["control"] in claim["rows"]:
            verdict, status = ("held" if row["passed"] else "failed"), "ok"
            if row["status"] != "ok":
                verdict, status = LOST
            name = " ".join(row[key] for key in results.RUN)
            numbers = (row["value"], row["low"], row["high"])
            units.append(Unit(name, *numbers, verdict=verdict, status=status))
    return units


KINDS = {
    "contrast": contrast,
    "ablation": ablation,
    "scaling": scaling,
    "early-warning": early_warning,
    "controls": controls,
}


def _tested(
    name: str, effect: Effect | None, status: str, claim: dict, alpha: float
) -> Unit:
    """Return the unit of an effect on the log scale, as a ratio."""
    if effect is None:
        return Unit(name, status=status)
    bar = float(np.log(claim["threshold"]))
    above, below = replace(effect, threshold=bar).beyond()
    p, other = (above, below) if claim["side"] == "above" else (below, above)
    numbers = np.exp([effect.mean, *effect.interval(alpha)]).tolist()
    return Unit(name, *numbers, p, other, status=status)


def _beyond(low: float, high: float, claim: dict) -> str:
    """Return on which side of its threshold an interval lies."""
    above, below = low > claim["threshold"], high < claim["threshold"]
    held, failed = (above, below) if claim["side"] == "above" else (below, above)
    return "held" if held else "failed" if failed else "undecided"


def _rows(scores: pd.DataFrame, claim: dict) -> pd.Series:
    rows = (scores["metric"] == claim["metric"]) & (scores["column"] == "corr")
    rows &= scores["axis"] == claim["axis"]
    for key, value in claim.get("where", {}).items():
        rows &= scores[key] == value
    return rows


def _distinct(frame: pd.DataFrame) -> list[tuple]:
    return sorted(set(frame.itertuples(index=False, name=None)))


def _has(scores: pd.DataFrame, run: dict) -> bool:
    same = [scores[key] == run[key] for key in results.RUN]
    return bool(np.logical_and.reduce(same).any())


def _name(run: dict) -> str:
    words = [run["domain"], run["modality"], run["model"], run["slice"]]
    return " ".join(word for word in words if word)
