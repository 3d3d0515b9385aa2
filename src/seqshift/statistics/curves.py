"""Scaling curves: from the scores of budgets of windows to fitted laws."""

import numpy as np
import pandas as pd

from seqshift.errors import BadInput
from seqshift.schemas import comparisons
from seqshift.statistics import blocks, powerlaw

METRICS = {"rmse_id": "id_test", "rmse_test": "temporal_test"}
GROUP = ["domain", "model", "split"]
LINE = 25  # points of a drawn curve
CLOSE = 1e-3  # nearer than this to a bound is at it


def points(
    scores: pd.DataFrame, windows: pd.DataFrame, budgets: dict[str, dict]
) -> pd.DataFrame:
    """Return the error of every run on two sets of days: the table POINTS.

    The error is the geometric mean RMSE over the seen entities that every run of the
    domain can be judged on, whether or not a budget holds them.

    Parameters
    ----------
    scores
        SCORES of all runs.
    windows
        Number of windows by domain and modality.
    budgets
        Specs of the modalities: `fraction` and `by`, or neither for all windows.
    """
    rows = scores[scores["metric"].isin(list(METRICS)) & (scores["axis"] == "temporal")]
    rows = rows[rows["status"].isin(["ok", "underfit"]) & (rows["value"] > 0)]
    rows = rows.assign(split=rows["metric"].map(METRICS), log=np.log(rows["value"]))
    run = ["domain", "modality", "model", "seed", "split"]
    parts = []
    for _, part in rows.groupby(["domain", "split"]):
        table = part.pivot(index=run, columns="entity", values="log").dropna(axis=1)
        if table.empty:
            continue
        error = np.exp(table.mean(axis=1)).rename("error").reset_index()
        parts.append(error.assign(entities=table.shape[1]))
    if not parts:
        raise BadInput(
            "no run of experiments.scaling has an error that can be used; lengthen the "
            "eras of its domains or lower statistics.min_windows"
        )
    frame = pd.concat(parts).merge(windows, on=["domain", "modality"])
    names = frame["modality"]
    frame["by"] = names.map({k: one.get("by", "all") for k, one in budgets.items()})
    shares = {k: float(one.get("fraction", 1.0)) for k, one in budgets.items()}
    frame = frame.assign(fraction=names.map(shares))
    schema = comparisons.POINTS
    return schema.validate(frame[list(schema.columns)].sort_values(run, kind="stable"))


def fit(points: pd.DataFrame, statistics: dict) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fit both laws to each curve: the tables SCALING and CURVES.

    A curve holds the budgets of one kind and the whole training set. Intervals come
    from resampled seeds alone: they hold for these entities and these days.

    Parameters
    ----------
    points
        POINTS.
    statistics
        `alpha`, `resamples` and `seed`.
    """
    rows, lines = [], []
    for key, part in points.groupby(GROUP, sort=True):
        for by in (one for one in comparisons.BUDGETS if one in set(part["by"])):
            own = part[part["by"].isin([by, "all"])]
            place = dict(zip(GROUP, key, strict=True)) | {"by": by}
            found, drawn = _curve(own, place, statistics)
            rows += found
            lines += drawn
    columns = list(comparisons.CURVES.columns)
    lines = pd.concat(lines) if lines else pd.DataFrame(columns=columns)
    scaling = pd.DataFrame(rows, columns=list(comparisons.SCALING.columns))
    return (
        comparisons.SCALING.validate(scaling),
        comparisons.CURVES.validate(lines[columns]),
    )


def _curve(own: pd.DataFrame, place: dict, statistics: dict) -> tuple[list, list]:
    """Return the rows of the forms of one curve, and their lines to draw."""
    table = own.pivot_table(index="seed", columns="windows", values="error")
    table = table.dropna()  # (seed, size)
    windows, logs = table.columns.to_numpy(float), np.log(table.to_numpy())
    rows, lines = [], []
    for form in comparisons.FORMS:
        row = place | {"form": form, "seeds": len(logs), "sizes": len(windows)}
        row |= {"entities": int(own["entities"].min()), "status": "not_identifiable"}
        if len(windows) >= powerlaw.SIZES[form] and len(logs):
            found, line = _law(form, windows, logs, place, statistics)
            row |= found
            lines.append(line.assign(**place, form=form))
        rows.append(row)
    known = [row.get("aicc", np.nan) for row in rows]
    best = int(np.nanargmin(known)) if np.isfinite(known).any() else 0
    for number, row in enumerate(rows):
        row["preferred"] = number == best
    return rows, lines


def _law(
    form: str, windows: np.ndarray, logs: np.ndarray, place: dict, statistics: dict
) -> tuple[dict, pd.DataFrame]:
    """Return the numbers of one form and its line with a band."""
    law = powerlaw.fit(form, windows, logs.mean(axis=0))
    rng = blocks.generator(statistics["seed"], form, *place.values())
    count, alpha, seeds = statistics["resamples"], statistics["alpha"], len(logs)
    drawn = powerlaw.resample(form, windows, logs, count, rng)

    def bounds(middle, values):
        return powerlaw.interval(middle, np.array(values), seeds, alpha)

    row = {"exponent": law.exponent, "coefficient": law.coefficient}
    ends = bounds(law.exponent, [one.exponent for one in drawn])
    row |= dict(zip(("exponent_low", "exponent_high"), map(float, ends), strict=True))
    if form == "floor":
        row |= {"floor": law.floor, "floor_share": law.share}
        low, high = bounds(law.share, [one.share for one in drawn])
        row |= {"floor_share_low": max(low, 0.0), "floor_share_high": min(high, 1.0)}
    row["aicc"] = powerlaw.aicc(law, form, windows, logs)
    row |= _prediction(form, windows, logs, rng, statistics)
    row["status"] = _status(law, form, windows)
    grid = np.geomspace(windows.min(), windows.max(), LINE)
    middle = law.log_error(grid)
    low, high = bounds(middle, [one.log_error(grid) for one in drawn])
    ends = {"error": middle, "low": low, "high": high}
    line = {name: np.exp(values) for name, values in ends.items()}
    return row, pd.DataFrame({"windows": grid, **line})


def _prediction(
    form: str,
    windows: np.ndarray,
    logs: np.ndarray,
    rng: np.random.Generator,
    statistics: dict,
) -> dict:
    """Return the error at the whole set as all smaller ones foretell it, and as it is.

    One size more than a fit needs must be left: a line through two points foretells,
    but says nothing of how well.
    """
    row = {"actual": float(np.exp(logs[:, -1].mean()))}
    if len(windows) - 1 < max(powerlaw.SIZES[form], 3):
        return row
    small, below, whole = windows[:-1], logs[:, :-1], windows[-1]
    middle = powerlaw.fit(form, small, below.mean(axis=0)).log_error(whole)
    count = statistics["resamples"]
    drawn = powerlaw.resample(form, small, below, count, rng)
    values = np.array([one.log_error(whole) for one in drawn])
    ends = powerlaw.interval(middle, values, len(logs), statistics["alpha"])
    names = ("predicted", "predicted_low", "predicted_high")
    return row | dict(zip(names, np.exp([middle, *ends]).tolist(), strict=True))


def _status(law: powerlaw.Law, form: str, windows: np.ndarray) -> str:
    if form == "power":
        known = len(windows) >= powerlaw.SIZES["floor"]
        return "ok" if known else "floor_unknown"
    flat = abs(law.log_error(windows.min()) - law.level) < CLOSE
    if flat or not CLOSE < law.exponent < powerlaw.MOST - CLOSE:
        return "at_bound"
    return "floor_at_zero" if law.share < CLOSE else "ok"
