"""Daily bars in the csv form of Yahoo Finance, one file a company, named after it.

US dollars and shares; all prices are adjusted for splits. Three variants of the form
exist, and the query of the source says which one it is (`variant`, v7 if absent):

v7        Date,Open,High,Low,Close,Adj Close,Volume; `Adj Close` alone is adjusted for
          dividends
adjusted  no `Adj Close`: all prices are adjusted for dividends
iex       like v7 with dates as 2020-01-02 04:00:00+00:00, but `Close` is adjusted for
          dividends, and `Adj Close` repeats it

Rules F1 to F6 are those of seqshift.bars. F11: a file that is not of the variant
declared is refused. That `Adj Close` repeats `Close` proves nothing by itself, since
half of the companies pay no dividend; it does in a v7 file of one that is known to pay.
"""

from pathlib import Path

import pandas as pd

from seqshift import bars, textfile
from seqshift.errors import BadInput, choose

TABLE = "BARS_DAILY"
HEADER = ["Date", "Open", "High", "Low", "Close", "Adj Close", "Volume"]
_HEADERS = {
    "v7": HEADER,
    "adjusted": [name for name in HEADER if name != "Adj Close"],
    "iex": HEADER,
}
_MIDNIGHT = r" 0[45]:00:00\+00:00$"  # New York's, in UTC
# A dividend every quarter since 2005, with at most 109 sessions between two of them.
_PAYERS = ("ADI", "AMAT", "KLAC", "MCHP", "QCOM", "TXN")
_YEAR = 250


def simulate(world, spec: dict, folder: Path) -> None:
    """Write one file for each entity of a simulated market."""
    variant = _variant(spec)
    clock = " 04:00:00+00:00" if variant == "iex" else ""
    for ticker, frame in world.bars():
        if variant != "v7":
            prices = ["open", "high", "low", "close"]
            factor = frame["close_adj"] / frame["close"]
            frame[prices] = frame[prices].mul(factor, axis=0)
        frame["date"] = frame["date"].dt.strftime("%Y-%m-%d") + clock
        frame = frame.set_axis(HEADER, axis=1)[_HEADERS[variant]]
        path = Path(folder, f"{ticker}.csv")
        frame.to_csv(path, index=False, float_format="%.6f", lineterminator="\n")


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return BARS_DAILY of all files, sorted by entity and date.

    Raises
    ------
    BadInput
        Naming file, line and column of the first value that cannot be right.
    """
    variant = _variant(spec)
    files = sorted(textfile.find(folder).items())
    return pd.concat([_read(*file, variant) for file in files], ignore_index=True)


def _variant(spec: dict) -> str:
    variant = spec.get("query", {}).get("variant", "v7")
    if variant not in _HEADERS:
        raise choose("variant in the query of source yahoo", variant, list(_HEADERS))
    return variant


def _read(ticker: str, path: Path, variant: str) -> pd.DataFrame:
    _declared(path, variant)
    frame = textfile.table(path, _HEADERS[variant], ["Date"], ended=False)
    _dividends(ticker, frame, path, variant)
    if variant == "iex":
        frame["Date"] = frame["Date"].str.replace(_MIDNIGHT, "", regex=True)
    frame["Date"] = textfile.days(frame, "Date", path)
    if variant == "adjusted":
        frame["Adj Close"] = frame["Close"]
    names = dict(zip(["date", *bars.COLUMNS], HEADER, strict=True))
    renamed = frame[HEADER].set_axis(list(names), axis=1).assign(entity=ticker)
    renamed["entity"] = renamed["entity"].astype("str")

    def wrong(row: int, column: str, value: object, what: str) -> BadInput:
        return textfile.wrong(path, row, names[column], value, what)

    return bars.clean(renamed, wrong)


def _declared(path: Path, variant: str) -> None:
    """Refuse a file whose header or first date are those of another variant."""
    header, _, rest = textfile.text(path).partition("\n")
    timed = " " in rest[: len("2020-01-02 ")]
    found = {
        ",".join(_HEADERS["adjusted"]): "adjusted",
        ",".join(HEADER): "iex" if timed else "v7",
    }.get(header.rstrip("\r"), variant)
    if found != variant:
        raise _mismatch(path, f"has the form of variant {found}", variant)


def _dividends(ticker: str, frame: pd.DataFrame, path: Path, variant: str) -> None:
    """Refuse a file whose `Adj Close` contradicts the variant declared."""
    if variant == "adjusted":
        return
    same = frame["Adj Close"] == frame["Close"]
    if variant == "iex" and not same.all():
        raise _mismatch(path, "tells `Adj Close` from `Close`", variant)
    if variant == "v7" and ticker in _PAYERS and len(frame) > _YEAR and same.all():
        what = f"shows no dividend of {ticker} in {len(frame)} sessions"
        raise _mismatch(path, what, variant)


def _mismatch(path: Path, what: str, variant: str) -> BadInput:
    return BadInput(
        f"{path} {what}, but its source is declared as variant {variant} (rule F11); "
        "correct `variant` in the query of this source, or replace the file"
    )
