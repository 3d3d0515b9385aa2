import json

import numpy as np
import pandas as pd
import pytest

from endpoints import sharadar as endpoint
from imitation import Answer, Server
from seqshift import raw, sidecar, storage
from seqshift.errors import BadInput
from seqshift.schemas.raw import BARS_DAILY
from seqshift.sharadar import companies, hosts, pages
from seqshift.simulate import market
from seqshift.sources import sharadar, yahoo

WORLD = {
    "kind": "market",
    "seed": 7,
    "entities": ["AAA", "BBB", "CCC", "DDD", "EEE"],
    "start": "2007-01-03",
    "train_years": 1,
    "val_years": 0,
    "test_years": 0,
    "shift": "none",
    "strength": 0.0,
    "trend": False,
    "crises": [],
}
TERMS = {"kind": "sharadar", "licence": "none", "redistributable": False}
ONLINE = TERMS | {"origin": "download", "limits": [[10000, 1]]}


@pytest.fixture(scope="module")
def world():
    return market.make(WORLD)


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("seqshift.web.time.sleep", lambda seconds: None)


def told(host="sharadar", **query):
    return {"query": {"host": host} | query}


@pytest.fixture
def folder(world, tmp_path):
    """Return the csv pages of the world."""
    place = tmp_path / "pages"
    place.mkdir()
    sharadar.simulate(world, told(), place)
    return place


def read(folder, **query):
    frame = sharadar.read(folder, told(**query))
    return storage.validate(frame, BARS_DAILY, folder)


def edit(folder, name, change):
    """Change the rows of a page, which are text."""
    table = name.partition(".")[0]
    rows, _ = pages.page(folder / name, table)
    pages.write(folder / name, change(rows.copy()))


def cell(row, column, value):
    def change(rows):
        rows.loc[row, column] = value
        return rows

    return change


@pytest.mark.parametrize("host", ["sharadar", "nasdaq"])
def test_reading_simulated_pages_gives_the_truth_and_no_flag(world, tmp_path, host):
    sharadar.simulate(world, told(host), tmp_path)
    frame = read(tmp_path, host=host)
    assert frame["flag"].eq("").all()
    closes = frame.pivot(index="date", columns="entity", values="close_adj")
    assert (closes.index == world.sessions).all()
    returns = np.log(closes).diff().iloc[1:]
    assert np.allclose(returns, world.returns.iloc[1:], rtol=0, atol=6e-8)


def test_the_same_world_gives_the_same_bars_in_the_form_of_yahoo(
    world, folder, tmp_path
):
    yahoo.simulate(world, {}, tmp_path)
    pd.testing.assert_frame_equal(read(folder), yahoo.read(tmp_path, {}))


def test_pages_have_the_official_columns_newest_first(folder):
    text = (folder / "SEP.AAA.0.csv").read_text().splitlines()
    assert text[0] == (
        "ticker,date,open,high,low,close,volume,closeadj,closeunadj,lastupdated"
    )
    assert text[1].startswith("AAA,2008-01-02,") and text[-1].startswith("AAA,2007-01")
    assert (
        len((folder / "TICKERS.AAA.0.csv").read_text().split("\n")[0].split(",")) == 28
    )


def test_json_pages_have_the_envelope_with_numbers(world, tmp_path):
    sharadar.simulate(world, told("nasdaq"), tmp_path)
    answer = json.loads((tmp_path / "SEP.AAA.0.json").read_text())
    assert [*answer] == ["datatable", "meta"]
    assert answer["meta"] == {"next_cursor_id": None}
    kinds = {c["name"]: c["type"] for c in answer["datatable"]["columns"]}
    assert [*kinds] == pages.COLUMNS["SEP"] and kinds["close"] == "double"
    assert isinstance(answer["datatable"]["data"][0][5], float)


def test_unadjusted_closes_follow_the_splits_of_actions(world):
    found = 0
    for _, tables in companies.tables(world, "sharadar"):
        sep = tables["SEP"][::-1].reset_index(drop=True)
        ratio = sep["closeunadj"] / sep["close"]
        actions = tables["ACTIONS"]
        splits = actions[actions["action"] == "split"].set_index("date")["value"]
        steps = ratio.shift(1) / ratio
        jumps = steps[(steps - 1).abs() > 1e-9].set_axis(
            sep["date"][steps[(steps - 1).abs() > 1e-9].index]
        )
        assert np.allclose(splits.sort_index(), jumps)
        assert ratio.iloc[-1] == 1.0
        found += len(splits)
    assert found > 2


def test_the_world_holds_a_ticker_change_and_dividends(world):
    tables = dict(companies.tables(world, "nasdaq"))
    assert set(tables["EEE"]["TICKERS"]["table"]) == {"SEP", "SF1"}
    assert {"tickerchangefrom", "tickerchangeto"} < set(
        tables["EEE"]["ACTIONS"]["action"]
    )
    for each in tables.values():
        paid = each["ACTIONS"].query("action == 'dividend'")
        assert len(paid) == 3 and (paid["value"] > 0).all()
        assert each["ACTIONS"]["date"].is_monotonic_decreasing


def test_names_and_days_of_the_query_select_rows(folder):
    frame = read(folder, names=["BBB", "DDD"], start="2007-03-01", end="2007-12-28")
    assert sorted(set(frame["entity"])) == ["BBB", "DDD"]
    assert f"{frame['date'].min():%Y-%m-%d}" == "2007-03-01"
    assert f"{frame['date'].max():%Y-%m-%d}" == "2007-12-28"


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        (
            "SEP",
            cell(3, "close", "x"),
            "on 2007-12-27, column close: 'x' is no",
        ),
        ("SEP", cell(3, "close", ""), "column close: '' is not a number"),
        ("SEP", cell(3, "open", "inf"), "column open: 'inf' is not a number"),
        ("SEP", cell(3, "low", "0"), "column low: '0.0' is too low"),
        ("SEP", cell(3, "closeadj", "0"), "column closeadj: '0.0' is too low"),
        ("SEP", cell(3, "closeadj", "9999"), "column closeadj: .* is more than e.3"),
        ("SEP", cell(3, "date", "2007-12-25"), "column date: '2007-12-25' is no trad"),
        ("SEP", cell(3, "date", "12/27/2007"), "column date: '12/27/2007' is no date"),
        (
            "SEP",
            cell(3, "lastupdated", "2008"),
            "lastupdated: '2008' is no date",
        ),
        ("SEP", lambda rows: rows.drop(columns="close"), "lacks the column close"),
        ("SEP", lambda rows: rows[:0], "no price of AAA from"),
        ("SEP", lambda rows: rows[30:], "to 2007-11-16 in place of .* to 2008-01-02"),
        (
            "SEP",
            lambda rows: rows[:-30],
            "from 2007-02-15 .* in place of 2007-01",
        ),
        ("TICKERS", lambda rows: rows[1:], "AAA is no company in TICKERS"),
        ("TICKERS", cell(1, "table", "stocks"), None),
        ("TICKERS", cell(0, "firstpricedate", ""), "AAA has no first or last price"),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_place(folder, name, change, words):
    edit(folder, f"{name}.AAA.0.csv", change)
    if words is None:  # two rows of one company are no contradiction
        assert len(read(folder))
        return
    with pytest.raises(BadInput, match=words) as caught:
        read(folder, names=["AAA", "BBB"])
    assert "\n" not in str(caught.value)


def test_a_ticker_of_two_companies_is_refused(folder):
    def twice(rows):
        return pd.concat([rows, rows[:1].assign(permaticker="555")])

    edit(folder, "TICKERS.AAA.0.csv", twice)
    with pytest.raises(BadInput, match="AAA is 100000 and 555 in TICKERS .rule F9"):
        read(folder)


def test_a_ticker_must_be_the_company_that_the_query_names(folder):
    assert len(read(folder, permatickers={"AAA": "100000", "BBB": 100001}))
    with pytest.raises(BadInput, match="AAA is 100000 in TICKERS and should be 4711"):
        read(folder, permatickers={"AAA": "4711"})


def test_equal_rows_of_overlapping_pages_count_once(folder):
    rows, _ = pages.page(folder / "SEP.AAA.0.csv", "SEP")
    expected = read(folder)
    pages.write(folder / "SEP.AAA.1.csv", rows[-20:])
    pd.testing.assert_frame_equal(read(folder), expected)
    pages.write(folder / "SEP.AAA.1.csv", rows[-20:].assign(lastupdated="2008-02-01"))
    with pytest.raises(BadInput, match="AAA on .*differs from the same day of another"):
        read(folder)


def test_a_price_that_jumps_by_the_ratio_of_a_split_is_refused(folder):
    def unadjusted(rows):
        for column in ("open", "high", "low", "close", "closeadj"):
            old = rows[column].astype(float)
            rows[column] = old.where(rows["date"] >= "2007-06-01", old * 2).astype(str)
        return rows

    edit(folder, "SEP.AAA.0.csv", unadjusted)
    edit(folder, "ACTIONS.AAA.0.csv", lambda rows: rows[rows["action"] != "split"])
    marked = read(folder).query("flag == 'F4'")
    assert marked["date"].dt.strftime("%Y-%m-%d").tolist() == ["2007-06-01"]

    def split(rows):
        new = rows[:1].assign(action="split", date="2007-06-01", value="2.0")
        return pd.concat([rows, new])

    edit(folder, "ACTIONS.AAA.0.csv", split)
    with pytest.raises(BadInput, match="AAA on 2007-06-01, .*split of 2 that day"):
        read(folder)


@pytest.mark.parametrize("value", ["", "0", "two"])
def test_a_split_without_a_ratio_is_refused(folder, value):
    def split(rows):
        return rows[:1].assign(action="split", value=value)

    edit(folder, "ACTIONS.AAA.0.csv", split)
    with pytest.raises(BadInput, match=f"column value: '{value}' is no ratio"):
        read(folder)


@pytest.mark.parametrize("table", ["SEP", "TICKERS", "ACTIONS"])
def test_a_missing_table_is_named(folder, table):
    for path in folder.glob(f"{table}.*"):
        path.unlink()
    with pytest.raises(BadInput, match=f"no file of the table {table}"):
        read(folder)


@pytest.mark.parametrize("cut", [0.5, 0.9, 0.999])
def test_a_page_cut_short_is_refused(folder, cut):
    path = folder / "SEP.AAA.0.csv"
    content = path.read_bytes()
    path.write_bytes(content[: int(cut * len(content))])
    with pytest.raises(BadInput, match="AAA"):
        read(folder)


@pytest.mark.parametrize("host", ["sharadar", "nasdaq"])
@pytest.mark.parametrize("size", [63, 84, 100])
def test_pages_are_asked_for_until_one_is_not_full(
    world, tmp_path, monkeypatch, host, size
):
    # 252 rows: four pages of 63 and three of 84 are all full
    one = tmp_path / "one"
    one.mkdir()
    sharadar.simulate(world, told(host), one)
    expected = read(one, host=host, names=["AAA"])
    monkeypatch.setattr(pages, "PAGE", size)
    with Server() as server:
        spec = ONLINE | endpoint.mount(server, one)
        spec["query"]["names"] = ["AAA"]
        raw.obtain(spec, None, None, tmp_path / "raw")
        asked = [r for r in server.requests if r.path.endswith(("stocks", "SEP.json"))]
    assert len(expected) == 252
    pd.testing.assert_frame_equal(
        raw.read(spec, tmp_path / "raw" / "manifest.json"), expected
    )
    empty = host == "sharadar" and 252 % size == 0
    assert len(asked) == -(-252 // size) + empty
    record = sidecar.read(tmp_path / "raw" / f"SEP.AAA.0.{hosts.SUFFIX[host]}")
    assert record["revision"] == "2008-01-02"


def test_simulated_pages_split_like_those_of_a_host(world, tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "PAGE", 100)
    sharadar.simulate(world, told("nasdaq"), tmp_path)
    cursors = [
        pages.page(tmp_path / f"SEP.AAA.{number}.json", "SEP")[1] for number in range(3)
    ]
    assert cursors == ["SEP-AAA-100", "SEP-AAA-200", ""]
    assert len(read(tmp_path, host="nasdaq", names=["AAA"])) == 252


def test_an_offset_that_the_host_ignores_is_refused(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "PAGE", 100)
    with Server() as server:
        spec = ONLINE | endpoint.mount(server, folder)
        spec["query"]["offset_parameter"] = "skip"
        with pytest.raises(BadInput, match="page 1 of AAA twice.*offset_parameter"):
            raw.obtain(spec, None, None, tmp_path / "raw")


@pytest.mark.parametrize("host", ["sharadar", "nasdaq"])
def test_bulk_files_give_the_same_table_without_the_key(
    world, tmp_path, monkeypatch, host
):
    monkeypatch.setenv("NASDAQ_DATA_LINK_API_KEY", "MADE-UP")
    one = tmp_path / "one"
    one.mkdir()
    sharadar.simulate(world, told(host), one)
    expected = read(one, host=host, names=["AAA", "CCC"])
    with Server() as server:
        spec = ONLINE | endpoint.mount(server, one)
        spec["key"] = "NASDAQ_DATA_LINK_API_KEY"
        spec["query"] |= {"names": ["AAA", "CCC"], "bulk": True}
        # the signed link is of another host than the source
        local = server.url.replace("127.0.0.1", "localhost")
        spec |= {k: spec[k].replace(server.url, local) for k in ("url", "archive")}
        raw.obtain(spec, None, None, tmp_path / "raw")
    frame = raw.read(spec, tmp_path / "raw" / "manifest.json")
    pd.testing.assert_frame_equal(frame, expected)
    names = [path.name for path in sidecar.files(tmp_path / "raw")]
    assert names == ["ACTIONS.zip", "SEP.zip", "TICKERS.zip"]


def test_an_export_that_is_not_described_is_refused(folder, tmp_path):
    with Server() as server:
        spec = ONLINE | endpoint.mount(server, folder)
        spec["query"] |= {"host": "nasdaq", "bulk": True}
        server.route(endpoint.OLD, lambda request: Answer(200, b'{"datatable": {}}'))
        with pytest.raises(BadInput, match="described no export.*`bulk`"):
            raw.obtain(spec, None, None, tmp_path / "raw")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("QELx06", "the key is one of the new host.*SHARADAR_API_KEY"),
        ("QELx01", "a limit of calls"),
        ("QEAx01", "the key is not valid"),
        ("QEPx04", "does not cover this table"),
        ("QESx06", "place in a paged answer has expired"),
        ("other", "has not the form of a page"),
    ],
)
def test_an_error_of_the_old_host_is_one_sentence_without_its_text(
    world, tmp_path, code, words
):
    error = {"quandl_error": {"code": code, "message": "your api_key=SECRET"}}
    (tmp_path / "SEP.AAA.0.json").write_text(json.dumps(error))
    with pytest.raises(BadInput, match=words) as caught:
        pages.page(tmp_path / "SEP.AAA.0.json", "SEP")
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (told(names=["AAA"]), "lacks start and end"),
        (told("quandl", names=["A"], start="2000-01-03", end="2001-01-02"), "'quandl'"),
        (
            told("nasdaq", names=["A"], start="2000-01-03", end="2001-01-02")
            | {"key": "SHARADAR_API_KEY"},
            "set `key` of this source to NASDAQ_DATA_LINK_API_KEY",
        ),
    ],
)
def test_an_incomplete_query_is_refused_before_any_request(spec, words):
    with pytest.raises(BadInput, match=words):
        sharadar.download(TERMS | spec, None)


def test_a_key_that_the_new_host_does_not_know_is_noticed(folder, tmp_path):
    with Server() as server:
        spec = ONLINE | endpoint.mount(server, folder)
        rows = pages.load(folder, "SEP", ["AAA"], {}).drop(columns="file")
        recent = endpoint.body("x.csv", rows[rows["date"] > "2007-10-01"])
        server.route(f"{endpoint.NEW}/stocks", lambda request: Answer(200, recent))
        spec["query"]["names"] = ["AAA"]
        raw.obtain(spec, None, None, tmp_path / "raw")
        with pytest.raises(BadInput, match="the key may not cover the rest"):
            raw.read(spec, tmp_path / "raw" / "manifest.json")
