"""The table of all tests: every comparison of arms in every cell, one row each."""

import numpy as np
import pandas as pd

from seqshift.schemas.findings import CELL, METRICS, TESTS
from seqshift.softgroup.findings import comparisons, verdicts
from seqshift.softgroup.findings.comparisons import Pair
from seqshift.softgroup.findings.evidence import key, pick
from seqshift.softgroup.findings.family import METRIC
from seqshift.softgroup.runs.arms import BASE
from seqshift.statistics import multiplicity, overlap

PARTS = ("part", "band", "cell")
NUMBERS = ["gain", "mde", "tost_p", "q"]


def table(
    units: dict[tuple, pd.DataFrame],
    agreement: pd.DataFrame,
    selected: dict[tuple, dict],
    family: pd.DataFrame,
    cells: list[dict],
    statistics: dict,
) -> pd.DataFrame:
    """Test all comparisons of all cells: the table TESTS.

    Parameters
    ----------
    units
        UNITS of each cell that was run, by its key.
    agreement
        AGREEMENT of all runs: which arms there are, and what controls imitate.
    selected
        What validation selected in each cell.
    family, cells, statistics
        As of `judge`, `verdicts.design` and `rows`.
    """
    found = []
    for cell in cells:
        name = key(cell)
        if name in units:
            arms = pick(agreement, **dict(zip(CELL, name, strict=True)))
            arms = arms[arms["seed"] == arms["seed"].min()]
            best = selected[name]["single"]["best"]
            chosen = comparisons.pairs(arms, best, cell["wrong"])
            found.append(rows(units[name], chosen, cell, statistics))
    return judge(pd.concat(found, ignore_index=True), family, statistics["alpha"])


def rows(units: pd.DataFrame, pairs: list[Pair], cell: dict, statistics: dict):
    """Test the comparisons of one cell: rows of TESTS without family, q and verdict.

    Parameters
    ----------
    units
        UNITS of the cell.
    pairs
        The comparisons; those of role gain are tested per part and band too.
    cell
        As `verdicts.design` wants it, with `world` and `calendar`.
    statistics
        `alpha`, `power`, `margin`, `draws`, `seed`.
    """
    whole = units[units["scope"] == "all"]
    plan = _design(whole, cell, statistics)
    gains = [pair for pair in pairs if pair.role == "gain"]
    found = [
        _tested(whole, gains if metric != METRIC else pairs, metric, plan)
        for metric in METRICS
    ]
    note = verdicts.remark(cell, plan)
    found = [table.assign(note=note) for table in found]
    pooled = _pooled(units[units["scope"] == "part"], cell)
    found[0]["pooled_p"] = [
        pooled.get(arm, np.nan) if role == "gain" else np.nan
        for role, arm in zip(found[0]["role"], found[0]["arm"], strict=True)
    ]
    for (scope, part, band), own in units[units["scope"].isin(PARTS)].groupby(
        ["scope", "part", "band"], sort=True
    ):
        present = set(own["arm"])
        chosen = [pair for pair in gains if pair.arm in present]
        own_plan = _design(own, cell, statistics)
        table = _tested(own, chosen, METRIC, own_plan).assign(scope=scope)
        note = verdicts.remark(cell, own_plan)
        found.append(table.assign(part=part, band=band, note=note))
    joined = pd.concat([one for one in found if len(one)], ignore_index=True)
    keys = {name: cell[name] for name in (*CELL, "world", "unit")}
    return joined.assign(**keys, **_betas(joined["arm"]))


def judge(tests: pd.DataFrame, family: pd.DataFrame, alpha: float) -> pd.DataFrame:
    """Add family, q and verdict to the rows of all cells: the table TESTS.

    The declared comparisons of a backbone are one family. All others are exploratory,
    corrected within their role, and those of parts and bands within their own arm.
    """
    own = pick(family, status="planned")
    declared = set(own[[*CELL, "arm"]].itertuples(index=False, name=None))
    keys = tests[[*CELL, "arm"]].itertuples(index=False, name=None)
    head = (tests["role"] == "gain") & (tests["scope"] == "all")
    head &= tests["metric"] == METRIC
    confirmatory = head & np.array([key in declared for key in keys])
    tests = tests.assign(family=np.where(confirmatory, "confirmatory", "exploratory"))
    group = tests["backbone"] + "|" + tests["role"] + "|" + tests["scope"]
    group += "|" + tests["metric"] + "|" + tests["family"]
    own = tests["dataset"] + "|" + tests["H"].astype(str) + "|" + tests["arm"]
    group = group.where(~tests["scope"].isin(PARTS), group + "|" + own)
    p = tests["p"].to_numpy()
    tests["q"] = multiplicity.within(p, group.to_numpy(), "bh")
    tests["verdict"] = verdicts.decide(tests, alpha)
    return tests[list(TESTS.columns)]


def arrays(units: pd.DataFrame, metric: str) -> dict[str, np.ndarray]:
    """Return the losses of each arm, (seed, unit), units in the order of time."""
    table = units.pivot(index=["seed", "unit"], columns="arm", values=metric)
    seeds = table.index.get_level_values("seed").nunique()
    return {arm: table[arm].to_numpy().reshape(seeds, -1) for arm in table}


def _design(units: pd.DataFrame, cell: dict, statistics: dict) -> verdicts.Design:
    one = units[(units["arm"] == BASE) & (units["seed"] == units["seed"].min())]
    return verdicts.design(one.sort_values("unit"), cell, statistics)


def _tested(units: pd.DataFrame, pairs: list[Pair], metric: str, plan):
    if not pairs:
        return pd.DataFrame()
    known = arrays(units, metric)
    base, arm = (
        np.stack([known[getattr(pair, name)] for pair in pairs])
        for name in ("base", "arm")
    )  # (comparison, seed, unit) each
    # A net gain is the difference of two gains over single series.
    net = np.array([pair.role == "net" for pair in pairs])
    level = np.where(net, known[BASE].mean(), base.mean((1, 2)))
    table = verdicts.judge(base, arm, plan, level)
    keys = {name: [getattr(pair, name) for pair in pairs] for name in Pair._fields}
    where = {"scope": "all", "part": "", "band": "", "metric": metric}
    return table.assign(**keys, **where, pooled_p=np.nan)


def _pooled(parts: pd.DataFrame, cell: dict) -> dict[str, float]:
    """Return p of the t test over all windows, as if each were independent.

    None is known where a part averages several series.
    """
    if cell["part"] != "series" and cell["unit"] != "series":
        return {}
    mean = parts.groupby(["arm", "part", "unit"])[METRIC].mean().unstack("arm")
    return {
        arm: float(overlap.pooled((mean[BASE] - mean[arm]).to_numpy()))
        for arm in mean
        if arm != BASE and len(mean) > 1
    }


def _betas(arms: pd.Series) -> dict:
    """Return beta of each arm that names one, and 1 / beta."""
    beta = arms.str.extract(r"^soft_.*_b([\d.]+|inf)$")[0].astype(float)
    beta = beta.where(arms != "seed", 5.0)
    with np.errstate(divide="ignore"):
        return {"beta": beta, "temperature": 1 / beta}
