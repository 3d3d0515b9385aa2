"""EIA-861M monthly sales of electricity from the EIA API, route retail-sales.

One query a state, all sectors, pages of 5,000 rows. Rows: period, stateid, sectorid,
sales in million kilowatt hours.
"""

import re
from pathlib import Path

import pandas as pd

from seqshift import eia_api, queries
from seqshift.sources import eia861m

TABLE = "SALES_MONTHLY"
FORM = "%Y-%m"
UNITS = "million kilowatt ?hours"
COLUMNS = ["period", "stateid", "sectorid", "sales", "sales-units"]
ENVELOPE = {"dateFormat": "YYYY-MM", "frequency": "monthly"}
_SALES = r"\d*[1-9]\d*(\.\d+)?|\d*\.\d*[1-9]\d*"  # a number above zero


def simulate(world, spec: dict, folder: Path) -> None:
    """Write the pages of each state of a world."""
    monthly = eia861m.sales(world)
    kind = {"sectorid": "ALL", "sectorName": "all sectors"}
    kind |= {"sales-units": "million kilowatt hours"}
    for state, mwh in monthly.items():
        rows = [
            {"period": str(month), "stateid": state, **kind, "sales": f"{sold:.5f}"}
            for month, sold in (mwh / 1000).items()
        ]
        eia_api.write(folder, state, rows, ENVELOPE)


def download(spec: dict, client) -> None:
    """Save the pages of each state in `query.names`, from `start` to `end`."""
    first, last = map(pd.Timestamp, queries.need(spec, "start", "end"))
    fixed = {
        "frequency": "monthly",
        "data[]": "sales",
        "facets[sectorid][]": "ALL",
        "start": first.strftime(FORM),
        "end": last.strftime(FORM),
    }
    eia_api.download(spec, client, "stateid", fixed, COLUMNS)


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return all pages of a folder as SALES_MONTHLY.

    Raises
    ------
    BadInput
        Naming file, row and column of the first wrong cell.
    """
    parts = []
    for state, rows in sorted(eia_api.read(folder, COLUMNS).items()):
        fixed = {"stateid": re.escape(state), "sectorid": "ALL", "sales-units": UNITS}
        rows.require(fixed | {"period": r"\d{4}-(0[1-9]|1[0-2])", "sales": _SALES})
        twice = rows.frame["period"].duplicated().to_numpy()
        if twice.any():
            row = int(twice.argmax())
            cell = rows.frame["period"].iloc[row]
            raise rows.fault(row, "period", cell, "appears twice")
        columns = {
            "state": state,
            "month": pd.to_datetime(rows.frame["period"], format=FORM),
            "mwh": rows.frame["sales"].astype("float64") * 1000,
            "flag": "",
        }
        parts.append(pd.DataFrame(columns).sort_values("month"))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(month=table["month"].astype("datetime64[ns]"))
