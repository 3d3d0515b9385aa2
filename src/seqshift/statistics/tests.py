"""The verdict table: one test per domain, modality, model, axis, slice and metric."""

import numpy as np
import pandas as pd

from seqshift.errors import BadInput
from seqshift.schemas import results
from seqshift.statistics import multiplicity, verdicts
from seqshift.statistics.controls import mark
from seqshift.statistics.effects import Effect, infer

KEYS = [*results.RUN, "axis", "slice", "metric"]
# Shares, tested as they are; every other metric is the log of a ratio.
LINEAR = ("collapse",)
# Losing to the naive forecast means a ratio above one, by definition.
BREAK_EVEN = {"loses_to_naive": 1.0}


def test_hypotheses(
    scores: pd.DataFrame, resamples: pd.DataFrame, statistics: dict,
    baselines: list[str], controls: pd.DataFrame,
) -> pd.DataFrame:  # fmt: skip
    """Test every metric of every model over its seeds: the table TESTS.

    Parameters
    ----------
    scores, resamples
        SCORES and RESAMPLES of all runs of an experiment, one below the other.
    statistics
        `alpha`, `power` (two), `thresholds` (ratios; for collapse a share),
        `secondary` (modalities whose tests form a family of their own).
    baselines
        Models whose tests belong to that family too.
    controls
        CONTROLS of the runs; a failed one marks all tests of its run.

    Raises
    ------
    BadInput
        If no metric of the scores has a threshold.
    """
    thresholds = {**statistics["thresholds"], **BREAK_EVEN}
    tested = scores["metric"].isin(list(thresholds)) & (scores["period"] == "")
    tested &= scores["column"].isin(["seed", "corr"])
    if not tested.any():
        raise BadInput(
            "no metric of the scores has a threshold; add one of its metrics to "
            f"statistics.thresholds (now: {', '.join(sorted(thresholds))})"
        )
    known = skills(scores)
    draws = {key: part for key, part in resamples.groupby([*KEYS, "column"])}
    rows = [
        _row(key, part, draws, known, thresholds[key[-1]], statistics)
        for key, part in scores[tested].groupby(KEYS, sort=True)
    ]
    frame = _families(pd.DataFrame(rows), statistics["secondary"], baselines)
    frame = mark(_judge(frame, statistics["alpha"]), controls)
    return results.TESTS.validate(frame[list(results.TESTS.columns)])


def _row(
    key: tuple,
    scores: pd.DataFrame,
    draws: dict[tuple, pd.DataFrame],
    skills: dict[tuple, dict[str, float]],
    threshold: float,
    statistics: dict,
) -> dict:
    linear = key[-1] in LINEAR
    bound = threshold if linear else float(np.log(threshold))
    effects = {}
    for column, part in scores.groupby("column"):
        values = _matrix(part)
        if values.size:
            variance, blocks = _time(draws.get((*key, column)))
            effects[column] = infer(values, variance, blocks, bound)
    status = _status(scores, effects, skills.get(key[:3], {}), key[-1])
    row = dict(zip(KEYS, key, strict=True))
    row |= {"threshold": threshold, "status": status}
    columns = scores["column"].nunique()
    return row | _numbers(effects, columns, linear, statistics)


def _numbers(
    effects: dict[str, Effect], columns: int, linear: bool, statistics: dict
) -> dict:
    """Return the estimates and p values of the columns that could be tested."""

    def back(value: float) -> float:
        return value if linear else float(np.exp(value))

    alpha = statistics["alpha"]
    row = {}
    for column, suffix in (("corr", ""), ("seed", "_seed")):
        effect = effects.get(column)
        low, high = effect.interval(alpha) if effect else (np.nan, np.nan)
        row[f"estimate{suffix}"] = back(effect.mean) if effect else np.nan
        row |= {f"low{suffix}": back(low), f"high{suffix}": back(high)}
        row[f"p_{column}"] = effect.above if effect else np.nan
    found = list(effects.values())
    row |= _both(found, columns)
    row["p_window"] = max([effect.window_above for effect in found], default=np.nan)
    for name, power in zip(
        ("detectable", "detectable_high"), statistics["power"], strict=True
    ):
        reach = [effect.detectable(alpha, power) for effect in found]
        row[name] = back(max(reach, default=np.nan))
    for name in ("seeds", "entities", "blocks"):
        row[name] = min((getattr(effect, name) for effect in found), default=0)
    return row


def _both(found: list[Effect], columns: int) -> dict:
    """Return the p values of failing and of not failing over all columns."""
    if len(found) < columns:
        return {"p": np.nan, "p_ok": np.nan}
    first, last = found[0], found[-1]
    # One column alone is one test and pays no Bonferroni factor.
    passing = verdicts.passing(first.below, last.below) if columns > 1 else first.below
    return {"p": verdicts.failing(first.above, last.above), "p_ok": passing}


def _families(
    frame: pd.DataFrame, modalities: list[str], baselines: list[str]
) -> pd.DataFrame:
    second = frame["modality"].isin(modalities) | frame["model"].isin(baselines)
    return frame.assign(family=np.where(second, "secondary", "all"))


def _judge(frame: pd.DataFrame, alpha: float) -> pd.DataFrame:
    """Add q values within families and within their metrics, and the verdicts.

    A test whose status is not ok decides nothing, so no q value counts it.
    """
    family = frame["family"].to_numpy()
    metrics = (frame["family"] + " " + frame["metric"]).to_numpy()
    fine = frame["status"] == "ok"
    failing = frame["p"].where(fine).to_numpy()
    passing = frame["p_ok"].where(fine).to_numpy()
    frame["q"] = multiplicity.within(failing, family, "bh")
    frame["q_ok"] = multiplicity.within(passing, family, "bh")
    frame["q_metric"] = multiplicity.within(failing, metrics, "bh")
    q, q_ok = frame["q"].to_numpy(), frame["q_ok"].to_numpy()
    frame["verdict"] = verdicts.decide(q, q_ok, frame["status"], alpha)
    return frame


def _matrix(scores: pd.DataFrame) -> np.ndarray:
    """Return (seed, entity) of the entities that every seed can judge."""
    usable = scores["value"].where(scores["status"].isin(["ok", "underfit"]))
    table = scores.assign(value=usable).pivot(
        index="seed", columns="entity", values="value"
    )
    return table.dropna(axis=1).to_numpy()


def _time(draws: pd.DataFrame | None) -> tuple[float, int]:
    """Return the variance of the mean over periods, and the number of blocks."""
    if draws is None:
        return np.nan, 0
    # Seeds share their draws, so a replicate is one course of days for all of them.
    mean = draws.groupby("replicate")["value"].mean()
    return float(mean.var(ddof=1)), int(draws["blocks"].min())


def skills(scores: pd.DataFrame) -> dict[tuple, dict[str, float]]:
    """Return, per model, the mean log RMSE ratio to the naive forecast by era."""
    names = ("skill_train", "skill_id")
    known = scores["metric"].isin(names) & (scores["axis"] == "temporal")
    frame = scores[known & np.isfinite(scores["value"])]
    ratio = 0.5 * np.log1p(-frame["value"].clip(upper=1 - 1e-15))
    mean = ratio.groupby([frame[key] for key in (*results.RUN, "metric")]).mean()
    out: dict[tuple, dict[str, float]] = {}
    for key, value in mean.items():
        out.setdefault(key[:3], {})[key[3]] = value
    return out


def _status(
    scores: pd.DataFrame,
    effects: dict[str, Effect],
    skills: dict[str, float],
    metric: str,
) -> str:
    columns = set(scores["column"])
    if set(effects) != columns:
        low = (scores["status"] == "low_n").groupby(scores["column"]).all()
        return "low_n" if low.any() else "not_testable"
    if any(np.isnan(effect.error) for effect in effects.values()):
        return "not_testable"
    # A damaged synthetic run has no skill left: that is the finding, not a fault.
    if metric not in LINEAR and not skills.get("skill_train", -1.0) < 0:
        return "underfit"
    if metric == "loses_to_naive" and not skills.get("skill_id", -1.0) < 0:
        return "underfit"
    return "ok"
