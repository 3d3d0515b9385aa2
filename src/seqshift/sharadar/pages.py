"""Pages of the Sharadar tables as the two hosts of the data answer.

A file is named SEP.NVDA.0.csv after table, ticker and page. Host `sharadar` answers in
csv, `nasdaq` (Nasdaq Data Link) in json with the cursor of the next page; a bulk file
SEP.zip of either holds one csv. Cells stay text here.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from seqshift import connection, zipped
from seqshift.errors import ANEW, BadInput

PAGE = 10_000  # rows that a host gives at most
_TABLES = {
    "SEP": "ticker date open high low close volume closeadj closeunadj lastupdated",
    "TICKERS": "table permaticker ticker name exchange isdelisted category cusips "
    "siccode sicsector sicindustry famasector famaindustry sector industry "
    "scalemarketcap scalerevenue relatedtickers currency location lastupdated "
    "firstadded firstpricedate lastpricedate firstquarter lastquarter secfilings "
    "companysite",
    "ACTIONS": "date action ticker name value contraticker contraname",
}
COLUMNS = {table: names.split() for table, names in _TABLES.items()}
NUMBERS = "open high low close volume closeadj closeunadj value".split()
_NEEDED = COLUMNS | {
    "TICKERS": "table permaticker ticker firstpricedate lastpricedate".split()
}
_NAME = re.compile(r"(SEP|TICKERS|ACTIONS)(?:\.(.+)\.\d+\.(?:csv|json)|\.zip)")


def load(
    folder: str | Path, table: str, names: list[str] | None, spec: dict
) -> pd.DataFrame:
    """Return the rows of a table from all its files, as text, and their `file`.

    Only rows of the tickers `names`, of all if None.

    Raises
    ------
    BadInput
        If there is no file of the table, or one has not the form of a page.
    """
    parts = []
    for path in sorted(Path(folder).iterdir()):
        match = _NAME.fullmatch(path.name)
        if match and match[1] == table:
            own = match[2]
            for rows in [_of(own, path, table)] if own else _bulk(path, table, spec):
                rows = rows if names is None else rows[rows["ticker"].isin(names)]
                parts.append(rows.assign(file=str(path)))
    if not parts:
        raise BadInput(
            f"{folder} holds no file of the table {table}; "
            "delete manifest.json there and run again"
        )
    return pd.concat(parts, ignore_index=True)


def _of(ticker: str, path: Path, table: str) -> pd.DataFrame:
    """Return the rows of a page, which all have the ticker in its name."""
    rows, _ = page(path, table)
    other = sorted(set(rows["ticker"]) - {ticker})
    if other:
        raise BadInput(f"{path} has rows of the ticker '{other[0]:.20}'; {ANEW}")
    return rows


def page(path: Path, table: str) -> tuple[pd.DataFrame, str]:
    """Return the rows of one answer as text, and the cursor of the next ("" if none).

    No message repeats the answer, which may repeat the key.

    Raises
    ------
    BadInput
        If the answer is an error of the host or not a page of this table.
    """
    if path.suffix == ".json":
        return _json(path, table)
    return next(_csv(path, path, table, 10**9)), ""


def _csv(
    path: Path, content: Path | BinaryIO, table: str, chunk: int
) -> Iterator[pd.DataFrame]:
    """Yield the rows of a csv in chunks of so many rows."""
    options = {"dtype": "str", "na_filter": False, "chunksize": chunk}
    try:
        with pd.read_csv(content, **options) as chunks:
            for rows in chunks:
                if not isinstance(rows.index, pd.RangeIndex):
                    raise ValueError("more fields than columns")
                yield _wanted(rows, path, table)
    except BadInput:
        raise
    except (OSError, ValueError):
        raise BadInput(f"{path} is cut or damaged, no csv; {ANEW}") from None


def _json(path: Path, table: str) -> tuple[pd.DataFrame, str]:
    try:
        answer = json.loads(path.read_text(encoding="utf-8"))
        if "quandl_error" in answer:
            code = str(answer["quandl_error"]["code"])
            if words := connection.explain(code):
                raise BadInput(f"{path} is the error {code[:8]}: {words}")
        names = [column["name"] for column in answer["datatable"]["columns"]]
        data = answer["datatable"]["data"]
        cursor = answer["meta"]["next_cursor_id"] or ""
        cells = [["" if cell is None else str(cell) for cell in row] for row in data]
        rows = pd.DataFrame(cells, columns=names, dtype="str")
    except BadInput:
        raise
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput(
            f"{path} has not the form of a page (datatable, meta); check `host` "
            f"in the query of this source, or {ANEW}"
        ) from None
    return _wanted(rows, path, table), cursor


def _bulk(path: Path, table: str, spec: dict) -> Iterator[pd.DataFrame]:
    """Yield the rows of a zip in chunks; it may hold all companies."""
    with zipped.opened(path, "*.csv", spec) as file:
        yield from _csv(path, file, table, 10**6)


def _wanted(rows: pd.DataFrame, path: Path, table: str) -> pd.DataFrame:
    absent = [name for name in _NEEDED[table] if name not in rows]
    if absent:
        raise BadInput(
            f"{path} lacks the column {absent[0]} of the table {table}; check "
            f"`host` in the query of this source, or {ANEW}"
        )
    return rows[_NEEDED[table]]


def write(path: Path, rows: pd.DataFrame, cursor: str | None = None) -> None:
    """Write rows as the answer of a host, csv or json by the name of the file."""
    if path.suffix == ".csv":
        rows.to_csv(path, index=False, float_format="%.6f", lineterminator="\n")
        return
    numbers = [name for name in rows if name in NUMBERS]
    values = rows.astype(object).where(rows.notna(), None)
    values[numbers] = values[numbers].map(lambda cell: cell and round(float(cell), 6))
    kinds = [
        {"name": name, "type": "double" if name in numbers else "String"}
        for name in rows
    ]
    answer = {
        "datatable": {"data": values.to_numpy().tolist(), "columns": kinds},
        "meta": {"next_cursor_id": cursor},
    }
    path.write_text(json.dumps(answer, sort_keys=True), encoding="utf-8")
