"""The FEATURES table: one row for each entity and day on which all features exist."""

import numpy as np
import pandera.pandas as pa

from seqshift.schemas.raw import day, unique


def _column(missing: bool) -> pa.Column:
    """Return a float column without infinite values; NaN allowed if `missing`."""
    check = pa.Check(
        lambda values: ~np.isinf(values), error="not infinite", ignore_na=False
    )
    return pa.Column("float64", check, nullable=missing)


def features(names: list[str], horizons: list[int]) -> pa.DataFrameSchema:
    """Return the schema of FEATURES for these feature names and horizons (steps).

    Columns: entity, date, step (number of the session or day), repaired (share of
    the day's source values that a data rule repaired), `target_<h>` and
    `naive_<h>` for each horizon in raw units (NaN where undefined), one finite
    column per feature. The key is (entity, date).
    """
    columns = {
        "entity": pa.Column(str, pa.Check.str_matches(r"\S")),
        "date": day(),
        "step": pa.Column("int64"),
        "repaired": pa.Column("float64", pa.Check.in_range(0, 1)),
    }
    for horizon in horizons:
        columns[f"target_{horizon}"] = _column(missing=True)
        columns[f"naive_{horizon}"] = _column(missing=True)
    for name in names:
        columns[name] = _column(missing=False)
    return pa.DataFrameSchema(
        columns, checks=[unique(["entity", "date"])], strict=True, coerce=False
    )
