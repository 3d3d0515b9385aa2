"""Judges of the claims that rest on mixed-origin batches: C2, C4, C5."""

import numpy as np
import pandas as pd

from seqshift.schemas.findings import CELL
from seqshift.softgroup.findings.evidence import Evidence, ends, pick, row
from seqshift.softgroup.findings.leakage import DIFFERENCE
from seqshift.softgroup.runs.arms import BASE

LEAK = "tables/t4.csv"
CURVE = "curve.parquet"
CLAIMED = 0.61  # share that improved, called barely better than random
SIZE = 100 * (2.0655 - 1.9351) / 2.0655  # % of the loss


def gain(evidence: Evidence, cell: dict) -> dict:
    """C2: judge the gain of mixed origins and what is left without them."""
    block = _blocks(evidence, cell)
    if block is None:
        return row(cell, "not testable", "mixed-origin batches were not run")
    whole, apart = block.loc["all"], block.loc[DIFFERENCE]
    numbers = _numbers(whole)
    alone = [block.loc["past"].to_dict(), evidence.one(cell, "seed")]
    text = f"gain with mixed origins {ends(whole)} (a leak); {apart['text']}"
    if apart["verdict"] == "confirmed":
        return row(cell, "refuted", f"the gain is the leak: {text}", **numbers)
    if apart["verdict"] == "refuted":
        kept = any(_of_size(one) for one in alone if one)
        said = f"the leak does not explain it: {text}"
        if _of_size(whole) and kept:
            return row(cell, "confirmed", said, **numbers)
        said += (
            f"; the claimed {SIZE:.1f} % is not in the interval both with and without "
            "later neighbours"
        )
        return row(cell, "partly", said, **numbers)
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
        "independent"
    )
    verdict, said = _share(low, high)
    return row(cell, verdict, f"{said}: {text}", source_file=LEAK,
               n_units=one["blocks"])  # fmt: skip


def small_samples(evidence: Evidence, cell: dict) -> dict:
    """C5: judge the first windows by random blocks of as many windows."""
    rows = pick(evidence.curve, **{name: cell[name] for name in CELL})
    rows = pick(rows, arm="seed")
    rows = rows[rows["gain_pct"].notna()] if len(rows) else rows
    first, blocks = (pick(rows, sampling=name) for name in ("first", "blocks"))
    if first.empty or blocks.empty or first["windows"].nunique() < 2:
        return row(cell, "not testable", "the curve over sample sizes was not run",
                   source_file=CURVE)  # fmt: skip
    mean = first.groupby("windows")["gain_pct"].mean()
    drawn = blocks.groupby(["windows", "draw"])["gain_pct"].mean()
    small = drawn.loc[drawn.index.get_level_values("windows").min()]
    few, whole = mean.iloc[0], mean.iloc[-1]
    verdict, said = _sampled(few, whole, small)
    text = (
        f"one origin a batch, {said}: first {mean.index[0]} windows {few:+.2f} %, all "
        f"{mean.index[-1]} {whole:+.2f} %; {len(small)} random blocks of about as many "
        f"{small.min():+.2f} to {small.max():+.2f} %{_replica(evidence.leak(cell))}; "
        "nothing is fitted to the windows"
    )
    return row(cell, verdict, text, arm="seed", base=BASE,
               estimate_pct=whole, source_file=CURVE)  # fmt: skip


def _sampled(few: float, whole: float, small: pd.Series) -> tuple[str, str]:
    """Return what gains on few windows, on all and on random blocks of few say.

    Without a fit there is no overfitting to confirm; what can hold is that small
    samples gain more.
    """
    if few <= whole:
        return "refuted", "the gain does not fall as windows are added"
    if small.min() > whole:
        return "partly", "small samples gain more wherever they lie"
    if few <= small.max():
        return "refuted", "random blocks scatter as far, so the fall is chance"
    return "partly", "the first windows gain more than random blocks of their number"


def _share(low: float, high: float) -> tuple[str, str]:
    """Return whether a share is that of the claim and that of chance, by its ends."""
    if not np.isfinite(low):
        return "not testable", "one block of time gives no interval"
    if high < 0.5:
        return "refuted", "fewer improve than by chance"
    if low <= 0.5:
        if high <= CLAIMED:
            return "confirmed", "no better than chance"
        return "not testable", f"half and more than {CLAIMED:.0%} are both possible"
    if low <= CLAIMED <= high:
        return "partly", "as many as claimed, and more than by chance"
    return "refuted", f"more than by chance, and not {CLAIMED:.0%}"


def _of_size(one: dict) -> bool:
    """Return whether an interval holds the gain that was claimed, and not zero."""
    return bool(0 < one["low"] <= SIZE <= one["high"])


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
