"""Daily features and targets of traded companies.

log_return   ln of adjusted close over that of the session before
volatility   square root of the exponentially weighted mean of squared returns
vix          close of the volatility index, percent a year

A session is a day on which the exchange, or some company of the tables, trades. A
return exists only between consecutive sessions of one source: each pull of prices is
adjusted for the splits known on its day, so their levels do not join. Row t holds the
target whose first day is session t and the naive forecast that is known the session
before. A day counts as repaired if the close of the company or of the index is.
"""

import numpy as np
import pandas as pd

from seqshift import repairs, sessions
from seqshift.errors import BadInput, choose

DECAY = 0.94  # RiskMetrics Technical Document (1996), daily data
FLOOR = 1e-4  # keeps the logarithm finite on days without trade


def features(tables: dict[str, dict[str, pd.DataFrame]], spec: dict) -> pd.DataFrame:
    """Return FEATURES of the configured companies, sorted by entity and date.

    Raises
    ------
    BadInput
        If a company has no data, a source repeats a row or a feature is infinite.
    """
    prices = _prices(tables["prices"], spec)
    closes = prices["close_adj"]  # (session, entity)
    unbroken = prices["pull"] == prices["pull"].shift()
    returns = np.log(closes).diff().where(unbroken)
    index = _within(tables["index"], spec, ["date"]).set_index("date")
    index = index.reindex(closes.index)
    vix = pd.concat(dict.fromkeys(closes, index["close"]), axis=1)
    columns = {
        "log_return": returns,
        "volatility": _volatility(returns),
        "vix": vix.where(closes.notna()),
    }
    for name in spec["features"]:
        if name not in columns:
            raise choose("feature", name, list(columns))
    columns = {name: columns[name] for name in spec["features"]}
    _refuse_infinite(columns)
    columns = _targets(returns, spec["target"]) | columns
    columns["repaired"] = _repaired(prices["repaired"], index["repaired"])
    count, entities = closes.shape
    frame = pd.DataFrame(
        {
            "entity": np.repeat(closes.columns, count),
            "date": np.tile(closes.index, entities),
            "step": np.tile(np.arange(count, dtype="int64"), entities),
        }
        | {name: wide.to_numpy().ravel(order="F") for name, wide in columns.items()}
    )
    frame = frame.astype({"entity": "str", "date": "datetime64[ns]"})
    return frame.dropna(subset=spec["features"], ignore_index=True)


def _prices(sources: dict[str, pd.DataFrame], spec: dict) -> pd.DataFrame:
    """Return close_adj, pull, repaired (session, entity), NaN where nothing traded."""
    prices = _within(sources, spec, ["entity", "date"])
    entities = sorted([*spec["entities"]["seen"], *spec["entities"]["unseen"]])
    absent = sorted(set(entities) - set(prices["entity"]))
    if absent:
        raise BadInput(
            f"no prices of {', '.join(absent)} from {spec['start']} to {spec['end']} "
            f"in {', '.join(sources)}; fetch them or remove them from `entities`"
        )
    names = ["close_adj", "pull", "repaired"]
    wide = prices.pivot(index="date", columns="entity", values=names)
    wide = wide.reindex(wide.index.union(_sessions(wide.index)))
    return wide.loc[:, pd.MultiIndex.from_product([names, entities])]


def _sessions(days: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """Return the sessions between the first and the last of some days."""
    return sessions.between(days.min(), days.max()).rename(days.name)


def _repaired(prices: pd.DataFrame, index: pd.Series) -> pd.DataFrame:
    """Return 1 where the close of the company or of the index was repaired, else 0."""
    own, shared = prices.eq(1), index.eq(1)
    return own.apply(lambda column: column | shared).astype("float64")


def _within(
    sources: dict[str, pd.DataFrame], spec: dict, key: list[str]
) -> pd.DataFrame:
    """Return the rows between the domain's first and last day; `pull` is the source."""
    pulls = [rows.assign(pull=float(n)) for n, rows in enumerate(sources.values())]
    rows = pd.concat(pulls, ignore_index=True)
    first, last = pd.Timestamp(spec["start"]), pd.Timestamp(spec["end"])
    rows = rows[rows["date"].between(first, last)]
    twice = rows.duplicated(key)
    if twice.any():
        place = " ".join(str(value) for value in rows.loc[twice.idxmax(), key])
        raise BadInput(
            f"{place} is in more than one of {', '.join(sources)}; limit the `files` "
            "of one of these sources"
        )
    return rows.assign(repaired=repairs.repaired(rows["flag"]).astype("float64"))


def _volatility(returns: pd.DataFrame) -> pd.DataFrame:
    """Return sigma with sigma_t^2 = DECAY sigma_{t-1}^2 + (1 - DECAY) r_t^2.

    The recursion starts at the first return and passes over missing ones.
    """
    weighted = (returns**2).ewm(alpha=1 - DECAY, adjust=False, ignore_na=True)
    return np.sqrt(weighted.mean()).where(returns.notna())


def _targets(returns: pd.DataFrame, target: dict) -> dict[str, pd.DataFrame]:
    """Return target_<h> and naive_<h> for each horizon h, in sessions."""
    if target["name"] == "log_return":
        first = returns
        naive = pd.DataFrame(0.0, returns.index, returns.columns)
    elif target["name"] == "log_volatility":
        span, squares = target["span"], returns**2
        # oldest last in both sums, so that a naive equals the target it repeats
        ahead = sum(squares.shift(-day) for day in reversed(range(span))) / span
        past = sum(squares.shift(day) for day in range(1, span + 1)) / span
        first = np.log(np.sqrt(ahead) + FLOOR)
        naive = np.log(np.sqrt(past) + FLOOR)
    else:
        raise choose("target", target["name"], ["log_return", "log_volatility"])
    columns = {}
    for horizon in target["horizons"]:
        columns[f"target_{horizon}"] = first.shift(1 - horizon)
        columns[f"naive_{horizon}"] = naive
    return columns


def _refuse_infinite(columns: dict[str, pd.DataFrame]) -> None:
    """Raise for the first infinite feature."""
    for name, wide in columns.items():
        bad = np.isinf(wide).stack()
        if bad.any():
            date, entity = bad.idxmax()
            raise BadInput(
                f"feature {name} of {entity} is infinite on {date:%Y-%m-%d}; correct "
                "that price at its source or leave the company out"
            )
