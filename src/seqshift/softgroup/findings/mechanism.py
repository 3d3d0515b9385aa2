"""Judges of the claims about same-origin batches: C1, C3, C6, C7, C8, C9."""

import numpy as np
import pandas as pd

from seqshift.schemas.findings import CELL
from seqshift.softgroup.findings.comparisons import REFERENCE, SELECTED
from seqshift.softgroup.findings.evidence import (
    Evidence,
    ends,
    of_test,
    pick,
    row,
    unshown,
)
from seqshift.softgroup.findings.family import descriptive
from seqshift.softgroup.runs.arms import BASE

AGREEMENT = "agreement.csv"
MASS = "mass.csv"
IDENTICAL = 0.98
SMOOTHERS = ("ctrl_shrink10", "ctrl_ma5")


def no_gain(evidence: Evidence, cell: dict) -> dict:
    """C1: judge whether the arm of the original gains nothing."""
    test = evidence.one(cell, "seed")
    if test is None:
        return row(cell, "not testable", "the arm seed was not run")
    said = f"arm seed {ends(test)}: {test['verdict']}"
    verdicts = {"benefit": "refuted", "equivalent": "confirmed", "harm": "confirmed"}
    if test["verdict"] not in verdicts:
        return row(cell, "not testable", f"{said}, {unshown(test)}",
                   **of_test(test))  # fmt: skip
    return row(cell, verdicts[test["verdict"]], said, **of_test(test))


def identical(evidence: Evidence, cell: dict) -> dict:
    """C3: judge likeness to the baseline, and what that number can tell."""
    rows = pick(evidence.agreement, **{name: cell[name] for name in CELL})
    rows = rows[rows["arm"] != BASE] if len(rows) else rows
    own = pick(rows, arm="seed")
    if own.empty or own[["pearson", "agreement"]].isna().all().any():
        return row(cell, "not testable", "the agreement of the arm seed is not known")
    pearson, agreed = own["pearson"].mean(), own["agreement"].mean()
    every = rows.groupby("arm")["pearson"].mean()
    nothing = ", so it tells no arm from another" * bool(every.min() >= IDENTICAL)
    text = (
        f"pooled Pearson of the arm seed {pearson:.4f}, of all {len(every)} arms "
        f"{every.min():.4f} to {every.max():.4f}{nothing}; agreement beyond "
        f"the seasonal naive forecast {agreed:.3f}"
    )
    near = pearson >= IDENTICAL
    verdict = "partly" if near and agreed < IDENTICAL else "confirmed"
    return row(cell, verdict if near else "refuted", text, arm="seed",
               base=BASE, source_file=AGREEMENT)  # fmt: skip


def significant(evidence: Evidence, cell: dict) -> dict:
    """C6: judge whether significance survives the overlap of windows."""
    test = evidence.one(cell, "seed")
    if test is None:
        return row(cell, "not testable", "the arm seed was not run")
    if descriptive(cell):
        return row(cell, "not testable", "; ".join(cell["remarks"]))
    alpha = evidence.statistics["alpha"]
    text = (
        f"arm seed {ends(test)}, q {test['q']:.3g}: p {test['unit_p']:.3g} by EWC, "
        f"{test['bartlett_p']:.3g} by Bartlett, {test['pooled_p']:.3g} if all windows "
        f"were independent; n_eff {test['n_eff']:.0f} of {test['units']} origins"
    )
    if not np.isfinite(test["q"]):
        return row(cell, "not testable", f"no interval: {text}", **of_test(test))
    if test["q"] >= alpha:
        usual = "; the usual test would call it significant"
        said = text + usual * bool(test["pooled_p"] < alpha)
        return row(cell, "refuted", said, **of_test(test))
    if test["gain"] <= 0:
        return row(cell, "refuted", f"a loss is significant: {text}", **of_test(test))
    verdict = "partly" if test["verdict"] == "equivalent" else "confirmed"
    return row(cell, verdict, text, **of_test(test))


def direction(evidence: Evidence, cell: dict) -> dict:
    """C7: judge the direction of the original's temperature T, a factor of log s."""
    rows = pick(evidence.mass, **{name: cell[name] for name in CELL})
    if len(rows):
        arm = rows["arm"].str.startswith(f"soft_single_{REFERENCE}_b")
        rows = rows[arm & np.isfinite(rows["beta"])]
    if len(rows) == 0 or rows["beta"].nunique() < 3:
        return row(cell, "not testable", "attention mass at three betas is not known")
    mass = rows.groupby("beta")["mass"].mean().sort_index()
    steps = np.diff(mass.to_numpy())
    listed = ", ".join(f"{beta:g}: {value:.3f}" for beta, value in mass.items())
    text = (
        f"cross-group attention mass by beta (the original's temperature) {listed}; "
        "a larger value is stricter, so the sentence is reversed"
    )
    if (steps < 0).all():
        return row(cell, "refuted", text, source_file=MASS)
    verdict = "confirmed" if (steps > 0).all() else "partly"
    return row(cell, verdict, text.split("; a larger")[0], source_file=MASS)


def smoothing(evidence: Evidence, cell: dict) -> dict:
    """C8: judge whether smoothing or sharing with similar series makes the gain."""
    whole = evidence.one(cell, SELECTED)
    nets = evidence.of(cell, role="net", arm=SELECTED).set_index("base")
    needed = [*SMOOTHERS, "ctrl_dose_selected"]
    if whole is None or not set(needed) <= set(nets.index):
        return row(cell, "not testable", f"{SELECTED} or its controls were not run")
    listed = ", ".join(
        f"over {name} {ends(nets.loc[name].to_dict())}" for name in needed
    )
    text = f"{SELECTED} {ends(whole)}; {listed}"
    verdict, said, leads = _explained(whole, nets)
    lead = nets.loc[leads].to_dict() | {"base": leads}
    return row(cell, verdict, f"{said}: {text}", **of_test(lead))


def _explained(whole: dict, nets: pd.DataFrame) -> tuple[str, str, str]:
    """Return whether smoothing explains a gain, why, and the base whose row says so."""
    found, dose = nets["verdict"], "ctrl_dose_selected"
    if whole["verdict"] != "benefit":
        said = f"there is no benefit to explain ({whole['verdict']})"
        return "not testable", said, dose
    if found[dose] == "benefit":
        return "refuted", "similarity matters", dose
    for name in SMOOTHERS:
        if found[name] in ("equivalent", "harm"):
            return "confirmed", f"{name} does as well ({found[name]})", name
    if (found[list(SMOOTHERS)] == "benefit").all():
        said = "sharing helps beyond smoothing, similarity is not shown to"
        return "partly", said, dose
    least = nets.loc[list(SMOOTHERS), "mde"].where(found != "benefit")
    said = f"smoothing may do as well or worse, MDE {least.max():.2f} %"
    return "not testable", said, least.fillna(-1).idxmax()


def relaxing(evidence: Evidence, cell: dict) -> dict:
    """C9: judge soft masks on wrong groups against hard masks on them."""
    wrong = cell["wrong"]
    test = wrong and evidence.one(cell, f"soft_{wrong}_selected", role="repair")
    if not test:
        return row(cell, "not testable", "the data set has no wrong groups")
    said = f"soft over hard within the groups {wrong} {ends(test)}: {test['verdict']}"
    if test["verdict"] in ("undecided", "not testable"):
        return row(cell, "not testable", f"{said}, {unshown(test)}",
                   **of_test(test))  # fmt: skip
    verdict = "confirmed" if test["verdict"] == "benefit" else "refuted"
    return row(cell, verdict, said, **of_test(test))
