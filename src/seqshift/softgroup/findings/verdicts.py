"""What a difference of losses shows: benefit, harm, equivalence or nothing yet.

A verdict needs an interval that knows how units depend on each other (`Design`). Seeds
are averaged inside a unit; with five of them or more their own t interval is taken
where it is wider, for the interval, for p and for equivalence alike.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from seqshift.statistics import equivalence, overlap, resampling
from seqshift.statistics.means import Mean, independent

SEEDS = 5  # fewer give no interval of their own
FEW = 20  # blocks of overlapping origins below which a bootstrap is not trusted
CLUSTERS = 4  # effective clusters of series below which nothing is tested
LARGEST = 0.5  # share of the series that one cluster may hold


@dataclass(frozen=True)
class Design:
    """How the units of a cell depend on each other, and how they are judged.

    `q` is the number of overlapping origins (1 for independent units), `weights` the
    replicates of the bootstrap, (draw, unit), `freedom` the effective clusters less
    their strata (series alone), and `reason` says why nothing can be tested, "" if it
    can. `margin` is the half width of the band of equivalence, in % of the loss of the
    base.
    """

    unit: str
    q: int
    weights: np.ndarray
    alpha: float
    power: float
    margin: float
    freedom: float = np.nan
    reason: str = ""

    def mean(self, values: np.ndarray) -> Mean:
        """Return the mean of (..., unit) with the error that the units allow."""
        if self.unit == "origin":
            return overlap.ewc(values, self.q)
        if self.unit == "replicate":
            return independent(values)
        free = np.nan if self.reason else self.freedom
        error = self.replicates(values).std(0, ddof=1) + 0 * free
        return Mean(values.mean(-1), error, free)

    def replicates(self, values: np.ndarray) -> np.ndarray:
        """Return bootstrap means of (..., unit): (draw, ...)."""
        return resampling.means(self.weights, np.moveaxis(values, -1, 0))


def design(units: pd.DataFrame, cell: dict, statistics: dict) -> Design:
    """Return the design of a cell from the rows of its units, one a unit, in order.

    Parameters
    ----------
    cell
        `unit`, `H` (steps), `stride` (steps from one origin to the next).
    statistics
        `alpha`, `power`, `margin` (%), `draws` of the bootstrap and its `seed`.
    """
    rng = np.random.default_rng(statistics["seed"])
    kind, draws, free, reason = cell["unit"], statistics["draws"], np.nan, ""
    q = overlap.overlapping(cell["H"], cell["stride"]) if kind == "origin" else 1
    if kind == "series":
        labels, strata = (units[name].to_numpy() for name in ("cluster", "stratum"))
        weights = resampling.clusters(labels, strata, draws, rng)
        free, reason = _freedom(labels, strata)
    else:
        length = 2 * q if kind == "origin" else 1
        weights = resampling.moving_blocks(len(units), length, draws, rng)
    rules = (statistics[name] for name in ("alpha", "power", "margin"))
    if kind == "origin" and len(units) < 4:
        reason = "fewer than 4 origins: no interval"
    return Design(kind, q, weights, *rules, free, reason)


def judge(
    base: np.ndarray, arm: np.ndarray, plan: Design, level: np.ndarray | None = None
) -> pd.DataFrame:
    """Return one row per comparison of losses: the numbers of TESTS without q.

    Parameters
    ----------
    base, arm
        Losses, (comparison, seed, unit); units in the order of their time.
    level
        Loss of which gains are percentages, (comparison,); that of the base if None.
    """
    scale = 100 / (base.mean((1, 2)) if level is None else level)
    both = (base - arm) * scale[:, None, None]
    gains, seeds = both.mean(1), both.mean(2)  # (comparison, unit), (comparison, seed)
    units, over_seeds = plan.mean(gains), independent(seeds)
    chosen = wider(units, over_seeds, seeds.shape[1], plan.alpha)
    low, high = chosen.interval(plan.alpha)
    replicates = plan.replicates(gains)  # (draw, comparison)
    boot = np.quantile(replicates, [plan.alpha / 2, 1 - plan.alpha / 2], axis=0)
    unit_low, unit_high = units.interval(plan.alpha)
    seed_low, seed_high = over_seeds.interval(plan.alpha)
    rows = {
        **{"gain": units.mean, "low": low, "high": high, "p": chosen.p},
        "tost_p": _equivalent(chosen, plan.margin, plan.alpha),
        "mde": chosen.detectable(plan.alpha, plan.power),
        **{"unit_p": units.p, "unit_low": unit_low, "unit_high": unit_high},
        **{"seed_low": seed_low, "seed_high": seed_high},
        "seed_sd": seeds.std(1, ddof=1) if seeds.shape[1] > 1 else np.nan,
        **{"boot_low": boot[0], "boot_high": boot[1]},
        "n_eff": overlap.effective(gains, units),
        "acf": overlap.autocorrelation(gains) if plan.unit == "origin" else np.nan,
        **_beside(gains, plan),
        "base_loss": base.mean((1, 2)),
    }
    counts = {"seeds": seeds.shape[1], "units": gains.shape[1], "overlap": plan.q}
    return pd.DataFrame(rows).assign(**counts)


def decide(rows: pd.DataFrame, alpha: float) -> list[str]:
    """Return the verdict of rows with gain, mde, tost_p and q.

    Equivalence comes first: a gain that is shown to be small is small, even where it
    is also shown to be there.
    """
    found = []
    for gain, mde, tost, q in zip(
        *(rows[name] for name in ("gain", "mde", "tost_p", "q")), strict=True
    ):
        if not np.isfinite(mde):
            found.append("not testable")
        elif tost <= alpha:
            found.append("equivalent")
        elif q < alpha:
            found.append("benefit" if gain > 0 else "harm")
        else:
            found.append("undecided")
    return found


def remark(cell: dict, plan: Design) -> str:
    """Return what a reader must know before trusting a row, empty if nothing."""
    said, blocks = [plan.reason] if plan.reason else [], plan.weights.shape[1] / plan.q
    if not plan.reason and plan.unit == "origin" and blocks < FEW:
        said.append(f"n/q = {blocks:.1f}: do not trust the bootstrap")
    if not cell["calendar"]:
        said.append("calendar unknown: cross-series leakage cannot be excluded")
    return "; ".join([*said, *cell.get("remarks", [])])


def wider(units: Mean, seeds: Mean, count: int, alpha: float) -> Mean:
    """Return, row by row, the estimate with the wider interval.

    Fewer than five seeds (`count`) have no interval of their own.
    """
    if count < SEEDS:
        return units
    reach = [one.interval(alpha)[1] - one.mean for one in (units, seeds)]
    own = reach[1] > reach[0]
    error = np.where(own, seeds.error, units.error)
    return Mean(units.mean, error, np.where(own, seeds.freedom, units.freedom))


def _freedom(labels: np.ndarray, strata: np.ndarray) -> tuple[float, str]:
    """Return the degrees of freedom of series in clusters, and why there are none.

    Clusters of unequal size count as (sum n)^2 / sum n^2 equal ones: the effective
    sample size of Kish (1965), Survey Sampling. One that lies in several strata is one.
    """
    sizes = np.unique(labels, return_counts=True)[1]
    count, share = sizes.sum() ** 2 / np.square(sizes).sum(), sizes.max() / sizes.sum()
    free = count - len(np.unique(strata))
    if count < CLUSTERS or share > LARGEST or free < 1:
        return np.nan, (
            f"{count:.1f} effective clusters of series that move together, the largest "
            f"holds {share:.0%}: no interval"
        )
    return free, ""


def _equivalent(estimate: Mean, margin: float, alpha: float) -> list[float]:
    free = np.broadcast_to(estimate.freedom, estimate.mean.shape)
    rows = zip(estimate.mean, estimate.error, free, strict=True)
    return [equivalence.equivalent(*row, (-margin, margin), alpha).p for row in rows]


def _beside(gains: np.ndarray, plan: Design) -> dict:
    """Return the tests that are shown and decide nothing, of overlapping origins."""
    if plan.unit != "origin":
        return {"bartlett_p": np.nan, "fixed_b": np.nan}
    rejects = np.asarray(overlap.fixed_b(gains, plan.q), float)
    return {"bartlett_p": overlap.bartlett(gains, plan.q), "fixed_b": rejects}
