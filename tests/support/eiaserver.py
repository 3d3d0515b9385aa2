"""The EIA API, version 2, as far as the sources use it."""

import json

from imitation import Answer
from seqshift import eia_api


def serve(server, folder, path: str, facet: str, value: str, envelope: dict) -> dict:
    """Answer queries from the pages of `folder`; return url and the names in them."""
    rows = []
    for page in sorted(folder.glob("*.json")):
        rows += json.loads(page.read_text())["response"]["data"]
    server.route(path, _route(rows, facet, value, envelope))
    periods = sorted(row["period"] for row in rows)
    query = {"names": sorted({row[facet] for row in rows})}
    query |= {"start": periods[0], "end": periods[-1]}
    return {"url": f"{server.url}{path}", "query": query}


def _route(rows, facet, value, envelope):
    def route(request):
        if "api_key" not in request.query:
            refusal = {"error": {"code": "API_KEY_MISSING", "message": "no key"}}
            return Answer(403, json.dumps(refusal).encode())
        part = chosen(rows, request.query, facet)
        if value not in request.query.get("data[]", []):
            part = [{k: v for k, v in row.items() if value not in k} for row in part]
        offset = int(request.query.get("offset", ["0"])[0])
        length = min(int(request.query.get("length", ["5000"])[0]), eia_api.ROWS)
        params = {name: cells[0] for name, cells in request.query.items()}
        body = eia_api.answer(part, offset, length, envelope, params)
        if len(part) > offset + length:
            body["response"]["warnings"] = [{"warning": "incomplete return"}]
        return Answer(200, json.dumps(body).encode())

    return route


def chosen(rows, query, facet):
    """Return the rows of a query, sorted by period; periods are compared as text."""
    first, last = query.get("start", [""])[0], query.get("end", ["9"])[0]
    names = query.get(f"facets[{facet}][]", [])
    found = [row for row in rows if first <= row["period"] <= last]
    found = [row for row in found if row[facet] in names]
    return sorted(found, key=lambda row: row["period"])
