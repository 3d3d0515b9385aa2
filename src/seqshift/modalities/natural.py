"""The natural training set: the real train windows, all of them or a budget."""

import numpy as np

from seqshift.windows import Windows


def make(train: Windows, domain: dict, spec: dict) -> Windows:
    """Return the natural windows, or a budget of them where `spec` has a `fraction`."""
    if "fraction" not in spec:
        return train
    return train.take(budget(train.entity, train.date, spec))


def budget(entity: np.ndarray, date: np.ndarray, spec: dict) -> np.ndarray:
    """Return the sorted numbers of the windows within a budget.

    `entity` and `date` (days since 1970-01-01 of the target) are those of all windows,
    `spec` holds fraction, by and seed. Whole entity-years are taken in one random
    order until their windows come closest to the fraction of all, at least one: year
    after year (by `time`: all entities of a year before the next year) or entity after
    entity (by `entity`). Budgets of one order are nested. Single windows are not drawn
    at random, because neighbours overlap in all days but one.
    """
    year = date.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    draw = np.random.default_rng(np.random.SeedSequence([spec["seed"]]))
    years, entities = (_turns(values, draw) for values in (year, entity))
    first, second = (years, entities) if spec["by"] == "time" else (entities, years)
    turn = first * (second.max() + 1) + second  # one number per entity-year
    order = np.unique(turn)
    reached = np.cumsum(np.bincount(turn, minlength=turn.max() + 1)[order])
    wanted = spec["fraction"] * len(turn)
    last = np.argmin(np.abs(reached - wanted))
    return np.flatnonzero(turn <= order[last])


def _turns(values: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Return the place of each value in a random order of the distinct ones."""
    names, at = np.unique(values, return_inverse=True)
    return draw.permutation(len(names))[at]
