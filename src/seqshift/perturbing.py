"""Windows whose exogenous columns were shuffled or shifted: inputs of the controls."""

from dataclasses import replace

import numpy as np

from seqshift.windows import Windows


def exogenous(spec: dict) -> list[str]:
    """Return the features that do not lag the target itself, those not in `own`."""
    return [name for name in spec["features"] if name not in spec["own"]]


def shuffle(
    cut: Windows,
    names: np.ndarray,
    stratum: np.ndarray,
    columns: np.ndarray,
    rng: np.random.Generator,
) -> Windows:
    """Give each window the paths that its entity had on another day of its stratum.

    All lags of the flagged `columns` (feature,) move together. One permutation of the
    days of a stratum serves all entities, so that windows of a date stay together; an
    entity without a window on the day that comes next takes the one after it in the
    cycle, so that its own windows are permuted too. `names` and `stratum` are (n,);
    windows of the stratum "" are left as they are.
    """
    x = cut.x.copy()
    for label in np.unique(stratum[stratum != ""]):
        inside = np.flatnonzero(stratum == label)
        days, place = np.unique(cut.date[inside], return_inverse=True)
        after = rng.permutation(len(days))
        for name in np.unique(names[inside]):
            own = names[inside] == name
            row = np.full(len(days), -1)  # of the entity's window on each day
            row[place[own]] = inside[own]
            donor = after[place[own]]
            while (lost := row[donor] < 0).any():
                donor[lost] = after[donor[lost]]
            x[np.ix_(inside[own], range(x.shape[1]), columns)] = cut.x[row[donor]][
                ..., columns
            ]
    return replace(cut, x=x)


def shift(
    cut: Windows, amount: float, columns: np.ndarray, unit: np.ndarray
) -> Windows:
    """Add `amount` units (n, feature) to the flagged columns (feature,) of each lag."""
    moved = cut.x + (amount * unit * columns)[:, None].astype(np.float32)
    return replace(cut, x=moved)


def units(
    cut: Windows, names: np.ndarray, train: np.ndarray, raw: np.ndarray
) -> np.ndarray:
    """Return what one z-unit is in each column of each window, (n, feature).

    Scaled columns have the unit 1. The unit of a `raw` one (feature,) is its standard
    deviation over the windows of the entity flagged by `train` (n,); an entity without
    any, or with a constant column, has the unit 0.
    """
    found = np.ones((len(cut), len(raw)))
    for name in np.unique(names):
        own = names == name
        past = cut.x[own & train][..., raw].astype(np.float64)
        spread = past.std(axis=(0, 1)) if len(past) else 0.0
        found[np.ix_(own, raw)] = spread
    return found
