"""Which arms of a cell are compared with which, and what for."""

from typing import NamedTuple

import pandas as pd

from seqshift.softgroup.runs.arms import BASE

SELECTED = "soft_single_selected"
REFERENCE = "corr-abs"  # the kind of similarity that others are compared with


class Pair(NamedTuple):
    """An arm and what it is compared with; `role` as in TESTS."""

    role: str
    arm: str
    base: str


def pairs(arms: pd.DataFrame, best: dict[str, str], wrong: str) -> list[Pair]:
    """Return all comparisons of a cell.

    Parameters
    ----------
    arms
        AGREEMENT of one seed: id, groups, kind, control and `of` of every arm.
    best
        Arm of each kind of similarity that validation windows chose, on single series.
    wrong
        Name of the wrong grouping, "" if there is none.
    """
    names = [name for name in arms["arm"] if name != BASE]
    found = [Pair("gain", name, BASE) for name in names]
    known = set(names)
    for row in arms[arms["control"] != ""].itertuples():
        of = SELECTED if row.of == BASE else row.of  # a smoothed forecast is a rival
        if of in known:
            found.append(Pair("net", of, row.arm))
    hard = f"hard_{wrong}"
    if wrong and hard in known:
        soft = [name for name in names if name.startswith(f"soft_{wrong}_")]
        found += [Pair("repair", name, hard) for name in soft]
    if REFERENCE in best:
        others = [best[kind] for kind in sorted(best) if kind != REFERENCE]
        found += [Pair("kind", name, best[REFERENCE]) for name in others]
    return found
