"""Every warning signal of one domain and model, by seed, entity and test quarter.

A quarter is compared with the train windows of its own season: against all of them,
every signal would be a calendar. Higher always means more danger.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import xarray as xr

from seqshift.drift import explained
from seqshift.schemas.signals import COS_DRIFT, RATIO, SIGNALS
from seqshift.signals import classifier, distances, explanations, losses
from seqshift.signals.inputs import Inputs
from seqshift.statistics import blocks

COLUMNS = ["seed", "entity", "period", "signal", "value"]


def measure(
    inputs: Inputs,
    scores: pd.DataFrame,
    quarters: pd.DataFrame,
    attributions: dict[int, xr.Dataset],
    run: dict,
    spec: dict,
) -> pd.DataFrame:
    """Return the table SIGNALS.

    Parameters
    ----------
    scores, quarters
        SCORES and QUARTERS of all seeds.
    attributions
        attributions.nc by seed.
    run
        domain, modality and model.
    spec
        `penalty`, `bins`, `samples`, `shrinkage` and `seed`.
    """
    parts = [pd.DataFrame(compared(inputs, spec), columns=COLUMNS)]
    parts += [drifted(quarters), previous(scores)]
    for seed, dataset in attributions.items():
        averaged = explanations.averaged(explained.read(dataset))
        found = [averaged, explanations.classified(dataset, spec["penalty"])]
        parts += [part.assign(seed=seed) for part in found]
    frame = pd.concat([part for part in parts if len(part)], ignore_index=True)
    tested = set(inputs.period[inputs.role == "temporal_test"])
    frame = frame[frame["period"].isin(tested)].assign(axis="temporal", **run)
    order = ["signal", "seed", "entity", "period"]
    frame = frame.sort_values(order, ignore_index=True)
    return SIGNALS.validate(frame[list(SIGNALS.columns)])


def compared(inputs: Inputs, spec: dict) -> Iterator[tuple]:
    """Yield seed, entity, period, signal, value from inputs, forecasts and errors."""
    for entity in np.unique(inputs.entity):
        own = inputs.entity == entity
        train = own & (inputs.role == "train")
        test = own & (inputs.role == "temporal_test")
        if not train.any():
            continue
        models = _expected(inputs, own, spec["penalty"])
        ratios = _validated(inputs, own, train)
        for period in np.unique(inputs.period[test]):
            now = np.flatnonzero(test & (inputs.period == period))
            alike = train & (inputs.season == inputs.season[now[0]])
            past = np.flatnonzero(alike if alike.any() else train)
            shared = _shared(inputs, past, now, spec, (entity, period))
            for at, seed in enumerate(inputs.seeds):
                found = shared | _single(inputs, past, now, at, models)
                found["val-ratio"] = ratios[at]
                for signal, value in found.items():
                    yield seed, entity, period, signal, value


def _shared(
    inputs: Inputs, past: np.ndarray, now: np.ndarray, spec: dict, names: tuple
) -> dict[str, float]:
    """Return the signals that are the same for all seeds."""
    x, y = inputs.x[past], inputs.x[now]
    rng = blocks.generator(spec["seed"], *names)
    each = inputs.forecast
    return {
        "ks": distances.ks(x, y),
        "psi": distances.psi(x, y, spec["bins"]),
        "mmd": distances.mmd(x, y, spec["samples"], rng),
        "mahalanobis": distances.mahalanobis(x, y, spec["shrinkage"]),
        "input-c2st": classifier.c2st(x, y, inputs.year[past], spec["penalty"]),
        "disagreement": distances.disagreement(each[:, past], each[:, now]),
    }


def _single(
    inputs: Inputs, past: np.ndarray, now: np.ndarray, at: int, models: list
) -> dict[str, float]:
    """Return the signals of one seed."""
    own = inputs.forecast[at]
    found = {"prediction-ks": distances.ks(own[past, None], own[now, None])}
    if models:
        x, y = (losses.design(inputs.x[rows], own[rows]) for rows in (past, now))
        found["dle"] = losses.dle(models[at], x, y)
    return found


def _expected(inputs: Inputs, own: np.ndarray, penalty: float) -> list:
    """Return the loss regression of each seed, fitted on days no weight has seen."""
    held = np.flatnonzero(own & np.isin(inputs.role, ("val", "id_test")))
    if not len(held):
        return []
    return [
        losses.expected(losses.design(inputs.x[held], each[held]), loss[held], penalty)
        for each, loss in zip(inputs.forecast, inputs.loss, strict=True)
    ]


def _validated(inputs: Inputs, own: np.ndarray, train: np.ndarray) -> list[float]:
    val = own & (inputs.role == "val")
    if not val.any():
        return [np.nan] * len(inputs.seeds)
    return [losses.val_ratio(loss[val], loss[train]) for loss in inputs.loss]


def drifted(quarters: pd.DataFrame) -> pd.DataFrame:
    """Return Cos-Drift in its forms, and that of an untrained network."""
    test = quarters[quarters["role"] == "test"]
    own, fresh = (test[test["variant"] == name] for name in ("ig", "untrained"))
    some = (own["drift"] > 0) & (own["null_mean"] > 0)
    ratio = np.log(own["drift"].where(some) / own["null_mean"].where(some))
    parts = {
        COS_DRIFT: own.assign(value=own["drift"]),
        RATIO: own.assign(value=ratio),
        "cos-drift-z": own.assign(value=own["z"]),
        "untrained": fresh.assign(value=fresh["drift"]),
    }
    frames = [part.assign(signal=name) for name, part in parts.items()]
    return pd.concat(frames)[COLUMNS]


def previous(scores: pd.DataFrame) -> pd.DataFrame:
    """Return ln G of each quarter: what is known of it when the quarter has ended."""
    rows = (scores["metric"] == "g_ratio") & (scores["column"] == "seed")
    rows &= (scores["period"] != "") & (scores["axis"] == "temporal")
    rows &= scores["status"].isin(["ok", "underfit"])
    return scores[rows].assign(signal="previous-g")[COLUMNS]
