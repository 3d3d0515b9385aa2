"""Ablations against their bases: one paired test per domain, variant and measure."""

import numpy as np
import pandas as pd

from seqshift.errors import BadInput
from seqshift.schemas import comparisons, results
from seqshift.statistics import multiplicity
from seqshift.statistics.effects import Effect, infer
from seqshift.statistics.tests import skills

# The metric whose paired difference is the log ratio of variant to base. Each divides
# by the naive forecast on the same windows, which cancels in the difference.
MEASURES = {
    "rmse_id": ("loses_to_naive_id", "info"),
    "rmse_test": ("loses_to_naive", "corr"),
    "g_ratio": ("g_ratio", "corr"),
}
USED = ("ok", "underfit")
METRIC = ("metric", "column")
KEYS = ("domain", "modality", "variant", "base", "measure")


def compare(
    scores: pd.DataFrame,
    resamples: pd.DataFrame,
    bases: dict[str, str],
    statistics: dict,
) -> pd.DataFrame:
    """Test each variant against its base, two-sided: the table ABLATIONS.

    Differences are formed per seed and entity, and per replicate of the date blocks
    that all models share; then they are averaged. q (Benjamini-Hochberg) is over the
    rows of status ok. `bases` names the base of each variant, `statistics` holds alpha
    and power, of which the first counts.

    Raises
    ------
    BadInput
        If there is no variant to compare.
    """
    weak = {key for key, skill in skills(scores).items() if not _works(skill)}
    parts = [
        {key: part for key, part in frame.groupby([*results.RUN, *METRIC])}
        for frame in (scores, resamples)
    ]
    rows = []
    for group in sorted(set(zip(scores["domain"], scores["modality"], strict=True))):
        for variant, base in bases.items():
            for measure, metric in MEASURES.items():
                pair = [(*group, model, *metric) for model in (variant, base)]
                key = (*group, variant, base, measure)
                row = _row(*_effect(pair, *parts), statistics)
                if row["status"] == "ok" and (*group, base) in weak:
                    row["status"] = "underfit"
                rows.append(dict(zip(KEYS, key, strict=True)) | row)
    if not rows:
        raise BadInput(
            "experiments.ablations has no variant to compare; list a key of ablations "
            "with its base under models"
        )
    return _judge(pd.DataFrame(rows), statistics["alpha"])


def _works(skill: dict[str, float]) -> bool:
    """Tell whether a model beats the naive forecast on its own training days."""
    return skill.get("skill_train", np.nan) < 0


def _effect(pair: list, values: dict, draws: dict) -> tuple[Effect | None, str]:
    """Return the paired effect of variant less base, or why there is none."""
    empty = pd.DataFrame({name: [] for name in results.SCORES.columns})
    tables = [_table(values.get(key, empty)) for key in pair]
    both = tables[0] - tables[1]  # aligned by seed and entity
    both = both.dropna(how="all").dropna(axis=1)
    if both.empty:
        return None, "low_n"
    means = [_mean(draws.get(key)) for key in pair]
    # The mean of a run's replicate rests on the entities that were used in that run.
    same = all(set(table.columns) == set(both.columns) for table in tables)
    if not same or any(mean is None for mean in means):
        return infer(both.to_numpy(), np.nan, 0, 0.0), "not_testable"
    moved = means[0].sub(means[1]).loc[both.index].mean()  # (replicate,)
    blocks = min(int(draws[key]["blocks"].min()) for key in pair)
    found = infer(both.to_numpy(), float(moved.var(ddof=1)), blocks, 0.0)
    return found, "not_testable" if np.isnan(found.error) else "ok"


def _table(scores: pd.DataFrame) -> pd.DataFrame:
    """Return (seed, entity) of the values of a whole era that can be used."""
    whole = (scores["period"] == "") & (scores["slice"] == "")
    usable = scores[whole & scores["status"].isin(USED)]
    return usable.pivot(index="seed", columns="entity", values="value")


def _mean(draws: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return (seed, replicate) of the means over entities."""
    if draws is None:
        return None
    return draws.pivot(index="seed", columns="replicate", values="value")


def _row(effect: Effect | None, status: str, statistics: dict) -> dict:
    alpha = statistics["alpha"]
    row = {"family": "secondary", "status": status}
    low, high = effect.interval(alpha) if effect else (np.nan, np.nan)
    mean = effect.mean if effect else np.nan
    # Two-sided: half of the level on either side.
    reach = statistics["power"][0]
    found = effect.detectable(alpha / 2, reach) if effect else np.nan
    numbers = {"estimate": mean, "low": low, "high": high, "detectable": found}
    row |= {name: float(np.exp(value)) for name, value in numbers.items()}
    sides = [effect.above, effect.below] if effect else [np.nan]
    row["p"] = float(np.minimum(1.0, 2 * np.min(sides)))
    for name in ("seeds", "entities", "blocks"):
        row[name] = getattr(effect, name) if effect else 0
    return row


def _judge(frame: pd.DataFrame, alpha: float) -> pd.DataFrame:
    """Add q values over the rows of status ok, and the verdicts."""
    fine = frame["status"] == "ok"
    frame["q"] = multiplicity.adjust(frame["p"].where(fine).to_numpy(), "bh")
    side = np.where(frame["estimate"] > 1, "worse", "better")
    frame["verdict"] = np.where(frame["q"] <= alpha, side, "undecided")
    schema = comparisons.ABLATIONS
    return schema.validate(frame[list(schema.columns)])
