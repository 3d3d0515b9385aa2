"""Judges of the claims that rest on mixed-origin batches: C2, C4, C5."""

import numpy as np

from seqshift.schemas.findings import CELL
from seqshift.softgroup.arms import BASE
from seqshift.softgroup.evidence import Evidence, ends, pick, row
from seqshift.softgroup.leakage import DIFFERENCE

LEAK = "tables/t4.csv"
CURVE = "curve.parquet"
CLAIMED = 0.61  # share that improved, called barely better than random


def gain(evidence: Evidence, cell: dict) -> dict:
    """C2: judge the gain of mixed origins and what is left without them."""
    block = _blocks(evidence, cell)
    if block is None:
        return row(cell, "not testable", "mixed-origin batches were not run")
    whole, apart = block.loc["all"], block.loc[DIFFERENCE]
    numbers = _numbers(whole)
    text = f"gain with mixed origins {ends(whole)} (a leak); {apart['text']}"
    if apart["verdict"] == "confirmed":
        return row(cell, "refuted", f"the gain is the leak: {text}", **numbers)
    if apart["verdict"] == "refuted":
        return row(cell, "confirmed", f"the leak does not explain it: {text}",
                   **numbers)  # fmt: skip
    return row(cell, apart["verdict"] or "not testable", text, **numbers)


def improved(evidence: Evidence, cell: dict) -> dict:
    """C4: judge the share of windows that improve with mixed origins."""
    block = _blocks(evidence, cell)
    if block is None:
        return row(cell, "not testable", "mixed-origin batches were not run")
    one = block.loc["all"]
    low, high = one["improved_low"], one["improved_high"]
    text = (
        f"{one['improved']:.0%} [{low:.0%}, {high:.0%}] of windows improve with mixed "
        f"origins, over {one['blocks']} blocks of time; no test may take windows for "
        "independent, and a leak alone raises the share"
    )
    if not np.isfinite(low):
        return row(cell, "not testable", text, source_file=LEAK)
    claimed = "partly" if low <= CLAIMED <= high else "refuted"
    verdict = "confirmed" if low <= 0.5 else claimed
    return row(cell, verdict, text, source_file=LEAK, n_units=one["blocks"])


def small_samples(evidence: Evidence, cell: dict) -> dict:
    """C5: show what the first windows and random blocks of windows gain."""
    rows = pick(evidence.curve, **{name: cell[name] for name in CELL})
    rows = pick(rows, arm="seed")
    first, blocks = (pick(rows, sampling=name) for name in ("first", "blocks"))
    if first.empty or blocks.empty:
        return row(cell, "not testable", "the curve over sample sizes was not run",
                   source_file=CURVE)  # fmt: skip
    mean = first.groupby("windows")["gain_pct"].mean()
    spread = blocks.groupby("windows")["gain_pct"].agg(["min", "max"])
    few, small = mean.index.min(), spread.index.min()
    text = (
        f"one origin a batch: first {few} windows {mean.iloc[0]:+.2f} %, all "
        f"{mean.index.max()} {mean.iloc[-1]:+.2f} %; random blocks of {small} windows "
        f"{spread.iloc[0, 0]:+.2f} to {spread.iloc[0, 1]:+.2f} %, of "
        f"{spread.index.max()} {spread.iloc[-1, 0]:+.2f} to {spread.iloc[-1, 1]:+.2f} %"
        f"{_replica(evidence.leak(cell))}: nothing is fitted, so nothing can overfit; "
        "the first windows are one variable at neighbouring origins"
    )
    return row(cell, "refuted", text, arm="seed", base=BASE,
               estimate_pct=mean.iloc[-1], source_file=CURVE)  # fmt: skip


def _replica(leaks) -> str:
    """Return what the original's own batches gain on their first windows, in words."""
    known = leaks[leaks["design"].str.startswith("first-")]
    if known.empty:
        return ""
    size = known["design"].str.partition("-")[2].astype(int)
    pairs = sorted(zip(size, known["gain"], strict=True))
    listed = [f"{count}: {gain:+.1f} %" for count, gain in pairs]
    return f"; mixed origins, first windows {', '.join(listed)}"


def _blocks(evidence: Evidence, cell: dict):
    """Return the whole neighbourhoods of the block design by variant, None if none."""
    rows = pick(evidence.leak(cell), design="block", lead=0).set_index("variant")
    return rows if {"all", DIFFERENCE} <= set(rows.index) else None


def _numbers(one) -> dict:
    return {
        **{"arm": "leak_all", "base": "leak_hard", "estimate_pct": one["gain"]},
        **{"ci_lo": one["low"], "ci_hi": one["high"], "n_units": one["blocks"]},
        **{"n_seeds": one["seeds"], "source_file": LEAK},
    }
