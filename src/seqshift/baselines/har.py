"""Heterogeneous autoregression of log volatility (Corsi 2009).

Least squares of the target on the newest log volatility that is known, on its means
over two longer spans and on the log of the volatility index, pooled over entities.
Source: doi:10.1093/jjfinec/nbp001; the index is an addition.
"""

import numpy as np
import pandas as pd
from statsmodels.regression.linear_model import OLS
from statsmodels.tools import add_constant

from seqshift import checks, design
from seqshift.dataset import Dataset
from seqshift.errors import BadInput
from seqshift.windows import Windows


def predict(data: Dataset, cut: Windows, frame: pd.DataFrame, spec: dict) -> np.ndarray:
    """Return forecasts in raw units (n, horizons); `spec["means"]` are spans in steps.

    Raises
    ------
    BadInput
        If the target is not a log volatility or the index is not among the features.
    """
    if reason := checks.unsuited("har", data.spec):
        raise BadInput(f"the baseline har {reason}; take another baseline or domain")
    _, past = data.cut("train")
    inputs, wanted = (regressors(data, rows, spec["means"]) for rows in (past, frame))
    columns = [
        OLS(past[f"target_{horizon}"].to_numpy(), inputs).fit().predict(wanted)
        for horizon in data.spec["target"]["horizons"]
    ]
    return np.stack(columns, axis=1)


def regressors(data: Dataset, frame: pd.DataFrame, means: list[int]) -> np.ndarray:
    """Return (n, 3 + means): one, the newest log volatility, its means, log index.

    A mean is taken over those of the last steps that exist, so that no window at the
    beginning of an entity's history, or after a gap, is without a forecast.
    """
    name = f"naive_{data.spec['target']['horizons'][0]}"
    rows = data.features[["entity", "date", "step", name, "vix"]]
    parts = [_means(part, name, means) for _, part in rows.groupby("entity")]
    table = rows.assign(**pd.concat(parts))
    columns = [design.before(table, frame, each, 0) for each in [name, *parts[0]]]
    columns.append(np.log(design.before(table, frame, "vix", 1)))
    return add_constant(np.stack(columns, axis=1), has_constant="add")


def _means(rows: pd.DataFrame, name: str, means: list[int]) -> pd.DataFrame:
    """Return the trailing means of one entity, at the index of its rows."""
    step = rows["step"]
    series = rows.set_index("step")[name]
    series = series.reindex(range(step.min(), step.max() + 1))
    found = {
        f"mean_{span}": series.rolling(span, min_periods=1).mean()[step].to_numpy()
        for span in means
    }
    return pd.DataFrame(found, index=rows.index)
