"""Answers that one data set and horizon can give: E1, E2, E5, E6, E8."""

import numpy as np
import pandas as pd

from seqshift.softgroup.findings import estimates, verdicts
from seqshift.softgroup.findings.comparisons import REFERENCE, SELECTED
from seqshift.softgroup.findings.evidence import Evidence, ends, key, of_test, row
from seqshift.softgroup.findings.family import METRIC
from seqshift.softgroup.findings.hypotheses import arrays
from seqshift.softgroup.runs.arms import BASE
from seqshift.statistics import resampling


def kinds(evidence: Evidence, cell: dict) -> dict:
    """E1: compare kinds of similarity with |r|, each at its best beta."""
    rows = evidence.of(cell, role="kind")
    if rows.empty:
        return row(cell, "not testable", f"no kind was run beside {REFERENCE}")
    if not rows["mde"].notna().any():
        return row(cell, "not testable", rows["note"].iloc[0])
    told = rows[(rows["q"] < evidence.statistics["alpha"])]
    largest = rows.loc[rows["gain"].abs().idxmax()].to_dict()
    bound = rows[["low", "high"]].abs().to_numpy().max()
    grids = _grids(evidence, cell)
    if told.empty:
        text = f"no kind is told apart from {REFERENCE}; differences lie within "
        text += f"{bound:.2f} %; {grids}"
        return row(cell, "no difference", text, **of_test(largest))
    better = told[told["gain"] > 0].sort_values("gain", ascending=False)
    worse = told[told["gain"] <= 0].sort_values("gain")
    said = _named("better", better) + _named("worse", worse)
    lead = (better if len(better) else worse).iloc[0].to_dict()
    text = f"than {REFERENCE} (best beta of validation each) {'; '.join(said)}; {grids}"
    return row(cell, "difference", text, **of_test(lead))


def sharpness(evidence: Evidence, cell: dict) -> dict:
    """E2: the gain at the beta that validation chose, and where the least loss lies."""
    chosen = _chosen(evidence, cell)
    rows = evidence.of(cell).set_index("arm")
    rows = rows[rows.index.str.startswith(f"soft_single_{REFERENCE}_b")]
    if len(rows) < 2 or chosen is None:
        return row(cell, "not testable", "fewer than two values of beta were run")
    betas = rows["beta"].sort_values()
    units = evidence.units[key(cell)]
    whole = units[units["scope"] == "all"]
    known = arrays(whole, METRIC)
    mean = np.stack([known[arm].mean(0) for arm in betas.index])  # (beta, unit)
    first = whole[(whole["arm"] == BASE) & (whole["seed"] == whole["seed"].min())]
    plan = verdicts.design(first.sort_values("unit"), cell, evidence.statistics)
    place = plan.replicates(mean).argmin(1)
    low, high = resampling.interval(place, evidence.statistics["alpha"])
    value = betas.to_numpy()
    best = betas.index[int(mean.mean(1).argmin())]
    text = (
        f"validation chose {chosen['arm']}, {ends(chosen)}; least loss at beta "
        f"{betas[best]:g} (temperature 1/beta), interval of the place "
        f"{value[int(np.floor(low))]:g} to {value[int(np.ceil(high))]:g}; beta is "
        f"sharpness, the mask is hard at inf and joint at 0; gain there "
        f"{ends(rows.loc[best])}, picked on these windows, so without a verdict"
    )
    return row(cell, chosen["verdict"], text, **of_test(chosen))


def parts(evidence: Evidence, cell: dict) -> dict:
    """E5: which variables or parents the selected soft mask helps or harms."""
    rows = evidence.of(cell, arm=SELECTED, scope="part")
    if rows.empty:
        return row(cell, "not testable", f"{SELECTED} was not judged by part")
    by = {name: own for name, own in rows.groupby("verdict")}
    said = [
        f"{name}: " + ", ".join(f"{one.part} {one.gain:+.2f} %"
                                for one in own.itertuples())
        for name, own in by.items()
    ]  # fmt: skip
    order = ("benefit", "harm", "undecided", "equivalent", "not testable")
    verdict = next(name for name in order if name in by)
    own = by[verdict]
    if {"benefit", "harm"} <= by.keys():
        verdict, own = "difference", pd.concat([by["benefit"], by["harm"]])
    lead = own.loc[(own["mde"] if verdict == "undecided" else own["gain"].abs())
                   .fillna(0).idxmax()].to_dict()  # fmt: skip
    text = f"{lead['part']} leads; {'; '.join(said)}; corrected inside this row"
    return row(cell, verdict, text, **of_test(lead))


def steps(evidence: Evidence, cells: list[dict]) -> list[dict]:
    """E6: the slope of the gain over the steps of the horizon, in % per 100 steps."""
    rows = [_steps(evidence, cell) for cell in cells]
    return estimates.decide(rows, evidence.statistics["alpha"])


def repair(evidence: Evidence, cell: dict) -> dict:
    """E8: what a soft mask on the wrong groups gains over the hard mask on them."""
    wrong = cell["wrong"]
    test = wrong and evidence.one(cell, f"soft_{wrong}_selected", role="repair")
    if not test:
        return row(cell, "not testable", "the data set has no wrong groups")
    hard = evidence.one(cell, f"hard_{wrong}")
    soft = evidence.one(cell, f"soft_{wrong}_selected")
    text = (
        f"soft over hard within the groups {wrong} {ends(test)}; over single series "
        f"hard {ends(hard)}, soft {ends(soft)}"
    )
    return row(cell, test["verdict"], text, **of_test(test))


def _grids(evidence: Evidence, cell: dict) -> str:
    """Return the betas each kind was run with: a longer list is at an advantage."""
    arms = evidence.of(cell)
    arms = arms[arms["arm"].str.startswith("soft_single_") & arms["beta"].notna()]
    arms = arms[~arms["arm"].eq(SELECTED)].drop_duplicates("arm")
    kind = arms["arm"].str.removeprefix("soft_single_").str.rsplit("_b", n=1).str[0]
    lists = arms["beta"].groupby(kind).apply(lambda own: sorted(own))
    said = (f"{name} {', '.join(f'{b:g}' for b in own)}" for name, own in lists.items())
    return f"betas run: {'; '.join(said)}"


def _named(word: str, rows: pd.DataFrame) -> list[str]:
    if rows.empty:
        return []
    listed = ", ".join(f"{one['arm']} {ends(one)}" for one in rows.to_dict("records"))
    return [f"{word}: {listed}"]


def _steps(evidence: Evidence, cell: dict) -> dict:
    whole = evidence.one(cell, SELECTED)
    bands = evidence.of(cell, arm=SELECTED, scope="band")
    if whole is None:
        return row(cell, "not testable", f"{SELECTED} was not run")
    head = f"all steps {ends(whole)} ({whole['verdict']}, MDE {whole['mde']:.2f} %)"
    if len(bands) < 2:
        return row(cell, "not testable", f"{head}; one band of steps has no slope")
    places = bands["band"].str.split("-", expand=True).astype(int).mean(axis=1)
    bands = bands.assign(place=places).sort_values("place")
    units = evidence.units[key(cell)]
    units = units[units["scope"] == "band"]
    parts = [units[units["band"] == band] for band in bands["band"]]
    hundreds = bands["place"].to_numpy() / 100
    slope = estimates.slope(parts, hundreds, cell, evidence.statistics)
    listed = ", ".join(f"{b.band}: {b.gain:+.2f}" for b in bands.itertuples())
    text = f"slope {ends(slope)} per 100 steps; bands of steps {listed} %; {head}"
    return row(cell, "undecided", text, **of_test(slope) | {"tost": np.nan})


def _chosen(evidence: Evidence, cell: dict) -> dict | None:
    """Return the test at the beta that validation windows chose for |r|.

    Other kinds are compared with it; without any it is the selected arm.
    """
    others = evidence.of(cell, role="kind")["base"]
    return evidence.one(cell, others.iloc[0] if len(others) else SELECTED)
