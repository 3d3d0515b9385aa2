"""EIA-930 hourly demand from the EIA API, version 2, route electricity/rto/region-data.

One query an authority, type D (demand) as published, UTC, hour ending, pages of 5,000
rows. Rows: period, respondent, type, value in megawatthours. The rules are those of
seqshift.demand; the API gives no stamp of revision, the day of the query is one.
"""

import re
from pathlib import Path

import pandas as pd

from seqshift import demand, eia_api, loads

TABLE = "LOAD_HOURLY"
FORM = "%Y-%m-%dT%H"
UNITS = "megawatthours"
COLUMNS = ["period", "respondent", "type", "value", "value-units"]
ENVELOPE = {"dateFormat": 'YYYY-MM-DD"T"HH24', "frequency": "hourly"}


def simulate(world, spec: dict, folder: Path) -> None:
    """Write the pages of each entity, demand in whole megawatthours."""
    hourly = world.hourly().round().astype("int64")
    stamps = hourly.index.strftime(FORM)
    for name in hourly.columns:
        kind = {"respondent": name, "respondent-name": name}
        kind |= {"type": "D", "type-name": "Demand", "value-units": UNITS}
        pairs = zip(stamps, hourly[name].astype("str"), strict=True)
        rows = [{"period": period, **kind, "value": value} for period, value in pairs]
        eia_api.write(folder, name, rows, ENVELOPE)


def download(spec: dict, client) -> None:
    """Save the pages of each authority in `query.names`, from `start` to `end`."""
    first, last = demand.span(spec)
    fixed = {
        "frequency": "hourly",
        "data[]": "value",
        "facets[type][]": "D",
        "start": first.strftime(FORM),
        "end": last.strftime(FORM),
    }
    eia_api.download(spec, client, "respondent", fixed, COLUMNS)


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return all pages of a folder as LOAD_HOURLY; a series is an authority.

    Raises
    ------
    BadInput
        Naming file, row and column of a cell that no rule repairs.
    """
    parts = {}
    for name, rows in eia_api.read(folder, COLUMNS).items():
        rows.require({"respondent": re.escape(name), "type": "D", "value-units": UNITS})
        cells = rows.frame["period"], rows.frame["value"]
        parts[name] = demand.published(name, *cells, FORM, rows.fault)
    return loads.stack(parts)
