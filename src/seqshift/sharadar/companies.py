"""The companies of a simulated market as rows of SEP, TICKERS and ACTIONS."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from seqshift.sharadar.pages import COLUMNS

_RATIOS = (2.0, 3.0, 1.5, 0.2)  # new shares for an old one
_TABLES = {"sharadar": ("stocks", "fundamentals"), "nasdaq": ("SEP", "SF1")}


def tables(world, host: str) -> Iterator[tuple[str, dict[str, pd.DataFrame]]]:
    """Yield each ticker with its tables, newest rows first.

    A company has up to two splits, a dividend whenever its adjustment changes, and
    every fifth one had another ticker before.
    """
    for place, (ticker, bars) in enumerate(world.bars()):
        draw = np.random.default_rng([world.seed, 3, place])
        days = bars["date"].dt.strftime("%Y-%m-%d")
        count = int(draw.integers(0, 3))
        rows = np.sort(draw.choice(np.arange(1, len(bars)), count, replace=False))
        splits = pd.Series(draw.choice(_RATIOS, count), index=rows)
        actions = [_listed(ticker, days), _splits(ticker, days, splits)]
        actions.append(_dividends(ticker, bars, days))
        if place % 5 == 4:
            actions.append(_renamed(ticker, days.iloc[len(days) // 2]))
        listed = pd.concat(actions).sort_values(["date", "action"], ascending=False)
        yield (
            ticker,
            {
                "SEP": _sep(ticker, bars, days, splits),
                "TICKERS": _tickers(ticker, 100_000 + place, days, _TABLES[host]),
                "ACTIONS": listed.reindex(columns=COLUMNS["ACTIONS"]),
            },
        )


def _sep(
    ticker: str, bars: pd.DataFrame, days: pd.Series, splits: pd.Series
) -> pd.DataFrame:
    ratio = pd.Series(1.0, bars.index)
    ratio[splits.index] = splits
    later = ratio[::-1].cumprod()[::-1].shift(-1, fill_value=1.0)  # splits to come
    rows = bars.assign(ticker=ticker, date=days, closeadj=bars["close_adj"])
    rows = rows.assign(closeunadj=rows["close"] * later, lastupdated=days.iloc[-1])
    return rows[COLUMNS["SEP"]][::-1]


def _tickers(
    ticker: str, permaticker: int, days: pd.Series, names: tuple[str, ...]
) -> pd.DataFrame:
    """Return a row for the prices and one for the accounts of a company."""
    facts = {
        "permaticker": permaticker,
        "ticker": ticker,
        "name": f"{ticker}, Inc.",
        "exchange": "NASDAQ",
        "isdelisted": "N",
        "category": "Domestic Common Stock",
        "industry": "Semiconductors",
        "currency": "USD",
        "lastupdated": days.iloc[-1],
        "firstpricedate": days.iloc[0],
        "lastpricedate": days.iloc[-1],
    }
    rows = pd.DataFrame([{"table": name} | facts for name in names])
    return rows.reindex(columns=COLUMNS["TICKERS"])


def _actions(ticker: str, action: str, dates, values=np.nan) -> pd.DataFrame:
    frame = pd.DataFrame({"date": dates, "value": values})
    return frame.assign(action=action, ticker=ticker, name=f"{ticker}, Inc.")


def _listed(ticker: str, days: pd.Series) -> pd.DataFrame:
    return _actions(ticker, "listed", days.iloc[:1])


def _splits(ticker: str, days: pd.Series, splits: pd.Series) -> pd.DataFrame:
    return _actions(ticker, "split", days[splits.index], splits)


def _dividends(ticker: str, bars: pd.DataFrame, days: pd.Series) -> pd.DataFrame:
    factor = bars["close_adj"] / bars["close"]
    share = 1 - factor.shift(1) / factor
    paid = share > 1e-9
    value = (bars["close"].shift(1) * share)[paid]
    return _actions(ticker, "dividend", days[paid], value)


def _renamed(ticker: str, day: str) -> pd.DataFrame:
    rows = [
        _actions(ticker, f"tickerchange{way}", [day]).assign(contraticker=contra)
        for way, contra in {"from": f"{ticker}X", "to": ticker}.items()
    ]
    return pd.concat(rows)
