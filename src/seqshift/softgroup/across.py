"""Answers that need several data sets: E3, E7."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from seqshift.softgroup import estimates
from seqshift.softgroup.arms import BASE
from seqshift.softgroup.comparisons import SELECTED
from seqshift.softgroup.evidence import Evidence, ends, key, of_test, row
from seqshift.softgroup.family import METRIC
from seqshift.statistics.means import independent

SUBSTANTIAL = 1.0  # % of the loss, net of a constant similarity of the same mass
DOSE = "ctrl_dose_selected"


def cadence(evidence: Evidence, cells: list[dict]) -> Iterator[dict]:
    """E3: the gain at each cadence, and differences of gains by calendar quarter."""
    own = [cell for cell in cells if cell["kind"] == "eia930"]
    for cell in cells:
        test = evidence.one(cell, SELECTED)
        if cell["kind"] != "eia930" and cell["cadence"] != "weekly":
            continue
        if test is None:
            yield row(cell, "not testable", f"{SELECTED} was not run")
            continue
        said = f"{cell['cadence']} data: {ends(test)}"
        if cell["kind"] != "eia930":
            said += "; descriptive: few effective units"
        yield row(cell, test["verdict"], said, **of_test(test))
    apart = [
        _apart(evidence, first, second)
        for place, first in enumerate(own)
        for second in own[place + 1 :]
    ]
    yield from estimates.decide(apart, evidence.statistics["alpha"])


def substantial(evidence: Evidence, cells: list[dict]) -> Iterator[dict]:
    """E7: net gain of the selected arm in each cell, and the rule over real data."""
    nets = {key(cell): evidence.one(cell, SELECTED, role="net", base=DOSE)
            for cell in cells}  # fmt: skip
    for cell in cells:
        test = nets[key(cell)]
        if test is None:
            yield row(cell, "not testable", f"{SELECTED} or {DOSE} was not run")
            continue
        best = _best(evidence, cell)
        text = f"net of a constant of the same mass {ends(test)}; {best}"
        yield row(cell, test["verdict"], text, **of_test(test))
    base = {"dataset": "all", "H": "any"} | {
        name: cells[0][name] for name in ("backbone", "seeds")
    }
    real = [cell for cell in cells if cell["world"] == "real"]
    known = [nets[key(cell)] for cell in real if nets[key(cell)] is not None]
    yield (
        row(base | {"world": "real"}, *_rule(known))
        | _widest(known)
        | {"data": "all real data"}
    )


def _rule(known: list[dict]) -> tuple[str, str]:
    if not known:
        return "not testable", "world=simulated: no real data in this configuration"
    strong = [
        f"{test['dataset']} H={test['H']} {ends(test)}"
        for test in known
        if test["verdict"] == "benefit" and test["gain"] >= SUBSTANTIAL
    ]
    if strong:
        return "yes", f"at least {SUBSTANTIAL:g} % net at {'; '.join(strong)}"
    if all(test["verdict"] == "equivalent" for test in known):
        return "no", "the net gain is equivalent to none on all real data"
    open_ = [test for test in known if test["verdict"] == "undecided"]
    mde = max((test["mde"] for test in open_ or known), default=np.nan)
    return "undecided", f"no net benefit of 1 % is shown; MDE up to {mde:.2f} %"


def _widest(known: list[dict]) -> dict:
    if not known:
        return {}
    numbers = of_test(max(known, key=lambda test: test["gain"]))
    return numbers | {"mde_pct": max(test["mde"] for test in known)}


def _best(evidence: Evidence, cell: dict) -> str:
    """Return the exploratory net gain that is highest, in words."""
    rows = evidence.of(cell, role="net")
    rows = rows[rows["base"].str.startswith("ctrl_dose")]
    top = rows.loc[rows["gain"].idxmax()].to_dict()
    return f"best exploratory {top['arm']} {ends(top)} ({top['verdict']})"


def _quarters(evidence: Evidence, cell: dict) -> pd.Series:
    """Return the mean gain of the selected arm in each calendar quarter, in %."""
    units = evidence.units[key(cell)]
    own = units[(units["scope"] == "all") & units["arm"].isin([BASE, SELECTED])]
    mean = own.groupby(["arm", "time"])[METRIC].mean().unstack("arm")
    if mean.empty:
        return pd.Series(dtype=float)
    gains = 100 * (mean[BASE] - mean[SELECTED]) / mean[BASE].mean()
    return gains.groupby(gains.index.to_period("Q")).mean()


def _apart(evidence: Evidence, first: dict, second: dict) -> dict:
    """Return the row of a difference of gains between two cadences."""
    quarters = [_quarters(evidence, cell) for cell in (first, second)]
    apart = (quarters[1] - quarters[0]).dropna()
    names = f"{second['cadence']} minus {first['cadence']}"
    base = first | {"dataset": f"eia930 {names}", "H": "own"}
    if len(apart) < 2:
        text = f"{names}: {len(apart)} common quarters, two are needed"
        return row(base, "not testable", text)
    estimate = independent(apart.to_numpy())
    text = f"difference of gains, {names}, over {len(apart)} common quarters"
    rules = evidence.statistics
    return estimates.of_mean(base, estimate, rules, text, len(apart), rules["margin"])
