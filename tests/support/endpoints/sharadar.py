"""Both hosts of the Sharadar tables, answering from simulated pages."""

import io
import json
import tempfile
import zipfile
from pathlib import Path

import pandas as pd

from imitation import Answer
from seqshift.sharadar import pages

TABLES = {"stocks": "SEP", "tickers": "TICKERS", "actions": "ACTIONS"}
NEW, OLD = "/v1.0/data", "/api/v3/datatables/SHARADAR"
SIGNED = "/signed"


def mount(server, folder) -> dict:
    """Serve the pages of `folder` and return what changes in the source."""
    cells = {
        table: pages.load(folder, table, None, {}).drop(columns="file")
        for table in pages.COLUMNS
    }
    for rows in cells.values():
        if "date" in rows:
            rows.sort_values(["date", "ticker"], ascending=False, inplace=True)
    asked = []

    def new(request) -> Answer:
        table = TABLES[request.path.rpartition("/")[2]]
        query = {name: values[0] for name, values in request.query.items()}
        if query.get("years") == "full":
            return Answer(302, b"", {"Location": f"{server.url}{SIGNED}/{table}?s=1"})
        assert query["format"] == "csv"
        rows = named(cells[table], query)
        if "date" in rows:  # a year, unless asked for more
            end = query.get("to", rows["date"].max())
            year = str(pd.Timestamp(end) - pd.DateOffset(years=1))[:10]
            rows = rows[rows["date"].between(query.get("from", year), end)]
        start = int(query.get("offset", 0))
        size = min(int(query.get("limit", pages.PAGE)), pages.PAGE)
        return Answer(200, body("x.csv", rows[start : start + size]))

    def old(request) -> Answer:
        table = request.path.rpartition("/")[2].removesuffix(".json")
        query = {name: values[0] for name, values in request.query.items()}
        if query.get("qopts.export") == "true":
            asked.append(table)
            state = "fresh" if asked.count(table) > 1 else "regenerating"
            file = {"status": state, "link": f"{server.url}{SIGNED}/{table}?s={state}"}
            return Answer(
                200, json.dumps({"datatable_bulk_download": {"file": file}}).encode()
            )
        rows = named(cells[table], query)
        if "table" in query:
            rows = rows[rows["table"] == query["table"]]
        if "date" in rows:
            first, last = query.get("date.gte", "0"), query.get("date.lte", "9")
            rows = rows[rows["date"].between(first, last)]
        start = int(query.get("qopts.cursor_id", "c0")[1:])
        end = start + pages.PAGE
        cursor = f"c{end}" if end < len(rows) else None
        return Answer(200, body("x.json", rows[start:end], cursor))

    def signed(request) -> Answer:
        assert "api_key" not in request.query, "the key must not reach this host"
        table = request.path.rpartition("/")[2]
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr(f"{table}.csv", body("x.csv", cells[table]))
        return Answer(200, packed.getvalue())

    server.route(NEW, new)
    server.route(OLD, old)
    server.route(SIGNED, signed)
    days, json_pages = cells["SEP"]["date"], list(folder.glob("SEP.*.*.json"))
    query = {"host": "nasdaq" if is_json(json_pages) else "sharadar"}
    query |= {"names": sorted(set(cells["SEP"]["ticker"]))}
    query |= {"start": days.min(), "end": days.max()}
    return {
        "url": f"{server.url}{NEW}",
        "archive": f"{server.url}{OLD}",
        "query": query,
    }


def is_json(paths) -> bool:
    return any(not path.name.endswith("manifest.json") for path in paths)


def named(rows: pd.DataFrame, query: dict) -> pd.DataFrame:
    return rows[rows["ticker"].isin(query["ticker"].split(","))]


def body(name: str, rows: pd.DataFrame, cursor: str | None = None) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        pages.write(path, rows, cursor)
        return path.read_bytes()
