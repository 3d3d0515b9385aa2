"""Answers that need several data sets: E3, E7."""

from collections.abc import Iterator

import pandas as pd

from seqshift.softgroup.findings import estimates, verdicts
from seqshift.softgroup.findings.comparisons import SELECTED
from seqshift.softgroup.findings.evidence import Evidence, data, ends, key, of_test, row
from seqshift.softgroup.findings.family import METRIC, descriptive
from seqshift.softgroup.runs.arms import BASE
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
    """E7: gain and net gain of the selected arm by cell, and the rule over real data.

    A benefit is one over single series and over the constant of the same mass.
    """
    pairs = {key(cell): (evidence.one(cell, SELECTED),
                         evidence.one(cell, SELECTED, role="net", base=DOSE))
             for cell in cells}  # fmt: skip
    for cell in cells:
        gain, net = pairs[key(cell)]
        if gain is None or net is None:
            yield row(cell, "not testable", f"{SELECTED} or {DOSE} was not run")
            continue
        text = (
            f"net of a constant of the same mass {ends(net)} ({net['verdict']}), over "
            f"single series {ends(gain)} ({gain['verdict']}); {_best(evidence, cell)}"
        )
        leads = gain if net["verdict"] == "benefit" else net
        yield row(cell, leads["verdict"], text, **of_test(net))
    base = {"dataset": "all", "H": "any"} | {
        name: cells[0][name] for name in ("backbone", "seeds")
    }
    real = [cell for cell in cells if cell["world"] == "real"]
    deciding = [cell for cell in real if cell["calendar"] and not descriptive(cell)]
    found = [pairs[key(cell)] for cell in deciding if None not in pairs[key(cell)]]
    known = [pair for pair in found if pair[1]["verdict"] != "not testable"]
    if real:
        verdict, text = _rule(known)
        left = [data(cell) for cell in real if cell not in deciding]
        text += f"; undated or descriptive, left out: {', '.join(left)}" * bool(left)
    else:
        verdict = "not testable"
        text = "world=simulated: no real data in this configuration"
    yield (
        row(base | {"world": "real"}, verdict, text)
        | _widest([net for _, net in known])
        | {"data": "all real data"}
    )


def _rule(known: list[tuple[dict, dict]]) -> tuple[str, str]:
    """Return the answer that pairs of gain and net gain give, and why."""
    if not known:
        return "not testable", "no real data set that may decide was run"
    strong = [
        f"{net['dataset']} H={net['H']} {ends(net)}, over single series {ends(gain)}"
        for gain, net in known
        if gain["verdict"] == net["verdict"] == "benefit" and net["gain"] >= SUBSTANTIAL
    ]
    if strong:
        return "yes", f"at least {SUBSTANTIAL:g} % net at {'; '.join(strong)}"
    if all(net["verdict"] == "equivalent" for _, net in known):
        return "no", "the net gain is equivalent to none on all real data that decide"
    open_ = [net for _, net in known if net["verdict"] == "undecided"]
    mde = max(net["mde"] for net in open_ or [net for _, net in known])
    return "undecided", f"no benefit is 1 % net as well; MDE up to {mde:.2f} %"


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


def _quarters(evidence: Evidence, cell: dict) -> pd.DataFrame:
    """Return the mean gain of the selected arm in %: quarter of a year by seed."""
    units = evidence.units[key(cell)]
    own = units[(units["scope"] == "all") & units["arm"].isin([BASE, SELECTED])]
    mean = own.groupby(["seed", "time", "arm"])[METRIC].mean().unstack("arm")
    if mean.empty:
        return pd.DataFrame()
    gains = 100 * (mean[BASE] - mean[SELECTED]) / mean[BASE].mean()
    gains = gains.unstack("seed")
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
    rules = evidence.statistics
    units, seeds = independent(apart.mean(axis=1)), independent(apart.mean(axis=0))
    estimate = verdicts.wider(units, seeds, apart.shape[1], rules["alpha"])
    text = f"difference of gains, {names}, over {len(apart)} common quarters"
    return estimates.of_mean(base, estimate, rules, text, len(apart), rules["margin"])
