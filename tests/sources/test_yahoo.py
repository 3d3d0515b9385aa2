import csv
import gzip
import json

import numpy as np
import pytest

from seqshift import bars, raw, sessions, storage
from seqshift.errors import BadInput
from seqshift.schemas.raw import BARS_DAILY
from seqshift.simulate import market
from seqshift.sources import yahoo

HEADER = "Date,Open,High,Low,Close,Adj Close,Volume"
ROWS = [
    "2020-01-02,10.0,11.0,9.0,10.5,10.0,100",
    "2020-01-03,10.5,12.0,10.0,11.0,10.4,200",
    "2020-01-06,11.0,11.5,10.5,11.0,10.4,150",
]
SPEC = {
    "kind": "market",
    "seed": 5,
    "entities": ["AAA", "BBB", "CCC"],
    "start": "2003-01-01",
    "train_years": 3,
    "val_years": 1,
    "test_years": 2,
    "shift": "both",
    "strength": 1.0,
    "trend": False,
    "crises": [{"start": "2005-06-01", "days": 40}],
}


def write(folder, rows, name="AAA.csv", header=HEADER):
    (folder / name).write_text("\n".join([header, *rows]))
    return folder


def replaced(row, column, value):
    rows = [text.split(",") for text in ROWS]
    rows[row][HEADER.split(",").index(column)] = value
    return [",".join(fields) for fields in rows]


def declared(variant):
    return {"query": {"variant": variant}}


def read(folder, variant="v7"):
    frame = yahoo.read(folder, declared(variant))
    return storage.validate(frame, BARS_DAILY, folder)


def test_reading_simulated_files_gives_the_true_returns_and_no_flag(tmp_path):
    world = market.make(SPEC)
    yahoo.simulate(world, {}, tmp_path)
    frame = read(tmp_path)
    closes = frame.pivot(index="date", columns="entity", values="close_adj")
    assert (closes.index == world.sessions).all()
    returns = np.log(closes).diff().iloc[1:]
    # six decimals at prices of 20 and more
    assert np.allclose(returns, world.returns.iloc[1:], rtol=0, atol=6e-8)
    big = world.returns.iloc[1:].abs() > 0.4
    assert (frame["flag"] != "").sum() == big.to_numpy().sum()
    assert frame["volume"].gt(0).all()


def test_dividends_part_close_from_adjusted_close(tmp_path):
    yahoo.simulate(market.make(SPEC), {}, tmp_path)
    frame = read(tmp_path).query("entity == 'AAA'")
    factor = frame["close_adj"] / frame["close"]
    assert factor.iloc[-1] == 1.0
    assert factor.iloc[0] < 0.95
    assert np.diff(factor).min() > -1e-6


def test_packed_files_and_foreign_files_are_handled(tmp_path):
    content = "\n".join([HEADER, *ROWS]).encode()
    (tmp_path / "BBB.csv.gz").write_bytes(gzip.compress(content))
    write(tmp_path, ROWS)
    (tmp_path / "manifest.json").write_text("{}")
    frame = read(tmp_path)
    assert frame["entity"].tolist() == ["AAA"] * 3 + ["BBB"] * 3
    assert frame["flag"].eq("").all()
    assert frame["close_adj"].tolist() == [10.0, 10.4, 10.4] * 2


def test_an_opening_price_of_zero_becomes_missing(tmp_path):
    frame = read(write(tmp_path, replaced(1, "Open", "0.0")))
    assert np.isnan(frame["open"][1])
    assert frame["flag"].tolist() == ["", "F1", ""]
    assert frame["low"].tolist() == [9.0, 10.0, 10.5]


@pytest.mark.parametrize(
    ("column", "value", "low", "high"),
    [("Low", "10.8", 10.5, 12.0), ("High", "10.9", 10.0, 11.0)],
)
def test_low_and_high_are_widened_to_cover_open_and_close(
    tmp_path, column, value, low, high
):
    frame = read(write(tmp_path, replaced(1, column, value)))
    assert frame["flag"].tolist() == ["", "F2", ""]
    assert (frame["low"][1], frame["high"][1]) == (low, high)


def test_a_day_without_volume_and_a_big_move_are_marked(tmp_path):
    rows = replaced(1, "Volume", "0")
    rows[2] = "2020-01-06,16.0,18.0,15.0,17.0,15.6,0"
    frame = read(write(tmp_path, rows))
    assert frame["flag"].tolist() == ["", "F3", "F3+F4"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([*ROWS, ROWS[-1]], "line 5, column Date: '2020-01-06' appears twice"),
        ([ROWS[1], ROWS[0]], "line 3, column Date: '2020-01-02' is before"),
        (replaced(2, "Date", "2020-01-05"), "line 4, column Date: 2020-01-05 is no"),
        (replaced(2, "Date", "3020-01-06"), "line 4, column Date: '3020-01-06' is not"),
        (replaced(0, "Date", "2020-01-01"), "line 2, column Date: 2020-01-01 is no"),
        (replaced(1, "Adj Close", "300"), "column Adj Close: 300.0 is more than e.3"),
        (replaced(0, "Open", "-1.0"), "line 2, column Open: -1.0 is too low"),
        (replaced(1, "High", "0.0"), "line 3, column High: 0.0 is too low"),
        (replaced(1, "Low", "0.0"), "line 3, column Low: 0.0 is too low"),
        (replaced(1, "Close", "-3"), "line 3, column Close: -3.0 is too low"),
        (replaced(1, "Adj Close", "0"), "line 3, column Adj Close: 0.0 is too low"),
        (replaced(2, "Volume", "-5"), "line 4, column Volume: -5.0 is too low"),
        (replaced(1, "Close", "NaN"), "line 3, column Close: 'NaN' is not a number"),
        (replaced(1, "Close", "null"), "line 3, column Close: 'null' is not a number"),
        (replaced(1, "Adj Close", ""), "line 3, column Adj Close: '' is not a number"),
        ([*ROWS[:2], "2020-01-06,11.0,11"], "line 4 has 3 fields in place of 7"),
        ([], "should start with"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(tmp_path, rows, words):
    with pytest.raises(BadInput, match=words) as caught:
        read(write(tmp_path, rows))
    assert "AAA.csv" in str(caught.value)
    assert "run again" in str(caught.value)


@pytest.mark.parametrize("variant", ["v7", "adjusted", "iex"])
def test_every_variant_gives_the_same_adjusted_returns(tmp_path, variant):
    world = market.make(SPEC)
    yahoo.simulate(world, declared(variant), tmp_path)
    frame = read(tmp_path, variant)
    closes = frame.pivot(index="date", columns="entity", values="close_adj")
    returns = np.log(closes).diff().iloc[1:]
    assert np.allclose(returns, world.returns.iloc[1:], rtol=0, atol=6e-8)
    assert (frame["close"] == frame["close_adj"]).all() == (variant != "v7")


@pytest.mark.parametrize("written", ["v7", "adjusted", "iex"])
@pytest.mark.parametrize("said", ["v7", "adjusted", "iex"])
def test_a_file_of_another_variant_than_declared_is_refused(tmp_path, written, said):
    yahoo.simulate(market.make(SPEC | {"entities": ["A"]}), declared(written), tmp_path)
    if written == said:
        assert len(read(tmp_path, said))
        return
    words = f"A.csv has the form of variant {written}.*variant {said} .rule F11.*query"
    with pytest.raises(BadInput, match=words):
        read(tmp_path, said)


def test_an_iex_file_with_an_adjustment_of_its_own_is_refused(tmp_path):
    rows = [row.replace(",", " 04:00:00+00:00,", 1) for row in ROWS]
    with pytest.raises(BadInput, match="tells `Adj Close` from `Close`.*variant iex"):
        read(write(tmp_path, rows), "iex")


@pytest.mark.parametrize(
    ("name", "count", "refused"),
    [("TXN.csv", 260, True), ("TXN.csv", 240, False), ("AMD.csv", 260, False)],
)
def test_a_year_without_dividends_is_refused_where_they_are_known(
    tmp_path, name, count, refused
):
    days = sessions.between("2010-01-04", "2011-12-30")[:count]
    rows = [f"{day:%Y-%m-%d},10.0,11.0,9.0,10.5,10.5,100" for day in days]
    write(tmp_path, rows, name=name)
    if not refused:
        assert len(read(tmp_path)) == count
        return
    with pytest.raises(BadInput, match="shows no dividend of TXN in 260 sessions.*F11"):
        read(tmp_path)


def test_an_unknown_variant_is_refused(tmp_path):
    with pytest.raises(BadInput, match="'v8': choose one of adjusted, iex, v7"):
        read(write(tmp_path, ROWS), "v8")


def test_there_is_no_download():
    assert not hasattr(yahoo, "download")


def fetch(mirror, folder, into, **spec):
    spec |= {"kind": "yahoo", "origin": "mirror", "folder": folder}
    spec |= {"licence": "see the mirror", "redistributable": False}
    raw.obtain(spec, None, mirror, into)
    return raw.read(spec, into / "manifest.json")


def listed(mirror, folder):
    with (mirror / "MANIFEST.csv").open(newline="") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}
    start = f"{folder}/"
    return {
        name.removeprefix(start).removesuffix(".csv.gz"): row
        for name, row in rows.items()
        if name.startswith(start)
    }


@pytest.mark.mirror
@pytest.mark.parametrize(
    ("folder", "variant", "files", "counts"),
    [
        ("finance_yahoo_daily_2024-03", "v7", 79, {"F1": 0, "F2": 0, "F3": 1574}),
        ("finance_yahoo_daily_2021-09", "v7", 2, {"F1": 4, "F2": 1}),
        ("finance_yahoo_daily_2020-12", "v7", 9, {"F1": 2532, "F2": 0}),
        # INTC 2017-04-13 and TXN 2017-02-24, in the last digit of a float
        ("finance_yahoo_autoadj_2025-12", "adjusted", 18, {"F1": 0, "F2": 2, "F3": 0}),
    ],
)
def test_real_files_agree_with_the_mirrors_list(
    mirror, tmp_path, folder, variant, files, counts
):
    frame = fetch(mirror, folder, tmp_path / "prices", **declared(variant))
    known = listed(mirror, folder)
    assert frame["entity"].nunique() == len(known) == files
    for rule, count in counts.items():
        assert frame["flag"].str.contains(rule).sum() == count
    absent = bars.missing_sessions(frame).groupby("entity")["date"].apply(list)
    for ticker, rows in frame.groupby("entity"):
        row, facts = known[ticker], json.loads(known[ticker]["check"])
        assert len(rows) == int(row["rows"]) == facts["rows"]
        assert f"{rows['date'].min():%Y-%m-%d}" == row["start"]
        assert f"{rows['date'].max():%Y-%m-%d}" == row["end"]
        assert facts["extra_days"] == facts["dup"] == facts["nan"] == 0
        # the list counts from 2000
        late = [day for day in absent.get(ticker, []) if day.year >= 2000]
        assert len(late) == facts["missing_days"]
        if variant == "v7":  # an opening price of 0 counts for both
            repaired = rows["flag"].str.contains("F1|F2").sum()
            assert repaired == max(facts["le0"], facts["ohlc_viol"])
        assert rows["flag"].str.contains("F3").sum() == facts["zero_vol"]
        moves = rows.loc[rows["flag"].str.contains("F4"), "date"]
        days = [text[:10] for text in facts["big_moves"]]  # at most six are listed
        assert moves.dt.strftime("%Y-%m-%d").tolist()[:6] == days


def returns(frame):
    closes = frame.pivot(index="date", columns="entity", values="close_adj")
    return np.log(closes).diff()


@pytest.mark.mirror
def test_pulls_years_apart_agree_where_the_company_is_the_same(mirror, tmp_path):
    new = returns(fetch(mirror, "finance_yahoo_daily_2024-03", tmp_path / "new"))
    old = returns(fetch(mirror, "finance_yahoo_daily_2020-12", tmp_path / "old"))
    last = returns(
        fetch(
            mirror,
            "finance_yahoo_autoadj_2025-12",
            tmp_path / "last",
            **declared("adjusted"),
        )
    )
    for before, after in {"IIVI": "COHR", "CREE": "WOLF", "BRKS": "AZTA"}.items():
        assert (new[after] - old[before]).abs().max() < 0.005
    assert new["COHR"].corr(old["COHR"]) == pytest.approx(0.358, abs=0.0005)
    both = new.index.intersection(last.index)[1:]
    assert len(both) == 1806
    assert (new.loc[both, last.columns] - last.loc[both]).abs().max().max() < 5e-5
