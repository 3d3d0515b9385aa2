"""Which soft arm goes into the confirmatory tests: chosen on validation alone."""

import pandas as pd

from seqshift.errors import BadInput
from seqshift.softgroup.runs import losses
from seqshift.softgroup.runs.arms import KINDS, Arm, selectable


def select(validation: pd.DataFrame, candidates: list[Arm]) -> dict:
    """Return the best soft arm of each grouping, and of each of its similarities.

    Best is the least SQL, a mean over seeds of means over all validation windows;
    the first candidate among equals.

    Parameters
    ----------
    validation
        LOSSES of all seeds.

    Raises
    ------
    BadInput
        If it holds rows of the test split or of the leak, or lacks a candidate.
    """
    if set(validation["split"]) != {"val"} or validation["leak"].any():
        raise BadInput(
            "arms are selected on validation windows alone, and the table holds "
            "others; run score_validation again"
        )
    seeds = [losses.mean_sql(own) for _, own in validation.groupby("seed")]
    mean = sum(seeds) / len(seeds)
    found: dict[str, dict] = {}
    for arm in filter(selectable, candidates):
        if arm.id not in mean.dropna():
            raise BadInput(
                f"no validation loss of {arm.id}; run score_validation again"
            )
        one = found.setdefault(arm.groups, {"sql": {}, "best": {}})
        one["sql"][arm.id] = float(mean[arm.id])
        name = next(name for name in KINDS if f"_{name}_b" in arm.id)
        one["best"].setdefault(name, []).append(arm.id)
    for one in found.values():
        sql = one["sql"]
        one["selected"] = min(sql, key=sql.get)
        one["best"] = {name: min(ids, key=sql.get) for name, ids in one["best"].items()}
    return found


def selected(found: dict) -> dict[str, str]:
    """Return the id that was selected for each grouping."""
    return {groups: one["selected"] for groups, one in found.items()}
