"""Solar share of a region: PV power of its states over all their power or mean load.

Where every month of every state carries `total_mw`, the share is of the power of all
generators (0 to 1); else it is PV power over mean load, that is sales over hours, held
at their first and last month. The value of a day is that of the month before.
"""

import numpy as np
import pandas as pd

from seqshift.errors import BadInput, choose


def share(
    states: list[str],
    days: pd.DatetimeIndex,
    capacity: list[pd.DataFrame],
    sales: list[pd.DataFrame],
) -> pd.Series:
    """Return the share on each day; of CAPACITY and SALES_MONTHLY the first wins.

    Raises
    ------
    BadInput
        If sales are needed and a state has none, or PV power exceeds all power.
    """
    before = (days.to_period("M") - 1).to_timestamp()
    months = pd.date_range(before[0], before[-1], freq="MS")
    plants = _monthly(capacity, states)
    # A state without a plant has no row: nothing was installed there before its first.
    power = _known(plants, "pv_mw", months).fillna(0.0).sum(axis=1)
    paper = plants["total_mw"].notna().all() and set(plants["state"]) == set(states)
    whole = (
        _known(plants, "total_mw", months) if paper else _load(states, sales, months)
    )
    ratio = power / whole.bfill().sum(axis=1)
    if paper and not ratio.between(0.0, 1.0).all():
        month = ratio.index[~ratio.between(0.0, 1.0)][0]
        raise BadInput(
            f"capacity of {', '.join(states)}: PV power in {month:%Y-%m} is no "
            "part of the power of all generators; check the capacity source"
        )
    return pd.Series(ratio.loc[before].to_numpy(dtype=np.float64), index=days)


def _load(
    states: list[str], sales: list[pd.DataFrame], months: pd.DatetimeIndex
) -> pd.DataFrame:
    """Return mean load in MW, month x state."""
    if not sales:
        raise BadInput(
            f"solar share of {', '.join(states)}: the capacity sources do not give the "
            "power of all generators, so the role sales is needed; add a source to it"
        )
    rows = _monthly(sales, states)
    for state in states:
        if state not in set(rows["state"]):
            raise choose("state in the sales", state, sorted(set(rows["state"])))
    hours = 24 * rows["month"].dt.days_in_month
    return _known(rows.assign(mw=rows["mwh"] / hours), "mw", months)


def _monthly(tables: list[pd.DataFrame], states: list[str]) -> pd.DataFrame:
    """Return the rows of these states; the table that is listed first wins."""
    rows = pd.concat(tables, ignore_index=True)
    return rows[rows["state"].isin(states)].drop_duplicates(["state", "month"])


def _known(rows: pd.DataFrame, value: str, months: pd.DatetimeIndex) -> pd.DataFrame:
    """Return month x state: last known value of each state, NaN before the first."""
    table = rows.pivot(index="month", columns="state", values=value).sort_index()
    return table.reindex(table.index.union(months)).ffill().loc[months]
