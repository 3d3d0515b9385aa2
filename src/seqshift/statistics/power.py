"""How many seeds a comparison needs, planned from the variance of pilot seeds."""

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.power import TTestPower

from seqshift.errors import BadInput
from seqshift.schemas import planning, results
from seqshift.statistics import cells
from seqshift.statistics.effects import infer

KEYS = [*results.RUN, "axis", "slice", "metric", "column"]
METRICS = ("g_ratio", "loses_to_naive", "transfer_gap", "robustness_delta")
MOST = 100_000  # seeds; a need beyond this is infinite


def plan(
    scores: pd.DataFrame,
    resamples: pd.DataFrame,
    statistics: dict,
    baselines: list[str],
) -> pd.DataFrame:
    """Plan the seeds of every cell: the table POWER, two rows (one and two sides) each.

    The sample is the mean over entities of each pilot seed, on the log scale, and the
    test a t-test of it: what it tells holds for these entities and days, or for paired
    contrasts in which they cancel. `fixed_share` and `power_total` say how much of the
    variance of an unconditional claim no seed can take away.

    Parameters
    ----------
    scores, resamples
        SCORES and RESAMPLES of an experiment.
    statistics
        `alpha`, `power` (two) and `power_plan`: pilot `seeds`, `ratio` to be found,
        `confidence` of the upper limit of the deviation, `planned` seeds of the study.
    baselines
        Models without seeds.

    Raises
    ------
    BadInput
        If the scores hold none of the pilot seeds.
    """
    settings = statistics["power_plan"]
    pilot = _pilot(scores[~scores["model"].isin(baselines)], settings["seeds"])
    kept = resamples[resamples["seed"].isin(settings["seeds"])]
    draws = dict(iter(kept.groupby(KEYS)))
    rows = []
    for key, part in pilot.groupby(KEYS, sort=True):
        values = cells.matrix(part)
        spread = _spread(values, *cells.over_time(draws.get(key)), settings)
        for sides in (1, 2):
            row = dict(zip(KEYS, key, strict=True)) | spread | {"sides": sides}
            rows.append(row | _needs(spread, sides, statistics))
    return planning.POWER.validate(pd.DataFrame(rows)[list(planning.POWER.columns)])


def _pilot(scores: pd.DataFrame, seeds: list[int]) -> pd.DataFrame:
    chosen = scores["metric"].isin(METRICS) & (scores["period"] == "")
    chosen &= scores["column"].isin(["seed", "corr"]) & scores["seed"].isin(seeds)
    if not chosen.any():
        raise BadInput(
            f"no score has one of the seeds {seeds} of statistics.power_plan.seeds; "
            "list seeds of the experiment"
        )
    return scores[chosen]


def power(deviation: float, count: float, ratio: float, alpha: float, sides: int):
    """Return the power of a t-test to find ln(ratio) with `count` seeds."""
    if np.isnan(deviation):
        return float("nan")
    if deviation == 0:
        return 1.0
    size, level = abs(np.log(ratio)) / deviation, alpha / sides
    found = [
        TTestPower().power(sign * size, count, level, alternative="larger")
        for sign in (1, -1)[:sides]
    ]
    # Where a tail is too small to be computed it comes back as NaN: it is nothing.
    return float(min(1.0, np.nan_to_num(found).sum()))


def needed(
    deviation: float, target: float, ratio: float, alpha: float, sides: int
) -> float:
    """Return the least number of seeds that find ln(ratio) with this power."""
    if np.isnan(deviation):
        return float("nan")
    low, high = 1, 2
    while power(deviation, high, ratio, alpha, sides) < target:
        low, high = high, 2 * high
        if high > MOST:
            return float("inf")
    while high - low > 1:
        middle = (low + high) // 2
        enough = power(deviation, middle, ratio, alpha, sides) >= target
        low, high = (low, middle) if enough else (middle, high)
    return float(high)


def largest(count: int, target: float, ratio: float, alpha: float, sides: int) -> float:
    """Return the largest deviation at which `count` seeds have this power."""
    kind = {"alternative": "larger", "alpha": alpha / sides}
    size = TTestPower().solve_power(nobs=count, power=target, **kind)
    return abs(np.log(ratio)) / float(size)


def limits(deviation: float, count: int, levels: tuple[float, ...]) -> list[float]:
    """Return quantiles of a deviation estimated from `count` normal values.

    Source: the chi-square interval of a variance, e.g. Casella and Berger (2002), 9.2.
    """
    freedom = count - 1
    return [
        float(deviation * np.sqrt(freedom / stats.chi2.ppf(1 - level, freedom)))
        for level in levels
    ]


def _spread(values: np.ndarray, variance: float, blocks: int, settings: dict) -> dict:
    """Return the deviation over seeds with its limits, and what seeds cannot shrink."""
    seeds, entities = values.shape
    row = {"seeds": seeds if entities else 0, "entities": entities}
    lost = dict.fromkeys(("sigma", "sigma_low", "sigma_high", "sigma_upper"), np.nan)
    if seeds < 2 or not entities:
        return row | lost | {"fixed_error": np.nan}
    own = float(values.mean(axis=1).std(ddof=1))
    levels = (0.025, 0.975, settings["confidence"])
    found = dict(zip(lost, [own, *limits(own, seeds, levels)], strict=True))
    effect = infer(values, variance, blocks, 0.0)
    rest = effect.error**2 - own**2 / seeds
    return row | found | {"fixed_error": float(np.sqrt(np.maximum(rest, 0.0)))}


def _needs(spread: dict, sides: int, statistics: dict) -> dict:
    """Return the seeds needed, and the power of the planned ones."""
    alpha, (low, high) = statistics["alpha"], statistics["power"]
    ratio, planned = (statistics["power_plan"][key] for key in ("ratio", "planned"))
    fixed = spread["fixed_error"]
    row = {"planned": planned, "ratio": ratio, "target": low, "target_high": high}
    for suffix, name in (("", "sigma"), ("_upper", "sigma_upper")):
        sigma = spread[name]
        row[f"needed{suffix}"] = needed(sigma, low, ratio, alpha, sides)
        row[f"needed_high{suffix}"] = needed(sigma, high, ratio, alpha, sides)
        row[f"power{suffix}"] = power(sigma, planned, ratio, alpha, sides)
    row["sigma_limit"] = largest(planned, high, ratio, alpha, sides)
    variance = fixed**2 + spread["sigma"] ** 2 / planned
    row["fixed_share"] = fixed**2 / variance if variance > 0 else np.nan
    row["power_total"] = _known(variance, ratio, alpha, sides)
    return row


def _known(variance: float, ratio: float, alpha: float, sides: int) -> float:
    """Return the power of a normal test with this variance of the mean."""
    if not variance > 0:
        return float("nan") if np.isnan(variance) else 1.0
    size, reach = abs(np.log(ratio)) / np.sqrt(variance), stats.norm.isf(alpha / sides)
    return float(sum(stats.norm.sf(reach - sign * size) for sign in (1, -1)[:sides]))
