"""Daily bars in the csv format of Yahoo (v7), one file a ticker, named after it.

Header Date,Open,High,Low,Close,Adj Close,Volume; ISO dates; US dollars and shares. All
prices are adjusted for splits, `Adj Close` also for dividends. Rules: F1 an opening
price of 0 becomes missing; F2 low and high are widened to cover open and close; F3
marks a day without volume; F4 marks a log return above 0.4 in size.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import textfile
from seqshift.errors import BadInput

TABLE = "BARS_DAILY"
HEADER = ["Date", "Open", "High", "Low", "Close", "Adj Close", "Volume"]
PRICES = ["Open", "High", "Low", "Close", "Adj Close"]
BIG_MOVE = 0.4


def simulate(world, spec: dict, folder: Path) -> None:
    """Write one file for each entity of a simulated market."""
    for position, (ticker, returns) in enumerate(world.returns.items()):
        draw = np.random.default_rng(np.random.SeedSequence([world.seed, 2, position]))
        frame = _bars(returns.to_numpy(), world.sigma.to_numpy(), draw)
        frame.insert(0, "Date", world.sessions.strftime("%Y-%m-%d"))
        path = Path(folder, f"{ticker}.csv")
        frame.to_csv(path, index=False, float_format="%.6f", lineterminator="\n")


def _bars(
    returns: np.ndarray, sigma: np.ndarray, draw: np.random.Generator
) -> pd.DataFrame:
    """Return plausible bars whose adjusted closes have these log returns."""
    growth = np.exp(np.cumsum(returns))
    adjusted = 20.0 * growth / growth.min()  # six decimals keep the returns exact
    quarters = np.arange(len(returns)) // 63
    close = adjusted / (1 - 0.004) ** (quarters[-1] - quarters)  # a dividend a quarter
    wiggle = sigma * draw.standard_normal((3, len(returns)))  # (open high low, session)
    opening = close * np.exp(0.5 * wiggle[0] - returns)
    volume = draw.lognormal(14.0, 0.3, len(returns)) * (1 + np.abs(returns) / sigma)
    return pd.DataFrame(
        {
            "Open": opening,
            "High": np.maximum(opening, close) * np.exp(0.5 * np.abs(wiggle[1])),
            "Low": np.minimum(opening, close) * np.exp(-0.5 * np.abs(wiggle[2])),
            "Close": close,
            "Adj Close": adjusted,
            "Volume": np.rint(volume).astype("int64"),
        }
    )


def download(spec: dict, folder: Path) -> None:
    """Refuse: there is no official download.

    Raises
    ------
    BadInput
        Always; the message names the origins that remain.
    """
    raise BadInput(
        "source yahoo has no official download; set its origin to simulate, or to "
        "mirror with csv files that you may use"
    )


def read(folder: Path) -> pd.DataFrame:
    """Return BARS_DAILY of all files, sorted by entity and date.

    Raises
    ------
    BadInput
        Naming file, line and column of the first value that cannot be right.
    """
    files = textfile.find(folder)
    bars = [_read(ticker, path) for ticker, path in sorted(files.items())]
    return pd.concat(bars, ignore_index=True)


def _read(ticker: str, path: Path) -> pd.DataFrame:
    frame = textfile.table(path, HEADER, words=["Date"])
    date = textfile.days(frame, "Date", path)
    _refuse(frame, date, path)
    start = frame["Open"].where(frame["Open"] > 0)
    both = pd.concat([start, frame["Close"]], axis=1)
    low = np.minimum(frame["Low"], both.min(axis=1))
    high = np.maximum(frame["High"], both.max(axis=1))
    widened = (low != frame["Low"]) | (high != frame["High"])
    moves = np.log(frame["Adj Close"]).diff().abs()
    rules = {
        "F1": start.isna(),
        "F2": widened,
        "F3": frame["Volume"] == 0,
        "F4": moves > BIG_MOVE,
    }
    return pd.DataFrame(
        {
            "entity": pd.Series(ticker, frame.index, dtype="str"),
            "date": date,
            "open": start,
            "high": high,
            "low": low,
            "close": frame["Close"],
            "close_adj": frame["Adj Close"],
            "volume": frame["Volume"],
            "flag": _flags(rules),
        }
    )


def _refuse(frame: pd.DataFrame, date: pd.Series, path: Path) -> None:
    """Raise for the first value that no rule may repair."""
    least = {name: frame[name] <= 0 for name in PRICES[1:]}
    least |= {"Open": frame["Open"] < 0, "Volume": frame["Volume"] < 0}
    for column, bad in least.items():
        if bad.any():
            row = int(bad.argmax())
            value = frame[column].iloc[row]
            raise textfile.wrong(path, row, column, value, "is too low for a real one")
    weekend = date.dt.dayofweek >= 5
    if weekend.any():
        row = int(weekend.argmax())
        raise textfile.wrong(
            path, row, "Date", f"{date.iloc[row]:%Y-%m-%d}", "is no trading session"
        )


def _flags(rules: dict[str, pd.Series]) -> pd.Series:
    """Return the ids of the rules that hit each row, joined by "+"."""
    parts = [np.where(hit, f"+{rule}", "") for rule, hit in rules.items()]
    joined = pd.Series(parts[0], dtype="str")
    for part in parts[1:]:
        joined = joined + part
    return joined.str.removeprefix("+")
