"""Sharadar daily prices of US companies: the tables SEP, TICKERS and ACTIONS.

Dollars and shares; open, high, low, close and volume are adjusted for splits,
`closeadj` also for dividends. Both hosts of seqshift.sharadar give the same tables.
Pages may overlap: a row that appears twice must be the same both times.

Rules F1 to F6 are those of seqshift.bars. F4 also refuses a price that jumps by the
ratio of a split in ACTIONS. F9: a ticker belongs to exactly one company (`permaticker`)
of TICKERS, the one in the query if it names one. A history that does not reach the days
in TICKERS is refused: to a key that it does not know, a host gives the last year alone.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import bars, queries, sessions, textfile
from seqshift.errors import ANEW, BadInput
from seqshift.sharadar import companies, hosts, pages

TABLE = "BARS_DAILY"
_SHARES = ("SEP", "stocks")  # the table of prices in TICKERS, as the hosts name it
_NUMBERS = ["open", "high", "low", "close", "volume", "closeadj", "closeunadj"]
_NO_DAY = "is no date like 2020-01-31"
_SHORT = 10  # sessions that a history may begin late or end early


def simulate(world, spec: dict, folder: Path) -> None:
    """Write the pages of each company of a simulated market."""
    host = hosts.chosen(spec)
    for ticker, tables in companies.tables(world, host):
        for table, rows in tables.items():
            for number, start in enumerate(range(0, max(len(rows), 1), pages.PAGE)):
                name = f"{table}.{ticker}.{number}.{hosts.SUFFIX[host]}"
                end = start + pages.PAGE
                cursor = f"{table}-{ticker}-{end}" if end < len(rows) else None
                pages.write(Path(folder, name), rows[start:end], cursor)


def download(spec: dict, client) -> None:
    """Save the three tables, page by page for each ticker, or whole with `bulk`.

    Raises
    ------
    BadInput
        If the query is not complete or a page cannot be had.
    """
    names, *_ = queries.need(spec, "names", "start", "end")
    hosts.check_key(spec)
    for table in pages.COLUMNS:
        if spec["query"].get("bulk"):
            hosts.save_bulk(spec, client, table)
            continue
        for name in names:
            hosts.save_pages(spec, client, table, name)


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return BARS_DAILY of the tickers and days of the query, of all without one.

    Raises
    ------
    BadInput
        Naming file, ticker, day and column of the first value that cannot be right.
    """
    query = spec.get("query") or {}
    names = query.get("names")
    start = query.get("start", textfile.EVER[0])
    end = query.get("end", textfile.EVER[1])
    rows = _rows(pages.load(folder, "SEP", names, spec))
    rows = rows[rows["date"].between(start, end)]
    absent = sorted(set(names or []) - set(rows["ticker"]))
    if absent or rows.empty:
        raise BadInput(
            f"{folder}: no price of {', '.join(absent) or 'any ticker'} from {start} "
            f"to {end}; correct names and days in the query of this source"
        )
    known = pages.load(folder, "TICKERS", names, spec)
    splits = _splits(pages.load(folder, "ACTIONS", names, spec))
    found = []
    for ticker, own in rows.groupby("ticker"):
        own = own.reset_index(drop=True)
        first, last = _company(ticker, known, query.get("permatickers", {}), folder)
        _complete(own, max(first, start), min(last, end), folder)
        found.append(_clean(own))
        _adjusted(own, splits[splits["ticker"] == ticker])
    return pd.concat(found, ignore_index=True)


def _refuse(rows: pd.DataFrame, column: str, bad, what: str) -> None:
    """Raise for the first row that is bad in a column."""
    if np.any(bad):
        raise _wrong(rows.iloc[int(np.flatnonzero(bad)[0])], column, what)


def _wrong(row: pd.Series, column: str, what: str) -> BadInput:
    place = f"{row['file']}, {row['ticker']} on {row['date']!s:.10}, column {column}"
    value = str(row[column]).removesuffix(" 00:00:00")[:20]
    return BadInput(f"{place}: '{value}' {what}; {ANEW}")


def _rows(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of SEP with numbers and dates, sorted, each day once."""
    for column in ("date", "lastupdated"):
        _refuse(
            cells, column, _days(cells[column]).isna(), "is no date like 2020-01-31"
        )
    content = pages.COLUMNS["SEP"]
    again = cells.duplicated(content)
    revised = cells.duplicated(["ticker", "date"]) & ~again
    what = "stands in a row that differs from the same day of another page"
    _refuse(cells, "lastupdated", revised, what)
    cells = cells[~again].reset_index(drop=True)
    for column in _NUMBERS:
        values = pd.to_numeric(cells[column], errors="coerce").astype("float64")
        _refuse(cells, column, ~np.isfinite(values), "is not a number")
        cells[column] = values
    cells["date"] = _days(cells["date"])
    return cells.sort_values(["ticker", "date"], ignore_index=True)


def _days(cells: pd.Series) -> pd.Series:
    """Return ISO dates, NaT where a cell is none."""
    days = textfile.moments(cells, format="%Y-%m-%d")
    return days.where(cells.str.len() == len("2020-01-31"))


def _clean(own: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of one company as BARS_DAILY."""
    names = {"entity": "ticker", "close_adj": "closeadj"}

    def wrong(row: int, column: str, _: object, what: str) -> BadInput:
        return _wrong(own.iloc[row], names.get(column, column), what)

    renamed = own.rename(columns={old: new for new, old in names.items()})
    return bars.clean(renamed, wrong)


def _company(
    ticker: str, known: pd.DataFrame, wanted: dict, folder: Path
) -> tuple[str, str]:
    """Return the first and last day with a price of the one company of a ticker."""
    rows = known[(known["ticker"] == ticker) & known["table"].isin(_SHARES)]
    found = sorted(set(rows["permaticker"]))
    if len(found) != 1 or str(wanted.get(ticker, found[0])) != found[0]:
        should = f" and should be {wanted[ticker]}" if ticker in wanted else ""
        raise BadInput(
            f"{folder}: {ticker} is {' and '.join(found) or 'no company'} in "
            f"TICKERS{should} "
            "(rule F9); ask for the company by its present ticker"
        )
    spans = rows[["firstpricedate", "lastpricedate"]]
    if spans.apply(_days).isna().any(axis=None):
        raise BadInput(
            f"{folder}: {ticker} has no first or last price date in TICKERS; "
            "delete manifest.json there and run again"
        )
    return spans["firstpricedate"].min(), spans["lastpricedate"].max()


def _complete(own: pd.DataFrame, first: str, last: str, folder: Path) -> None:
    """Refuse a history that begins after or ends before the days it should have."""
    dates = own["date"]
    late = len(sessions.between(first, dates.iloc[0])) - 1
    early = len(sessions.between(dates.iloc[-1], last)) - 1
    if max(late, early) > _SHORT:
        span = f"{dates.iloc[0]:%Y-%m-%d} to {dates.iloc[-1]:%Y-%m-%d}"
        raise BadInput(
            f"{folder}: {own['ticker'].iloc[0]} has prices from {span} in place of "
            f"{first} to {last}: the key may not cover the rest, or a page is missing; "
            "delete manifest.json there and run again"
        )


def _splits(actions: pd.DataFrame) -> pd.DataFrame:
    """Return ticker, date and ratio of all splits."""
    splits = actions[actions["action"] == "split"].reset_index(drop=True)
    ratio = pd.to_numeric(splits["value"], errors="coerce").astype("float64")
    _refuse(splits, "value", ~(ratio > 0), "is no ratio of a split")
    days = _days(splits["date"])
    _refuse(splits, "date", days.isna(), _NO_DAY)
    return splits.assign(date=days, ratio=ratio)[["ticker", "date", "ratio"]]


def _adjusted(own: pd.DataFrame, splits: pd.DataFrame) -> None:
    """Refuse a big move on the day of a split that is nearer to its ratio than to 0."""
    for split in splits.itertuples():
        row = int(own["date"].searchsorted(split.date))
        if not 0 < row < len(own):
            continue
        for column in ("close", "closeadj"):
            move = np.log(own[column].iloc[row] / own[column].iloc[row - 1])
            if abs(move) > bars.BIG_MOVE and abs(move + np.log(split.ratio)) < abs(
                move
            ):
                what = f"is not adjusted for the split of {split.ratio:g} that day"
                raise _wrong(own.iloc[row], column, what)
