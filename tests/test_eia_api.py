import json
import math

import pytest

from imitation import Answer, Server
from seqshift import eia_api
from seqshift.errors import BadInput
from seqshift.web import Client

COLUMNS = ["period", "place", "value"]
KEY = "MADE-UP-KEY-0123"
PATH = "/v2/route/data"


def rows(count):
    return [{"period": f"{n:06d}", "place": "A", "value": str(n)} for n in range(count)]


def pages(count, totals=None, echo=True):
    """Return a route that serves `count` rows; `totals` replace what pages state."""
    stated = iter(totals or [])

    def route(request):
        offset = int(request.query["offset"][0])
        length = int(request.query["length"][0])
        params = {"api_key": request.query["api_key"][0]} if echo else {}
        body = eia_api.answer(rows(count), offset, length, {}, params)
        body["response"]["total"] = next(stated, body["response"]["total"])
        return Answer(200, json.dumps(body).encode())

    return route


@pytest.fixture
def download(tmp_path, monkeypatch):
    """Return a function that downloads from a route: the folder and the requests."""
    monkeypatch.setenv("EIA_API_KEY", KEY)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    staging = tmp_path / "staging"
    staging.mkdir()

    def run(route, **query):
        with Server() as server:
            server.route(PATH, route)
            spec = {"kind": "eia930-api", "origin": "download", "key": "EIA_API_KEY"}
            spec |= {"url": server.url + PATH, "licence": "x", "redistributable": True}
            spec |= {"limits": [[10000, 1]], "query": {"names": ["A"]} | query}
            with Client(spec, staging, tmp_path / "kept") as client:
                fixed = {"data[]": "value", "start": "2020"}
                eia_api.download(spec, client, "place", fixed, COLUMNS)
            return staging, server.requests

    return run


@pytest.mark.parametrize("count", [1, 4999, 5000, 5001, 10_000])
def test_pages_are_asked_for_until_the_total_is_there(download, count):
    folder, requests = download(pages(count))
    assert len(requests) == math.ceil(count / 5000)
    asked = [request.query for request in requests]
    assert [query["offset"][0] for query in asked] == [
        str(5000 * page) for page in range(len(requests))
    ]
    for query in asked:
        assert query["data[]"] == ["value"] and query["facets[place][]"] == ["A"]
        assert query["length"] == ["5000"] and query["start"] == ["2020"]
    found = eia_api.read(folder, COLUMNS)["A"].frame
    assert found["value"].tolist() == [str(n) for n in range(count)]


def test_the_key_that_an_answer_repeats_is_not_stored(download):
    folder, requests = download(pages(6000))
    assert requests[0].query["api_key"] == [KEY]
    for path in folder.rglob("*"):
        assert path.is_dir() or KEY not in path.read_text()


def test_a_total_may_be_a_number(download):
    folder, _ = download(pages(6000, totals=[6000, 6000]))
    assert len(eia_api.read(folder, COLUMNS)["A"].frame) == 6000


@pytest.mark.parametrize(
    ("count", "totals", "words"),
    [
        (0, None, r"A.0000.json \(A, from row 0\) states no row"),
        (5000, ["7000", "7000"], r"A.0001.json \(A, from row 5000\) states no row"),
        (6000, ["6000", "6001"], "states 6001 rows in place of 6000"),
    ],
)
def test_an_empty_or_changing_listing_is_refused(download, count, totals, words):
    with pytest.raises(BadInput, match=words):
        download(pages(count, totals))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"response": {"total": "1"}}', "is no page of the EIA API"),
        (b'{"response": {"total": "x", "data": []}}', "is no page of the EIA API"),
        (b'{"error": "Invalid frequency", "code": 400}', "Invalid frequency"),
        (b"[1, 2]", "is no page of the EIA API"),
        (b"oops", "is no JSON"),
        (
            b'{"response": {"total": "1", "data": [{"period": "1", "place": "A"}]}}',
            "row 0 of the answer has no column value",
        ),
        (b'{"response": {"total": "1", "data": [7]}}', "row 0 .* no column period"),
    ],
)
def test_an_answer_of_another_shape_is_refused(download, body, words):
    with pytest.raises(BadInput, match=words):
        download(lambda request: Answer(200, body))


def test_a_missing_page_is_refused(tmp_path):
    eia_api.write(tmp_path, "A", rows(12_000), {})
    (tmp_path / "A.0001.json").unlink()
    words = "A.0000.json and its further pages hold 7000 rows of 'A' and state 12000"
    with pytest.raises(BadInput, match=words):
        eia_api.read(tmp_path, COLUMNS)


def test_pages_of_two_queries_are_not_mixed(tmp_path):
    eia_api.write(tmp_path, "A", rows(12_000), {})
    other = eia_api.answer(rows(12_001), 10_000, 5000, {}, {})
    (tmp_path / "A.0002.json").write_text(json.dumps(other))
    with pytest.raises(BadInput, match="state 12000 and 12001"):
        eia_api.read(tmp_path, COLUMNS)


def test_a_fault_names_the_page_and_the_row_on_it(tmp_path):
    eia_api.write(tmp_path, "A", rows(12_000), {})
    found = eia_api.read(tmp_path, COLUMNS)["A"]
    for position, words in {
        4999: "A.0000.json, row 4999 of",
        5000: "A.0001.json, row 0 of",
        11_999: "A.0002.json, row 1999 of",
    }.items():
        assert words in str(found.fault(position, "value", "x", "is wrong"))
    with pytest.raises(
        BadInput, match="A.0000.json, row 0 .* column place: 'A' is not"
    ):
        found.require({"place": "B"})


def test_a_folder_without_pages_is_refused(tmp_path):
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(BadInput, match="holds no page of the EIA API"):
        eia_api.read(tmp_path, COLUMNS)


def test_the_key_is_optional_for_a_host_that_needs_none(tmp_path):
    class Saved:
        def save(self, name, url, params, check):
            path = tmp_path / name
            path.write_text(json.dumps(eia_api.answer(rows(3), 0, 5000, {}, {})))
            check(path)
            return path

    spec = {"url": "https://example.org", "query": {"names": ["A"]}}
    eia_api.download(spec, Saved(), "place", {}, COLUMNS)
    assert len(eia_api.read(tmp_path, COLUMNS)["A"].frame) == 3
