"""The two hosts of the Sharadar tables: what to ask, page by page or in bulk.

`sharadar` is asked below `url`: csv pages by offset, newest first, without a total, so
that a full page is always followed by another request. `nasdaq` is asked below
`archive`: json pages by cursor.
"""

import functools
import itertools

from seqshift.errors import BadInput, choose
from seqshift.sharadar import pages

SUFFIX = {"sharadar": "csv", "nasdaq": "json"}
_PLACES = {"SEP": "stocks", "TICKERS": "tickers", "ACTIONS": "actions"}
_POLL, _POLLS = 30, 120  # seconds between two questions for an export, and questions


def chosen(spec: dict) -> str:
    """Return the host that the query of a source names, by default the new one.

    Raises
    ------
    BadInput
        If there is no such host.
    """
    host = (spec.get("query") or {}).get("host", "sharadar")
    if host not in SUFFIX:
        raise choose("host in the query of source sharadar", host, list(SUFFIX))
    return host


def check_key(spec: dict) -> None:
    """Refuse to ask the old host with a key of the new one, which it takes for a flood.

    Raises
    ------
    BadInput
        Naming the variable that should hold the key.
    """
    if chosen(spec) == "nasdaq" and spec.get("key") == "SHARADAR_API_KEY":
        raise BadInput(
            "host nasdaq takes a key of Nasdaq Data Link: set `key` of this source to "
            "NASDAQ_DATA_LINK_API_KEY, or `host` in its query to sharadar"
        )


def save_pages(spec: dict, client, table: str, ticker: str) -> None:
    """Save all pages of one ticker, each stamped with its newest revision."""
    host = chosen(spec)
    offset, cursor, before = 0, "", None
    for number in itertools.count():
        url, params = _request(spec, host, table, ticker, offset, cursor)
        name = f"{table}.{ticker}.{number}.{SUFFIX[host]}"
        check = functools.partial(pages.page, table=table)
        rows, cursor = pages.page(client.save(name, url, params, check=check), table)
        if "lastupdated" in rows and len(rows):
            client.stamp(name, rows["lastupdated"].max())
        if number and len(rows) and rows.equals(before):
            raise BadInput(
                f"{url} gave page {number} of {ticker} twice: correct "
                "`offset_parameter` in the query of this source"
            )
        offset, before = offset + len(rows), rows
        if not (cursor if host == "nasdaq" else len(rows) >= pages.PAGE):
            return


def _request(
    spec: dict, host: str, table: str, ticker: str, offset: int, cursor: str
) -> tuple[str, dict]:
    """Return address and parameters of a page."""
    query, dated = spec["query"], table != "TICKERS"
    if host == "nasdaq":
        days = {"date.gte": query["start"], "date.lte": query["end"]}
        params = {"ticker": ticker} | (days if dated else {"table": "SEP"})
        params |= {"qopts.cursor_id": cursor} if cursor else {}
        return f"{spec['archive']}/{table}.json", params
    place = query.get("offset_parameter", "offset")
    params = {"format": "csv", "ticker": ticker, "limit": pages.PAGE, place: offset}
    # asked without days, this host gives the last year
    params |= {"from": query["start"], "to": query["end"]} if dated else {}
    return f"{spec['url']}/{_PLACES[table]}", params


def save_bulk(spec: dict, client, table: str) -> None:
    """Save a whole table, all companies and days, as one zip."""
    if chosen(spec) == "nasdaq":
        client.save(f"{table}.zip", _export(f"{spec['archive']}/{table}.json", client))
    else:
        url = f"{spec['url']}/{_PLACES[table]}"
        client.save(f"{table}.zip", url, {"years": "full"})


def _export(url: str, client) -> str:
    """Return the link to an export once the host has made it."""
    for _ in range(_POLLS):
        answer = client.json(url, {"qopts.export": "true"})
        try:
            file = answer["datatable_bulk_download"]["file"]
            state, link = file["status"], file["link"]
        except (KeyError, TypeError):
            raise BadInput(
                f"{url} described no export (datatable_bulk_download); take `bulk` out "
                "of the query of this source"
            ) from None
        if state == "fresh":
            return link
        client.pause(_POLL)
    raise BadInput(f"{url} is still making its export; run fetch again in an hour")
