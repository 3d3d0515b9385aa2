"""Pages of the EIA API, version 2: asked for, checked, read and written.

A page holds at most 5,000 rows and the total of its query; that total and all values
are text. `data[]` names the wanted column: without it rows hold their keys only.
"""

import json
import re
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from seqshift import queries, textfile
from seqshift.errors import ANEW, BadInput

ROWS = 5000
VERSION = "2.1.12"


class Rows(NamedTuple):
    """All rows of one query, as text, and where each of them stands."""

    frame: pd.DataFrame
    pages: list[tuple[Path, int]]  # file and rows of each page

    def fault(self, position: int, column: str, value: object, what: str) -> BadInput:
        """Return the error for one cell of `frame`."""
        starts = np.cumsum([0, *(rows for _, rows in self.pages)])
        page = int(np.searchsorted(starts, position, side="right")) - 1
        place = f"{self.pages[page][0]}, row {position - starts[page]} of the answer"
        return BadInput(f"{place}, column {column}: {value} {what}; {ANEW}")

    def require(self, values: dict[str, str]) -> None:
        """Refuse rows that are not of the query.

        Raises
        ------
        BadInput
            Naming the first cell that does not match its pattern.
        """
        for column, pattern in values.items():
            cells = self.frame[column]
            bad = np.flatnonzero(~cells.fillna("").astype("str").str.fullmatch(pattern))
            if len(bad):
                cell = f"'{cells.iloc[bad[0]]}'"
                raise self.fault(bad[0], column, cell, f"is not {pattern}")


def download(
    spec: dict, client, facet: str, fixed: dict[str, str], columns: list[str]
) -> None:
    """Save all pages of each of `query.names`, as <name>.<page>.json.

    `facet` is what the names are; `fixed` are the parameters that all requests share;
    `columns` must be in every row.

    Raises
    ------
    BadInput
        If an answer is not such a page, a name has no rows, the listing ends early or
        changes meanwhile.
    """
    (names,) = queries.need(spec, "names")
    check = partial(_page, columns=columns)
    for name in names:
        pages, done, total = 0, 0, None
        while total is None or done < total:
            params = fixed | {
                f"facets[{facet}][]": name,
                "sort[0][column]": "period",
                "sort[0][direction]": "asc",
                "offset": str(done),
                "length": str(ROWS),
            }
            file = f"{name}.{pages:04d}.json"
            path = client.save(file, spec["url"], params=params, check=check)
            rows, stated = _page(path, columns)
            if not rows or total not in (None, stated):
                what = "no row" if not rows else f"{stated} rows in place of {total}"
                raise BadInput(
                    f"{path} ({name}, from row {done}) states {what}; correct the "
                    f"query of this source, or delete {path.parents[1]} and run again"
                )
            pages, done, total = pages + 1, done + len(rows), stated


def _page(path: Path, columns: list[str]) -> tuple[list[dict], int]:
    """Return the rows of a page and the total that it states."""
    try:
        answer = json.loads(textfile.text(path))
    except json.JSONDecodeError as error:
        raise BadInput(f"{path} is no JSON ({error}); {ANEW}") from None
    body = answer.get("response") if isinstance(answer, dict) else None
    rows = body.get("data") if isinstance(body, dict) else None
    if not isinstance(rows, list) or not re.fullmatch(r"\d+", str(body.get("total"))):
        raise BadInput(
            f"{path} is no page of the EIA API (`response` with `total` and `data`): "
            f"{textfile.text(path)[:80]!r}; check `url`, or {ANEW}"
        )
    for number, row in enumerate(rows):
        lack = [c for c in columns if not isinstance(row, dict) or c not in row]
        if lack:
            raise BadInput(
                f"{path}, row {number} of the answer has no column {lack[0]}; {ANEW}"
            )
    return rows, int(body["total"])


def read(folder: Path, columns: list[str]) -> dict[str, Rows]:
    """Return name -> rows of all its pages, in order.

    Raises
    ------
    BadInput
        Naming the file that is no page, or the name that lacks one.
    """
    found: dict[str, list[Path]] = {}
    for stem, path in textfile.find(folder, ".json").items():
        if page := re.fullmatch(r"(.+)\.\d{4}", stem):
            found.setdefault(page[1], []).append(path)
    if not found:
        raise BadInput(
            f"{folder} holds no page of the EIA API; "
            "delete manifest.json there and run again"
        )
    return {name: _join(name, paths, columns) for name, paths in found.items()}


def _join(name: str, paths: list[Path], columns: list[str]) -> Rows:
    pages = [(path, *_page(path, columns)) for path in paths]
    rows = [row for _, part, _ in pages for row in part]
    totals = {total for _, _, total in pages}
    if totals != {len(rows)}:
        raise BadInput(
            f"{paths[0]} and its further pages hold {len(rows)} rows of '{name}' and "
            f"state {' and '.join(map(str, sorted(totals)))}: a page is missing, or "
            "they are of different days; "
            "delete it and manifest.json beside it, then run again"
        )
    frame = pd.DataFrame(rows, columns=columns, dtype="object")
    return Rows(frame, [(path, len(part)) for path, part, _ in pages])


def write(folder: Path, name: str, rows: list[dict], envelope: dict) -> None:
    """Write simulated pages of one name; `envelope` adds to each `response`."""
    for page, start in enumerate(range(0, len(rows), ROWS)):
        part = answer(rows, start, ROWS, envelope, {})
        (folder / f"{name}.{page:04d}.json").write_text(json.dumps(part))


def answer(
    rows: list[dict], start: int, length: int, envelope: dict, params: dict
) -> dict:
    """Return the answer that the API gives to a query with these rows."""
    part = rows[start : start + length]
    body = {"total": str(len(rows)), **envelope, "data": part}
    request = {"command": "/v2/", "params": params}
    return {"response": body, "request": request, "apiVersion": VERSION}
