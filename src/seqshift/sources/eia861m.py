"""EIA-861M monthly sales of electricity by state: CSV with three header rows.

Thousands carry commas, newest months come first and footnotes follow the rows (E19: a
first cell that is not a number ends the table). The total of all sectors is used.
"""

import csv
import io
import re
from pathlib import Path

import pandas as pd

from seqshift import textfile
from seqshift.errors import BadInput

TABLE = "SALES_MONTHLY"
_SECTORS = ("RESIDENTIAL", "COMMERCIAL", "INDUSTRIAL", "TRANSPORTATION", "TOTAL")
_KEYS = ["Year", "Month", "State", "Data Status"]
_HEADER = [
    ["", "", "", "", *[cell for name in _SECTORS for cell in (name, "", "", "")]],
    ["", "", "", "", *["Revenue", "Sales", "Customers", "Price"] * 5],
    [*_KEYS, *["Thousand Dollars", "Megawatthours", "Count", "Cents/kWh"] * 5],
]
_TOTAL = len(_KEYS) + 4 * _SECTORS.index("TOTAL") + 1
_SHARES = (0.40, 0.35, 0.25, 0.0)
_NUMBER = re.compile(r"\d{1,3}(,\d{3})*|\d+")
_NOTE = "Customer counts started to be published in 2007."


def simulate(world, spec: dict, folder: Path) -> None:
    """Write `sales_revenue.csv`: mean daily load of a month times its days."""
    monthly, rows = sales(world), []
    for month in reversed(monthly.index):
        key = [str(month.year), str(month.month)]
        for state in monthly.columns:
            mwh = round(monthly.at[month, state])
            parts = [round(mwh * share) for share in _SHARES[1:]]
            sold = [mwh - sum(parts), *parts, mwh]
            cells = [[f"{m // 10:,}", f"{m:,}", f"{m // 12:,}", "10.00"] for m in sold]
            rows.append([*key, state, "Final", *[c for group in cells for c in group]])
    rows.append([_NOTE, *[""] * (len(_HEADER[2]) - 1)])
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([*_HEADER, *rows])
    (folder / "sales_revenue.csv").write_text(buffer.getvalue())


def sales(world) -> pd.DataFrame:
    """Return MWh by month and state of a world, begun months filled up."""
    daily = world.load.T.groupby(pd.Series(world.states)).sum().T
    monthly = daily.groupby(daily.index.to_period("M")).mean()
    return monthly.mul(monthly.index.days_in_month, axis=0)


def download(spec: dict, client) -> None:
    """Save the file at `url` as `sales_revenue.csv`."""
    client.save("sales_revenue.csv", spec["url"], check=_rows)


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return the file of a folder as SALES_MONTHLY.

    Raises
    ------
    BadInput
        Naming file, line and column of the first wrong cell.
    """
    files = textfile.find(folder)
    if len(files) > 1:
        raise BadInput(f"{folder} holds {len(files)} CSV files; keep the newest one")
    path = next(iter(files.values()))
    body = _rows(path)
    ends = [i for i, row in enumerate(body) if not (row and row[0].isdigit())]
    end = ends[0] if ends else len(body)
    late = [i for i in range(end, len(body)) if body[i] and body[i][0].isdigit()]
    if late:
        raise _wrong(path, end, "Year", body[end][:1], "is a footnote among the rows")
    table = pd.DataFrame([_row(path, i, row) for i, row in enumerate(body[:end])])
    if table.empty:
        raise BadInput(
            f"{path} holds no rows; "
            "delete it and manifest.json beside it, then run again"
        )
    table = table.set_axis(["state", "month", "mwh"], axis=1).assign(flag="")
    twice = table.duplicated(["state", "month"])
    if twice.any():
        row = int(twice.to_numpy().argmax())
        raise _wrong(path, row, "State", table["state"].iloc[row], "appears twice")
    table["month"] = table["month"].astype("datetime64[ns]")
    return table.sort_values(["state", "month"], ignore_index=True)


def _rows(path: Path) -> list[list[str]]:
    """Return the rows below the header of a file."""
    rows = list(csv.reader(io.StringIO(textfile.text(path))))
    if rows[:3] != _HEADER:
        raise BadInput(
            f"{path} does not start with the three header rows of EIA-861M; "
            "delete it and manifest.json beside it, then run again"
        )
    return rows[3:]


def _row(path: Path, row: int, cells: list[str]) -> tuple[str, pd.Timestamp, float]:
    """Return state, month and total sales in MWh of one row."""
    if len(cells) != len(_HEADER[2]):
        raise _wrong(path, row, "all", f"{len(cells)} fields", "in place of 24")
    year, month, state, mwh = *cells[:3], cells[_TOTAL]
    if not (month.isdigit() and 1 <= int(month) <= 12):
        raise _wrong(path, row, "Month", f"'{month}'", "is not 1 to 12")
    if not re.fullmatch("[A-Z]{2}", state):
        raise _wrong(path, row, "State", f"'{state}'", "is not two letters")
    if not _NUMBER.fullmatch(mwh) or float(mwh.replace(",", "")) <= 0:
        what = "is not a number above zero"
        raise _wrong(path, row, "TOTAL Sales", f"'{mwh}'", what)
    return state, pd.Timestamp(int(year), int(month), 1), float(mwh.replace(",", ""))


def _wrong(path: Path, row: int, column: str, value: object, what: str) -> BadInput:
    """Return the error for one cell; three header rows precede row 0."""
    return textfile.wrong(path, row + 2, column, value, what)
