"""Panels with a calendar: one column a series, one row a stamp, coarser if asked."""

import pandas as pd

from seqshift.errors import BadInput

PERIODS = {"daily": "D", "weekly": "W-SUN"}


def wide(table: pd.DataFrame, time: str, value: str, source: str) -> pd.DataFrame:
    """Return a tidy table as [time, series]; absent stamps are missing values.

    Raises
    ------
    BadInput
        If a series begins or ends at another time than the first one.
    """
    spans = table.groupby("series")[time].agg(["min", "max"])
    other = spans[(spans != spans.iloc[0]).any(axis=1)]
    if len(other):
        name, first = other.index[0], spans.index[0]
        raise BadInput(
            f"source {source}: series {name} runs from {spans.at[name, 'min']} to "
            f"{spans.at[name, 'max']} and {first} from {spans.at[first, 'min']} to "
            f"{spans.at[first, 'max']}; all rows of an origin need the same span, so "
            "cut the files to it"
        )
    panel = table.pivot(index=time, columns="series", values=value)
    return panel.asfreq(panel.index.diff().min())


def coarser(panel: pd.DataFrame, cadence: str) -> pd.DataFrame:
    """Return means over whole days, or whole weeks that end on Sunday.

    A stamp counts to its own date. Missing steps are left out of a mean.
    """
    if cadence == "native":
        return panel
    spacing = panel.index[1] - panel.index[0]
    period = panel.index.to_period(PERIODS[cadence])
    sizes = panel.groupby(period).size()
    whole = sizes == (period[0].end_time - period[0].start_time).ceil("D") / spacing
    means = panel.groupby(period).mean()[whole.to_numpy()]
    return means.set_axis(means.index.to_timestamp(how="end").normalize())
