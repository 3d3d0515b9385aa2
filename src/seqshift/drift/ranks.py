"""Shares and ranks of features and of (feature, lag) cells in train and test years."""

import numpy as np
import pandas as pd

from seqshift.drift.explained import PRIMARY, Explained, flat, years
from seqshift.schemas import results


def ranks(run: Explained) -> pd.DataFrame:
    """Return the table RANKS: seen entities, and their mean under an empty name.

    A share is the part of an entity's mean |IG| that falls on a feature or cell;
    entities weigh the same.
    """
    found = years(run, flat(run.magnitude[PRIMARY]))
    sides: list[list[np.ndarray]] = [[], []]
    entities = []
    for at, entity in enumerate(run.entities):
        both = [found.of(at, role).sum(axis=0) for role in ("reference", "test")]
        if all(total.sum() > 0 for total in both):  # else there are no shares
            entities.append(entity)
            for side, total in zip(sides, both, strict=True):
                side.append(total / total.sum())
    if entities:
        entities.append("")
        sides = [[*side, np.mean(side, axis=0)] for side in sides]
    size = (len(entities), len(run.lags) * len(run.features))
    sides = [np.array(side).reshape(size) for side in sides]  # (entity, cell)
    cells = [f"{name} lag {lag}" for lag in run.lags for name in run.features]
    shape = (len(entities), len(run.lags), len(run.features))
    levels = {
        "feature": (list(run.features), [s.reshape(shape).sum(axis=1) for s in sides]),
        "cell": (cells, sides),
    }
    parts = [
        _level(level, entities, names, *shares)
        for level, (names, shares) in levels.items()
    ]
    frame = pd.concat(parts, ignore_index=True).assign(**run.keys)
    return results.RANKS.validate(frame[list(results.RANKS.columns)])


def _level(
    level: str,
    entities: list[str],
    names: list[str],
    reference: np.ndarray,
    test: np.ndarray,
) -> pd.DataFrame:
    fields = {
        "entity": np.repeat(entities, len(names)),
        "level": level,
        "name": np.tile(names, len(entities)),
    }
    for side, shares in (("reference", reference), ("test", test)):
        order = np.argsort(-shares, axis=1, kind="stable")
        fields[side] = shares.ravel()
        fields[f"{side}_rank"] = order.argsort(axis=1).ravel() + 1
    return pd.DataFrame(fields)
