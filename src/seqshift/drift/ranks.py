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
    both = [(found.role == name).any(axis=1) for name in ("reference", "test")]
    some = np.flatnonzero(both[0] & both[1])
    sides = []
    for role in ("reference", "test"):
        means = [found.of(at, role).mean(axis=0) for at in some]
        means = np.array(means).reshape(len(some), -1)  # (entity, cell)
        with np.errstate(invalid="ignore"):
            shares = means / means.sum(axis=1, keepdims=True)
        sides.append(np.vstack([shares, shares.mean(axis=0)]) if len(some) else shares)
    # An entity without any attribution has no shares.
    kept = np.isfinite(sides[0]).all(axis=1) & np.isfinite(sides[1]).all(axis=1)
    entities = np.append(run.entities[some], "")[: len(kept)][kept]
    sides = [side[kept] for side in sides]
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
    entities: np.ndarray,
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
