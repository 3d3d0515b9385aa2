"""Places on a time axis: origins of a split, windows at them, the scale before them."""

import numpy as np
import pandas as pd

from seqshift.errors import BadInput


def origins(bounds: list[int], split: str, horizon: int, stride: int) -> np.ndarray:
    """Return the origins whose targets lie within a split, every `stride` steps.

    `bounds` are the ends of training, validation and test, in steps.
    """
    first, end = bounds[:2] if split == "validation" else bounds[1:]
    return np.arange(first, end - horizon + 1, stride) - 1


def windows(values: np.ndarray, starts: np.ndarray, length: int) -> np.ndarray:
    """Return [start, series, length] of values [time, series]."""
    places = starts[:, None] + np.arange(length)
    return values[places].transpose(0, 2, 1)


def scale(values: np.ndarray, season: int, names: list[str]) -> np.ndarray:
    """Return mean |x_t - x_(t-season)| by series (Hyndman, Koehler 2006).

    DOI 10.1016/j.ijforecast.2006.03.001.

    Raises
    ------
    BadInput
        Naming a series that is too short, empty or the same in every season.
    """
    steps = pd.DataFrame(np.abs(values[season:] - values[:-season]))
    found = steps.mean().to_numpy()
    if not (found > 0).all():
        name = names[int(np.flatnonzero(~(found > 0))[0])]
        raise BadInput(
            f"series {name} has no two different values {season} steps apart before "
            "the first bound, so its errors have no scale; leave it out of the source"
        )
    return found
