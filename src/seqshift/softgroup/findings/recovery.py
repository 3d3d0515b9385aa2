"""Which share of the gain of the right groups an arm recovers without knowing them."""

import numpy as np
import pandas as pd

from seqshift.schemas.findings import CELL, RECOVERY
from seqshift.softgroup.findings import verdicts
from seqshift.softgroup.findings.evidence import key, pick
from seqshift.softgroup.findings.family import METRIC
from seqshift.softgroup.findings.hypotheses import arrays
from seqshift.softgroup.runs.arms import BASE
from seqshift.statistics import resampling


def table(
    units: dict[tuple, pd.DataFrame],
    tests: pd.DataFrame,
    cells: list[dict],
    statistics: dict,
) -> pd.DataFrame:
    """Return RECOVERY of all cells whose right groups are known.

    The interval is a bootstrap over units. Where the interval of the gain of the right
    groups covers 0, nothing can be recovered and the reason says so.

    Parameters
    ----------
    units
        UNITS of each cell that was run.
    tests
        TESTS of all cells.
    """
    known = [cell for cell in cells if cell["right"] and key(cell) in units]
    frames = [_of_cell(units[key(cell)], tests, cell, statistics) for cell in known]
    if not frames:
        return pd.DataFrame({name: [] for name in RECOVERY.columns})
    return pd.concat(frames, ignore_index=True)[list(RECOVERY.columns)]


def _of_cell(
    units: pd.DataFrame, tests: pd.DataFrame, cell: dict, statistics: dict
) -> pd.DataFrame:
    whole = units[units["scope"] == "all"]
    first = whole[(whole["arm"] == BASE) & (whole["seed"] == whole["seed"].min())]
    plan = verdicts.design(first.sort_values("unit"), cell, statistics)
    losses = {arm: own.mean(0) for arm, own in arrays(whole, METRIC).items()}
    own = pick(tests, **{name: cell[name] for name in CELL}, role="gain", scope="all")
    gains = pick(own, metric=METRIC).set_index("arm")
    right = gains.loc[f"hard_{cell['right']}"]
    reason = "" if right["low"] > 0 else "the right groups do not gain for certain"
    base = plan.replicates(losses[BASE])
    whole_gain = base - plan.replicates(losses[right.name])  # (draw,)
    rows = []
    for arm in gains.index.drop(right.name):
        found = {"recovery": np.nan, "low": np.nan, "high": np.nan}
        if not reason:
            share = (base - plan.replicates(losses[arm])) / whole_gain
            ends = resampling.interval(share, statistics["alpha"])
            value = gains.loc[arm, "gain"] / right["gain"]
            found = {"recovery": value, "low": ends[0], "high": ends[1]}
        rows.append({"arm": arm, "gain": gains.loc[arm, "gain"], **found})
    keys = {name: cell[name] for name in (*CELL, "world")}
    sweep = dict.fromkeys(("noise", "short", "lag", "rows"), np.nan) | cell["sweep"]
    about = {"right_gain": right["gain"], "reason": reason}
    return pd.DataFrame(rows).assign(**keys, **sweep, **about)
