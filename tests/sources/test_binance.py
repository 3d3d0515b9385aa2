import csv
import gzip
import hashlib
import json
import zipfile

import numpy as np
import pandas as pd
import pytest

import gridworld
from fakeclient import Client
from seqshift.errors import BadInput
from seqshift.simulate import intraday
from seqshift.sources import binance

FOLDER = "intraday_binance_5m_2022"
SPEC = {
    "seed": 4,
    "entities": ["BTCUSDT", "ETHUSDT"],
    "start": "2024-12-30",
    "days": 5,
    "test_days": 2,
    "shift": "none",
    "strength": 0.0,
}
NAME = "BTCUSDT-5m-2022-01.zip"
START = 1640995200000  # 2022-01-01 in milliseconds


def bar(place, *values):
    """Return one kline."""
    time = START + 300_000 * place
    prices = values or (10, 12, 9, 11, 5)
    rest = [time + 299_999, 50, 12, 2.5, 25, 0]
    return ",".join(map(str, [time, *prices, *rest]))


def write(folder, rows, name=NAME):
    with zipfile.ZipFile(folder / name, "w") as packed:
        packed.writestr(name.replace("zip", "csv"), "\n".join(rows) + "\n")
    return folder


def listed(folder, rows, name="BTC_USDT-5m.json.gz"):
    (folder / name).write_bytes(gzip.compress(json.dumps(rows).encode()))
    return folder


def read(folder):
    return gridworld.read(binance, folder)


def test_reading_simulated_files_gives_the_truth_and_no_flag(tmp_path):
    world = intraday.make(SPEC)
    binance.simulate(world, {}, tmp_path)
    table = read(tmp_path)
    assert (table["flag"] == "").all()
    for key in binance.VALUES:
        values = table.pivot(index="utc_open", columns="entity", values=key)
        assert values.index.equals(world.times.rename("utc_open"))
        np.testing.assert_allclose(values, world.bars[key], rtol=0, atol=5.1e-9)


def test_simulated_files_are_official_and_the_same_bytes_every_time(tmp_path):
    sums = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        binance.simulate(intraday.make(SPEC), {}, tmp_path / name)
        paths = sorted((tmp_path / name).iterdir())
        sums.append([hashlib.sha256(path.read_bytes()).digest() for path in paths])
    assert sums[0] == sums[1]
    assert [path.name for path in paths[:2]] == [
        "BTCUSDT-5m-2024-12.zip",
        "BTCUSDT-5m-2025-01.zip",
    ]
    starts = []
    for path in paths[:2]:
        with zipfile.ZipFile(path) as packed:
            (name,) = packed.namelist()
            row = packed.read(name).decode().splitlines()[0].split(",")
        assert name == path.name.replace("zip", "csv") and len(row) == 12
        starts.append((row[0], row[6]))
    assert starts == [
        ("1735516800000", "1735517099999"),  # milliseconds
        ("1735689600000000", "1735689899999999"),  # microseconds since 2025
    ]


def test_milliseconds_and_microseconds_give_the_same_times(tmp_path):
    rows = [bar(place).split(",") for place in range(3)]
    micro = [",".join([f"{row[0]}000", *row[1:]]) for row in rows]
    table = read(write(tmp_path, micro))
    expected = pd.date_range("2022-01-01", periods=3, freq="5min")
    assert table["utc_open"].tolist() == expected.tolist()


def test_days_that_are_not_whole_are_kept_and_marked(tmp_path):
    rows = [bar(place) for place in range(3 * 288 - 100) if place not in (300, 301)]
    table = read(write(tmp_path, rows))
    assert gridworld.rules(table) == {"B3": 286 + 188}
    assert not table["flag"].eq("B3").iloc[:288].any()


def test_a_bar_without_trade_is_marked(tmp_path):
    rows = [bar(place) for place in range(288)]
    rows[7] = bar(7, 11, 11, 11, 11, 0)
    assert gridworld.rules(read(write(tmp_path, rows))) == {"F3": 1}


def test_the_listed_form_is_read_and_named_alike(tmp_path):
    rows = [[START + 300_000 * k, 10.0, 12.0, 9.0, 11.0, 5.0] for k in range(4)]
    table = read(listed(tmp_path, rows))
    assert table["entity"].unique() == ["BTCUSDT"]
    assert table["close"].tolist() == 4 * [11.0]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (bar(2.5), "line 3, column time: 1640995950000.* not on the five-minute grid"),
        (bar(1), "line 3, column time: .* is not after the bar above"),
        (bar(2, 0, 12, 0, 11, 5), "line 3, column low: 0.0 is not above zero"),
        (bar(2, 10, 12, 11, 11, 5), "line 3, column low: 11.0 is above a price"),
        (bar(2, 10, 10, 9, 11, 5), "line 3, column high: 10.0 is below a price"),
        (bar(2, 10, 12, 9, 11, -5), "line 3, column volume: -5.0 is below zero"),
        (bar(2, 10, "inf", 9, 11, 5), "line 3, column high: .* is not finite"),
        (bar(2, 10, "x", 9, 11, 5), "one csv of 12 numbers a line .*'x'"),
        (bar(2)[:20], "one csv of 12 numbers a line"),
        (bar(2) + ",7", "one csv of 12 numbers a line"),
    ],
)
def test_a_wrong_bar_is_refused_with_its_place(tmp_path, row, words):
    with pytest.raises(BadInput, match=words) as caught:
        read(write(tmp_path, [bar(0), bar(1), row]))
    assert NAME in str(caught.value)


@pytest.mark.parametrize("rows", [{"a": 1}, [[1, 2]], [[1, 2, 3, 4, 5, "x"]], [1], []])
def test_a_listed_file_of_another_form_is_refused(tmp_path, rows):
    with pytest.raises(BadInput, match="BTC_USDT.* should hold lists of six numbers"):
        read(listed(tmp_path, rows))


def test_two_files_of_one_bar_a_strange_name_and_no_file_are_refused(tmp_path):
    with pytest.raises(BadInput, match="holds no .zip"):
        read(tmp_path)
    write(tmp_path, [bar(0), bar(1)])
    write(tmp_path, [bar(1), bar(2)], "BTCUSDT-5m-2022-02.zip")
    with pytest.raises(BadInput, match="two files of BTCUSDT give the bar of 2022-01"):
        read(tmp_path)
    write(tmp_path, [bar(1)], "BTCUSDT-1m-2022-02.zip")
    with pytest.raises(BadInput, match="BTCUSDT-1m-2022-02.zip is not named like"):
        read(tmp_path)


def asked(checksum):
    """Download with a checksum file that is made from the address of its zip."""
    url = "https://example.org/{symbol}/{symbol}-5m-{year}-{month}.zip"
    files = [f"BTCUSDT-5m-2022-{month}.zip" for month in ("01", "02")]
    places = {f"https://example.org/BTCUSDT/{name}.CHECKSUM": name for name in files}
    client = Client({place: checksum(name) for place, name in places.items()})
    query = {"names": ["BTCUSDT"], "start": "2022-01-15", "end": "2022-02-10"}
    binance.download({"url": url, "query": query}, client)
    return client


def test_download_hands_each_month_with_its_checksum():
    client = asked(lambda name: f"{name[16:18] * 32}  {name}\n")
    assert client.sums == {
        "BTCUSDT-5m-2022-01.zip": 32 * "01",
        "BTCUSDT-5m-2022-02.zip": 32 * "02",
    }


@pytest.mark.parametrize("answer", ["", "abc", 64 * "0", f"{64 * 'f'}  other.zip"])
def test_download_refuses_what_is_no_checksum_of_the_file(answer):
    with pytest.raises(BadInput, match="CHECKSUM should hold a sha256 and BTCUSDT-5m"):
        asked(lambda name: answer)


@pytest.mark.mirror
def test_the_facts_of_the_real_files_are_reproduced(mirror):
    table = read(mirror / FOLDER)
    with (mirror / "MANIFEST.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if FOLDER in row["file"]]
    assert len(rows) == 2
    for row in rows:
        facts = json.loads(row["check"])
        symbol = row["file"].split("/")[1].split("-")[0].replace("_", "")
        bars = table[table["entity"] == symbol]
        sizes = bars.groupby(bars["utc_open"].dt.normalize()).size()
        assert len(bars) == facts["rows"] and len(sizes) == facts["days"]
        assert (sizes == binance.BARS).sum() == facts["days_288"]
        assert (bars["volume"] == 0).sum() == facts["zero_vol"]
        assert str(bars["utc_open"].max()) == facts["end"][:19]
        assert gridworld.rules(bars) == {"B3": 79}
