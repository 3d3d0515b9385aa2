"""What the mixed-origin batches of the original gain, and where the gain comes from.

A window that may attend to windows of later origins sees its own target in their
contexts. Neighbours are therefore split into past and future ones (`LEAKS`).
"""

import numpy as np
import pandas as pd
from scipy import stats

from seqshift.schemas.findings import CELL, LEAKS
from seqshift.softgroup.findings import verdicts
from seqshift.statistics.means import independent

HARD, DIFFERENCE = "hard", "future-past"
KEEPS = 0.8  # share of the whole gain that past neighbours would have to keep
WEIGHED = ["mae_z", "mae_first", "mae_last", "improved", "pearson", "windows"]
SEEDED = ("gain_mean", "gain_sd")  # in the metric of the original
ENDS = tuple(
    f"{of}{end}"
    for of in ("", "boot_", "seed_", "improved_")
    for end in ("low", "high")
)
BLOCKS = {"unit": "replicate", "H": 1, "stride": 1}
SUBSTANTIAL = 1.0  # % of the loss: a gain that would refute the leak


def decompose(leak: pd.DataFrame, world: str, statistics: dict) -> pd.DataFrame:
    """Return LEAKS of one cell, without a verdict, from LEAK of all its seeds.

    Gains are in % of the mean |error| of `hard`, averaged over series and seeds inside
    a block of time; intervals are t and percentile intervals over the blocks. Batches
    of the replica share their time, so they have none; the first n windows of it
    (design `first-n`) have that of independent windows, in the original's own metric.
    """
    found = []
    for design, own in leak[leak["design"] != "first"].groupby("design", sort=True):
        found += _design(design, own, statistics)
    found += _first(leak[leak["design"] == "first"])
    keys = {name: leak[name].iloc[0] for name in CELL} | {"world": world}
    context = leak.groupby("design")["context"].max()
    table = pd.DataFrame(found).assign(**keys, verdict="", text="")
    table["context"] = table["design"].str.partition("-")[0].map(context)
    return table.reindex(columns=list(LEAKS.columns))


def _design(design: str, own: pd.DataFrame, statistics: dict) -> list[dict]:
    mean = own.groupby(["variant", "lead", "seed", "block"])[WEIGHED].apply(_mean)
    hard = mean.loc[HARD, 0]  # (seed, block)
    variants = mean.index.droplevel(["seed", "block"]).unique()
    gains, found = {}, []
    for variant, lead in variants.drop([(HARD, 0)]):
        cut = mean.loc[variant, lead]
        gains[variant, lead] = _gains(cut, hard, "mae_z")
        about = {"design": design, "variant": variant, "lead": lead}
        found.append(about | _row(cut, hard, gains[variant, lead], statistics))
    if {("future", 0), ("past", 0)} <= gains.keys():
        apart = gains["future", 0] - gains["past", 0]
        about = {"design": design, "variant": DIFFERENCE, "lead": 0}
        found.append(about | _interval(apart, statistics))
    unknown = dict.fromkeys(ENDS, np.nan) if design == "replica" else {}
    return [one | unknown for one in found]


def _first(own: pd.DataFrame) -> list[dict]:
    """Return the gain on the first n windows and the interval the original gave it."""
    found = []
    for size, rows in own.groupby("block"):
        hard = rows.loc[rows["variant"] == HARD, "mase_seed"].mean()
        whole = rows[rows["variant"] == "all"]
        mean, spread = (100 * whole[name].mean() / hard for name in SEEDED)
        reach = stats.norm.ppf(0.975) * spread / np.sqrt(size)
        about = {"design": f"first-{size}", "variant": "all", "lead": 0}
        ends = {"gain": mean, "low": mean - reach, "high": mean + reach}
        counts = {"seeds": len(whole), "blocks": 1}
        said = {
            "improved": whole["improved"].mean(),
            "pearson": whole["pearson"].mean(),
        }
        found.append(about | ends | counts | said)
    return found


def explain(table: pd.DataFrame, seed_arm: dict | None) -> tuple[str, str]:
    """Return whether the leak explains the gain of the original, and why.

    Parameters
    ----------
    table
        LEAKS of one cell.
    seed_arm
        Row of TESTS of the arm `seed`, whose batches have one origin.
    """
    block = table[(table["design"] == "block") & (table["lead"] == 0)]
    known = block.set_index("variant")
    if not {"all", "past", "future", DIFFERENCE} <= set(known.index):
        return "not testable", "the variants all, past and future were not all run"
    if seed_arm is None:
        return "not testable", "the arm seed was not run in batches of one origin"
    gain, apart = known["gain"], known.loc[DIFFERENCE]
    said = (
        f"all {gain['all']:+.2f} %, past {gain['past']:+.2f} %, future "
        f"{gain['future']:+.2f} %; same-origin arm {seed_arm['gain']:+.2f} % "
        f"({seed_arm['verdict']})"
    )
    if seed_arm["gain"] > SUBSTANTIAL and seed_arm["verdict"] == "benefit":
        return "refuted", f"the gain remains without mixed origins: {said}"
    if not np.isfinite(known.loc["all", "low"]):
        return "not testable", f"one block of time gives no interval: {said}"
    if not known.loc["all", "low"] > 0:
        return "not testable", f"mixed origins gain nothing to explain: {said}"
    if gain["past"] >= KEEPS * gain["all"]:
        return "refuted", f"past neighbours alone keep the gain: {said}"
    if apart["low"] > 0 and seed_arm["verdict"] in ("equivalent", "harm"):
        part = "past neighbours are legitimate extra history"
        return "confirmed", f"{said}; {part}"
    return "partly", f"{said}; past keeps {gain['past'] / gain['all']:.0%} of all"


def conclude(table: pd.DataFrame, seed_arm: dict | None) -> pd.DataFrame:
    """Write the verdict of a cell into the row of the difference."""
    verdict, text = explain(table, seed_arm)
    at = (table["variant"] == DIFFERENCE) & (table["design"] == "block")
    known = table.assign(verdict=np.where(at, verdict, ""), text=np.where(at, text, ""))
    return known


def _mean(rows: pd.DataFrame) -> pd.Series:
    weights = rows["windows"] / rows["windows"].sum()
    return rows.drop(columns="windows").mul(weights, axis=0).sum(min_count=1)


def _gains(own: pd.DataFrame, hard: pd.DataFrame, name: str) -> np.ndarray:
    """Return the gain over hard in %, (seed, block)."""
    base, arm = hard[name].unstack("block"), own[name].unstack("block")
    return (100 * (base - arm) / base.to_numpy().mean()).to_numpy()


def _row(own: pd.DataFrame, hard: pd.DataFrame, gains: np.ndarray, statistics: dict):
    blocks = own["improved"].groupby("block").mean().to_numpy()
    low, high = independent(blocks).interval(statistics["alpha"])
    return _interval(gains, statistics) | {
        "improved": blocks.mean(),
        "improved_low": np.clip(low, 0, 1),
        "improved_high": np.clip(high, 0, 1),
        "gain_first": _gains(own, hard, "mae_first").mean(),
        "gain_last": _gains(own, hard, "mae_last").mean(),
        "pearson": own["pearson"].mean(),
    }


def _interval(gains: np.ndarray, statistics: dict) -> dict:
    """Return mean and intervals of gains (seed, block) in %; the wider one leads."""
    count = gains.shape[1]
    # Blocks of time lie apart, so they are units like the replicates of a world.
    plan = verdicts.design(pd.DataFrame(index=range(count)), BLOCKS, statistics)
    level = np.array([100.0])  # gains are percentages already
    found = verdicts.judge(gains[None], 0 * gains[None], plan, level).iloc[0]
    about = {name: found[name] for name in ("gain", *ENDS[:6])}
    return about | {"seeds": len(gains), "blocks": count}
