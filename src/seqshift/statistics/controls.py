"""The controls of Cos-Drift: whether a run, all seeds of it, behaves as it must."""

import numpy as np
import pandas as pd
from scipy import stats

from seqshift.schemas import results
from seqshift.schemas.controls import CONTROLS, CONTROLS_BY_NAME
from seqshift.statistics import rejections
from seqshift.statistics.effects import infer
from seqshift.statistics.outcomes import judged, lost
from seqshift.statistics.permutation import cosine_distance

RUN = list(results.RUN)
UNIT = rejections.UNIT


def judge(
    evidence: pd.DataFrame, drift: pd.DataFrame, ranks: pd.DataFrame, rules: dict
) -> pd.DataFrame:
    """Return the table CONTROLS: one row per run (over its seeds) and control.

    A control passes or fails, or has the status not_testable and does neither; two
    rows are informative. `bound` is what `value` must stay under (be over, for
    randomised and graded); low and high are its interval, or the ends over units.

    Parameters
    ----------
    evidence, drift, ranks
        EVIDENCE, DRIFT and RANKS of all runs of an experiment.
    rules
        `level` of the tests of units, `confidence` of the bounds on their number,
        `margin` of the pooled shuffle, `times` and `quantile` of the distances between
        seeds that an untrained network must exceed, `shift` (z-units) of which the
        share `detected` of units must be found, `max_gap`.
    """
    drift = drift[(drift["axis"] == "temporal") & (drift["slice"] == "")]
    tables = [dict(iter(one.groupby(RUN))) for one in (drift, evidence, ranks)]
    rows = []
    for key in sorted(tables[1]):
        own, found, shares = (
            table.get(key, frame.iloc[:0])
            for table, frame in zip(tables, (drift, evidence, ranks), strict=True)
        )
        outcome = _outcomes(own, found, shares, rules)
        seeds = int(found["seed"].nunique())
        for name in CONTROLS_BY_NAME:
            row = dict(zip(RUN, key, strict=True)) | {"control": name, "seeds": seeds}
            rows.append(row | outcome[name])
    return CONTROLS.validate(pd.DataFrame(rows)[list(CONTROLS.columns)])


def _outcomes(
    drift: pd.DataFrame, found: pd.DataFrame, ranks: pd.DataFrame, rules: dict
) -> dict[str, dict]:
    return {
        "pooled": pooled(_units(drift, "pooled-exogenous"), rules),
        "label-permutation": rejections.permuted(found, rules),
        "id-id": rejections.halves(found, rules),
        "randomised": randomised(found, ranks, rules),
        "graded": rejections.graded(found, rules),
        "completeness": completeness(found, rules),
        "within": ratio(drift, "within"),
        "untrained": ratio(drift, "untrained"),
    }


def failed(controls: pd.DataFrame) -> pd.Series:
    """Return the names of the failed controls of each run that has any, with +."""
    wrong = controls[(controls["status"] == "ok") & ~controls["passed"]]
    return wrong.groupby(RUN)["control"].agg("+".join)


def mark(tests: pd.DataFrame, controls: pd.DataFrame) -> pd.DataFrame:
    """Return the tests with the column `controls`: what their run failed, if any."""
    wrong = failed(controls).to_dict()
    keys = zip(*(tests[name] for name in RUN), strict=True)
    return tests.assign(controls=[wrong.get(key, "") for key in keys])


def pooled(units: pd.DataFrame, rules: dict) -> dict:
    """Show that drift vanishes once both eras draw exogenous paths from one bank.

    The excess of D over the mean of its permutations must lie under the margin with
    its one-sided upper bound (non-inferiority form of Schuirmann 1987,
    doi:10.1007/BF01068419; D has no negative side). An interval so wide that a true
    excess of zero could not pass tests nothing, unless it lies above the margin.
    """
    excess = (units["drift"] - units["null_mean"]).rename("excess")
    table = pd.concat([units[UNIT], excess], axis=1).pivot(
        index="seed", columns="entity", values="excess"
    )
    values = table.dropna(axis=1).to_numpy()  # (seed, entity)
    if values.size == 0 or values.shape[1] < 2:
        return lost("the pooled shuffle was explained for fewer than two entities")
    # Of this run's windows: no variance over periods is added.
    effect = infer(values, 0.0, 2, rules["margin"])
    low, high = effect.interval(2 * rules["level"])
    margin, words = (
        rules["margin"],
        "excess of D over its permutations, exogenous block",
    )
    if high - effect.mean >= margin and low <= margin:
        row = lost(f"{words}: its interval is wider than the margin, too few units or "
                   "windows to show anything")  # fmt: skip
        ends = {"value": effect.mean, "low": low, "high": high, "bound": margin}
        return row | ends | {"units": values.size, "p": effect.below}
    if effect.mean < margin <= high:
        words += "; the mean lies under the margin, its upper bound does not"
    return judged(effect.mean, low, high, margin, high < margin, values.size, words,
                  effect.below)  # fmt: skip


def randomised(found: pd.DataFrame, ranks: pd.DataFrame, rules: dict) -> dict:
    """Check that training moved the attributions further than a seed does."""
    units = found[(found["control"] == "randomised") & found["value"].notna()]
    apart = between_seeds(ranks)
    if units.empty:
        return lost("the untrained network was not explained")
    values = units["value"]
    ends = float(values.mean()), float(values.min()), float(values.max())
    if not len(apart):
        row = lost("one seed: no distance between trained seeds to compare with")
        ends = dict(zip(("value", "low", "high"), ends, strict=True))
        return row | ends | {"units": len(values)}
    far = float(np.quantile(apart, rules["quantile"]))
    bound = rules["times"] * far
    words = f"{100 * rules['quantile']:g} % of distances between seeds under {far:.2g}"
    return judged(*ends, bound, ends[0] > bound, len(values), words)


def between_seeds(ranks: pd.DataFrame) -> np.ndarray:
    """Return the distances of all pairs of seeds of an entity's train years."""
    cells = ranks[(ranks["level"] == "cell") & (ranks["entity"] != "")]
    found = [np.empty(0)]
    for _, own in cells.groupby("entity"):
        table = own.pivot(index="seed", columns="name", values="reference").to_numpy()
        first, second = np.triu_indices(len(table), 1)
        found.append(cosine_distance(table[first], table[second]))
    distances = np.concatenate(found)
    return distances[np.isfinite(distances)]


def completeness(found: pd.DataFrame, rules: dict) -> dict:
    gaps = found.loc[found["control"] == "completeness", "value"]
    if gaps.empty:
        return lost("no completeness gap was recorded")
    value, bound = float(gaps.max()), rules["max_gap"]
    words = "largest 99 % quantile of the gap over seeds, z-units"
    fine = bool(gaps.notna().all() and value <= bound)
    return judged(value, float(gaps.min()), value, bound, fine, len(gaps), words)


def ratio(drift: pd.DataFrame, variant: str) -> dict:
    """Return the mean drift of a variant over that of ig: it informs, it cannot fail.

    low and high are the ends over the seeds.
    """
    pair = [_units(drift, name).set_index(UNIT)["drift"] for name in (variant, "ig")]
    both = pd.concat(pair, axis=1, keys=["other", "own"]).dropna()
    if both.empty or both["own"].mean() == 0:
        return lost(f"the variant {variant} or the drift itself is missing or zero")
    means = both.groupby("seed").mean()
    by_seed = means["other"] / means["own"]
    value = float(both["other"].mean() / both["own"].mean())
    words = f"D {both['other'].mean():.4f} against {both['own'].mean():.4f}"
    varied = both["other"].nunique() > 1 and both["own"].nunique() > 1
    if len(both) > 2 and varied:
        order = float(stats.spearmanr(both["other"], both["own"]).statistic)
        words += f"; rank correlation over units {order:.2f}"
    row = judged(value, float(by_seed.min()), float(by_seed.max()), np.nan, False,
                  len(both), words)  # fmt: skip
    return row | {"status": "informative"}


def _units(drift: pd.DataFrame, variant: str) -> pd.DataFrame:
    own = drift[(drift["variant"] == variant) & drift["drift"].notna()]
    return own[[*UNIT, "drift", "null_mean"]]
