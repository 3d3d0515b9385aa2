"""Ablations against their bases: one paired test per domain, variant and measure."""

import numpy as np
import pandas as pd

from seqshift.errors import BadInput
from seqshift.schemas import comparisons
from seqshift.statistics import contrasts, multiplicity
from seqshift.statistics.effects import Effect
from seqshift.statistics.tests import skills

# The metric whose paired difference is the log ratio of variant to base. Each divides
# by the naive forecast on the same windows, which cancels in the difference.
MEASURES = {
    "rmse_id": ("loses_to_naive_id", "info"),
    "rmse_test": ("loses_to_naive", "corr"),
    "g_ratio": ("g_ratio", "corr"),
}
PLACE = ("temporal", "")
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
    parts = contrasts.tables(scores, resamples)
    rows = []
    for group in sorted(set(zip(scores["domain"], scores["modality"], strict=True))):
        for variant, base in bases.items():
            for measure, metric in MEASURES.items():
                pair = [(*group, one, *PLACE, *metric) for one in (variant, base)]
                key = (*group, variant, base, measure)
                row = _row(*contrasts.paired(pair, *parts), statistics)
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
