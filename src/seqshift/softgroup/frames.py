"""Long data frames whose items are to share information."""

import pandas as pd

from seqshift.errors import BadInput
from seqshift.softgroup.origins import assert_same_origin


def check(df: pd.DataFrame, item: str, time: str, target: str | list[str]):
    """Refuse items of different origins, repeated time stamps and empty series.

    Raises
    ------
    MixedOriginError
        If two items end at different time stamps.
    BadInput
        If a column is missing, an item has a time stamp twice, or a target of an item
        has no value.
    """
    targets = [target] if isinstance(target, str) else list(target)
    for column in (item, time, *targets):
        if column not in df.columns:
            raise BadInput(
                f"the data frame has no column '{column}'; name its columns with "
                "id_column, timestamp_column and target"
            )
    twice = df.duplicated([item, time])
    if twice.any():
        name, stamp = df.loc[twice, [item, time]].iloc[0]
        raise BadInput(
            f"item {name} has the time stamp {stamp} twice; keep one row a time stamp, "
            "or give each series an id of its own"
        )
    known = df.groupby(item, sort=False)[targets].count()
    if (known == 0).any(axis=None):
        name, column = known.eq(0).stack().loc[lambda empty: empty].index[0]
        raise BadInput(
            f"item {name} has no observed value in column '{column}' (all NaN); drop "
            "the item"
        )
    last = pd.to_datetime(df[time]).groupby(df[item], sort=False).max()
    assert_same_origin(list(last), [f"item {name}" for name in last.index])
