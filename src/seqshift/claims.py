"""Which of the pre-registered claims held, which failed, and which stay undecided."""

import numpy as np
import pandas as pd

from seqshift import evidence
from seqshift.evidence import NAN, Unit
from seqshift.schemas import planning
from seqshift.statistics import multiplicity

MEASURES = {
    "verdicts": "share of tests that fail; its range counts the undecided either way",
    "contrast": "ratio of first to second, in the cell that decides",
    "ablation": "ratio of variant to base, in the row that decides",
    "scaling": "exponent, of the curve that decides",
    "early-warning": "as in the part that decides",
    "controls": "drift, of the run that decides",
}


def judge(
    claims: list[dict], tables: dict[str, pd.DataFrame], alpha: float, sha256: str
) -> pd.DataFrame:
    """Judge every claim: the table CLAIMS.

    A claim about several cells holds if it is shown in all of them (intersection-union
    test, Berger 1982, doi:10.1080/00401706.1982.10487790) and has failed if the
    opposite is shown in one (Bonferroni over its cells). q is Benjamini-Hochberg: of
    tests.csv within its family there, of contrasts and ablations over the claims that
    rest on them. A cell without a result keeps a claim from holding.

    Parameters
    ----------
    claims
        `claimsfile.read`.
    tables
        tests, scores, resamples, ablations, scaling; warning (of the arena) and
        controls if the study has them.
    """
    rows = [_claim(claim, tables, alpha) for claim in claims]
    frame = pd.DataFrame(rows)
    own = (frame["family"] == "claims").to_numpy()
    for suffix in ("", "_failed"):
        p = frame[f"p{suffix}"].where(own).to_numpy()
        frame.loc[own, f"q{suffix}"] = multiplicity.adjust(p, "bh")[own]
    shown = {"held": frame["q"] <= alpha, "failed": frame["q_failed"] <= alpha}
    for verdict, found in shown.items():
        frame.loc[own & found, "verdict"] = verdict
    frame = frame.assign(sha256=sha256)[list(planning.CLAIMS.columns)]
    return planning.CLAIMS.validate(frame)


def _claim(claim: dict, tables: dict, alpha: float) -> dict:
    kept = ("source", "statement", "test", "family", "threshold", "held", "failed")
    row = {"claim": claim["id"]} | {key: claim[key] for key in kept}
    row["measure"] = MEASURES[claim["test"]]
    if claim["test"] == "verdicts":
        return row | _verdicts(claim, tables["tests"])
    units = evidence.KINDS[claim["test"]](claim, tables, alpha)
    return row | _units(units, claim)


def _verdicts(claim: dict, tests: pd.DataFrame) -> dict:
    """Judge a claim by the verdicts of the table of tests, corrected there."""
    rows = tests[
        (tests["metric"] == claim["metric"]) & (tests["axis"] == claim["axis"])
    ]
    rows = rows[rows["family"] == claim["family"]]
    for key, value in claim.get("where", {}).items():
        rows = rows[rows[key] == value]
    if rows.empty:
        return _nothing("no row of tests.csv has this metric, axis and family")
    fails, passes = (rows["verdict"] == name for name in ("fails", "does not fail"))
    some = claim["rows"] == "some"
    held, failed = (fails.any(), passes.all()) if some else (fails.all(), passes.any())
    numbers = {"estimate": fails.mean(), "low": fails.mean(), "high": 1 - passes.mean()}
    for suffix, (p, q), least in (
        ("", ("p", "q"), some),
        ("_failed", ("p_ok", "q_ok"), not some),
    ):
        fine = rows["status"] == "ok"
        for name, column in (("p", p), ("q", q)):
            known = rows[column].where(fine)
            whole = known.max() if fine.all() else NAN
            numbers[name + suffix] = known.min() if least else whole
    lost = rows.loc[rows["status"] != "ok", "status"].value_counts().sort_index()
    reason = f"{int(fails.sum())} of {len(rows)} tests fail, {int(passes.sum())} do not"
    if len(lost):
        names = ", ".join(f"{name} {count}" for name, count in lost.items())
        reason += f"; no verdict because of a status: {names}"
    return numbers | {
        "verdict": "held" if held else "failed" if failed else "undecided",
        "reason": reason,
        "units": len(rows),
    }


def _units(units: list[Unit], claim: dict) -> dict:
    """Join the units of a claim; those with p values are judged after correction."""
    if not units:
        return _nothing("not testable: this run has none of what the claim speaks of")
    fine = [unit for unit in units if unit.status == "ok"]
    if not fine:
        return _nothing(f"not testable: {_lost(units)}") | {"units": len(units)}
    whole = len(fine) == len(units)
    p, other = (np.array([getattr(unit, n) for unit in fine]) for n in ("p", "p_other"))
    verdicts = [unit.verdict for unit in fine]
    verdict = "held" if whole and set(verdicts) == {"held"} else "undecided"
    verdict = "failed" if "failed" in verdicts else verdict
    decides = fine[_decisive(verdicts, p, other)]
    counts = f"{len(fine)} of {len(units)} comparisons testable, decided by "
    reason = counts + decides.name + ("" if whole else f"; {_lost(units)}")
    return {
        "estimate": decides.estimate,
        "low": decides.low,
        "high": decides.high,
        "p": float(p.max()) if whole else NAN,
        "p_failed": float(np.minimum(1.0, len(fine) * other.min())),
        "q": NAN,
        "q_failed": NAN,
        "verdict": verdict,
        "reason": reason,
        "units": len(units),
    }


def _decisive(verdicts: list[str], p: np.ndarray, other: np.ndarray) -> int:
    """Return the unit that is furthest from the claim."""
    if not np.isnan(p).any():
        return int(np.lexsort((other, -p))[0])
    order = ("failed", "undecided", "held")
    return min(range(len(verdicts)), key=lambda at: order.index(verdicts[at]))


def _lost(units: list[Unit]) -> str:
    lost = [f"{unit.name} ({unit.status})" for unit in units if unit.status != "ok"]
    return "no result for " + ", ".join(lost)


def _nothing(reason: str) -> dict:
    names = ("estimate", "low", "high", "p", "q", "p_failed", "q_failed")
    row = dict.fromkeys(names, NAN)
    return row | {"verdict": "undecided", "reason": reason, "units": 0}
