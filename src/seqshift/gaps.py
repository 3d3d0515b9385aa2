"""Short gaps in regular time series."""

import numpy as np
import pandas as pd


def fill(
    frame: pd.DataFrame, freq: str, longest: int
) -> tuple[pd.DataFrame, np.ndarray]:
    """Interpolate gaps of at most `longest` steps of `freq` between complete rows.

    `frame` is indexed by unique times on a grid of `freq`; a row that is absent, or in
    which any value is missing, lies in a gap and all its values are interpolated.
    Returns the rows by time, those of longer gaps as they were given, and a mask of
    the rows that were filled in.
    """
    complete = frame.dropna().sort_index()
    if complete.empty:
        return frame.sort_index(), np.zeros(len(frame), dtype=bool)
    first, last = complete.index[[0, -1]]
    steps = pd.date_range(first, last, freq=freq, unit="ns", name=frame.index.name)
    empty = pd.Series(~steps.isin(complete.index), steps)
    run = empty.groupby((~empty).cumsum()).transform("sum")
    short = steps[empty & (run <= longest)]
    linear = complete.reindex(steps).interpolate().loc[short]
    whole = pd.concat([frame.drop(index=frame.index.intersection(short)), linear])
    whole = whole.sort_index()
    return whole, whole.index.isin(short)
