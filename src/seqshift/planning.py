"""What the table POWER says in words: for the report and for a paper."""

import numpy as np
import pandas as pd


def summary(power: pd.DataFrame) -> dict:
    """Return the numbers of the sentence, by number of sides of the test.

    The rule of the plan is that the planned seeds suffice at the higher power; `holds`
    counts the cells in which they do on the deviation of the pilot, `holds_upper` on
    its upper limit.
    """
    known = power[np.isfinite(power["sigma"])] if len(power) else power
    found = {}
    for sides, rows in known.groupby("sides") if len(known) else ():
        own = [rows[name].to_numpy() for name in ("needed_high", "needed_high_upper")]
        planned = int(rows["planned"].iloc[0])
        found[int(sides)] = {
            "cells": len(rows),
            "pilot": int(rows["seeds"].max()),
            "planned": planned,
            "ratio": float(rows["ratio"].iloc[0]),
            "limit": float(rows["sigma_limit"].iloc[0]),
            "median": float(rows["sigma"].median()),
            "largest": float(rows["sigma"].max()),
            "needed": float(np.median(own[0])),
            "needed_upper": float(np.median(own[1])),
            "holds": int((own[0] <= planned).sum()),
            "holds_upper": int((own[1] <= planned).sum()),
            "fixed_share": float(rows["fixed_share"].median()),
            "power_total": float(rows["power_total"].median()),
        }
    return found


def sentence(power: pd.DataFrame) -> str:
    """Return the paragraph for a paper, computed from the table."""
    found = summary(power)
    if not found:
        return (
            "No cell has two pilot seeds, so nothing can be planned from them: the "
            "deviation over seeds is unknown.\n"
        )
    one, two = found[1], found[2]
    target = float(power["target_high"].iloc[0])
    return (
        f"{one['planned']} seeds find a change of {one['ratio'] - 1:.0%} with "
        f"{target:.0%} power if the deviation over seeds of the mean log ratio is at "
        f"most {one['limit']:.4f} (one-sided test) or {two['limit']:.4f} (two-sided). "
        f"In {one['cells']} cells with up to {one['pilot']} pilot seeds its median is "
        f"{one['median']:.4f} and its largest value {one['largest']:.4f}: the planned "
        f"number suffices in {one['holds']} cells (one-sided; two-sided in "
        f"{two['holds']}) taking the estimate at its word, and in "
        f"{one['holds_upper']} ({two['holds_upper']}) on its upper limit, with a "
        f"median need of {_count(one['needed'])} and "
        f"{_count(one['needed_upper'])} seeds. This "
        "holds for these entities and days, or for paired contrasts in which they "
        "cancel: in the median cell entities and days hold "
        f"{_share(one['fixed_share'])} of the variance that is left with the planned "
        "seeds, no seed shrinks it, and a claim about other entities and periods has "
        f"a power of {_share(one['power_total'])}.\n"
    )


def _count(value: float) -> str:
    return f"{value:,.0f}" if np.isfinite(value) else "an unlimited number of"


def _share(value: float) -> str:
    return f"{value:.0%}" if np.isfinite(value) else "an unknown share"
