"""Whether more relation between series goes with more gain: E4."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from seqshift.softgroup.findings import estimates
from seqshift.softgroup.findings.comparisons import SELECTED
from seqshift.softgroup.findings.evidence import Evidence, key, of_test, pick, row
from seqshift.softgroup.findings.family import descriptive
from seqshift.statistics.means import Mean


def relations(evidence: Evidence, cells: list[dict]) -> list[dict]:
    """E4: slope of the gain over the mean |r| inside groups, over sources of data.

    Horizons, cadences and variants of one source share its series, so they are
    averaged to one point; descriptive data are left out. Drawn worlds that differ in
    noise alone have a slope of their own, over their replicates.
    """
    rows = [_sources(evidence, cells), *_noises(evidence, cells)]
    return estimates.decide(rows, evidence.statistics["alpha"])


def _sources(evidence: Evidence, cells: list[dict]) -> dict:
    known = _points(evidence, [cell for cell in cells if not descriptive(cell)])
    base = {"dataset": "all", "H": "any", "world": "mixed"} | {
        name: cells[0][name] for name in ("backbone", "seeds")
    }
    points = known.groupby("source", sort=False)[["level", "gain"]].mean()
    listed = ", ".join(
        f"{one.Index}: |r| {one.level:.2f}, {one.gain:+.2f} %"
        for one in points.itertuples()
    )
    if len(points) < 3 or np.ptp(points["level"]) == 0:
        text = f"a slope needs three sources of different relations; {listed or '-'}"
        return row(base, "not testable", text) | {"data": "all"}
    fit = stats.linregress(points["level"], points["gain"])
    slope = Mean(float(fit.slope), float(fit.stderr), len(points) - 2)
    text = f"gain in % per unit of mean |r|, one point a source; {listed}"
    rules = evidence.statistics
    found = estimates.of_mean(base, slope, rules, text, len(points), np.inf)
    return found | {"data": "all"}


def _noises(evidence: Evidence, cells: list[dict]) -> Iterator[dict]:
    drawn = [cell for cell in cells if cell["kind"] == "clusters"]
    known = _points(evidence, drawn)
    for (horizon, *_), own in known.groupby(["H", "short", "lag", "rows"]):
        own = own.sort_values("level")
        if own["noise"].nunique() < 3:
            continue
        first, rules = drawn[own.index[0]], evidence.statistics
        parts = [evidence.units[key(drawn[place])] for place in own.index]
        parts = [units[units["scope"] == "all"] for units in parts]
        slope = estimates.slope(parts, own["level"].to_numpy(), first, rules)
        listed = ", ".join(
            f"noise {one.noise:g}: |r| {one.level:.2f}, {one.gain:+.2f} %"
            for one in own.itertuples()
        )
        text = f"gain in % per unit of mean |r|, over replicates; {listed}"
        base = first | {"dataset": "clusters by noise", "H": horizon}
        yield row(base, "undecided", text, **of_test(slope) | {"tost": np.nan})


def _points(evidence: Evidence, cells: list[dict]) -> pd.DataFrame:
    """Return mean |r| and gain of each cell that has both, by its place in the list."""
    rows = {}
    for place, cell in enumerate(cells):
        test, level = evidence.one(cell, SELECTED), _within(evidence, cell)
        if test is not None and np.isfinite(level):
            about = {"source": cell["source"], "H": cell["H"], **cell["sweep"]}
            rows[place] = about | {"level": level, "gain": test["gain"]}
    columns = ["source", "H", "noise", "short", "lag", "rows", "level", "gain"]
    return pd.DataFrame.from_dict(rows, orient="index").reindex(columns=columns)


def _within(evidence: Evidence, cell: dict) -> float:
    """Return the mean |r| inside the right groups; of all pairs if none are known."""
    rows = pick(evidence.similarity, dataset=cell["dataset"], H=cell["H"], on="level")
    grouping = cell["right"] or "joint"
    own = pick(rows, grouping=grouping)
    return float(own["within"].mean()) if len(own) else np.nan
