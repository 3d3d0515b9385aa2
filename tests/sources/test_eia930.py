import gzip
import hashlib

import numpy as np
import pandas as pd
import pytest

import gridworld
from seqshift.errors import BadInput
from seqshift.sources import eia930

HEADER = "date_time,raw demand (MW),category,cleaned demand (MW)"
CLEANED = "energy_eia930_2020_2024"
RAW = "energy_eia930_raw_isos_2020_2024"


def lines(hours, start="2021-08-30 00:00"):
    """Return rows of a cleaned file with a plausible day cycle."""
    stamps = pd.date_range(start, periods=hours, freq="h")
    mw = 1000 + 100 * np.sin(2 * np.pi * np.arange(hours) / 24.3)
    pairs = zip(stamps, mw.round().astype(int), strict=True)
    return [f"{stamp},{value},OKAY,{value}" for stamp, value in pairs]


def write(folder, rows, name="XX.csv", header=HEADER):
    (folder / name).write_text("\n".join([header, *rows]) + "\n")
    return folder


def copy(mirror, folder, target, *names):
    for name in names:
        path = mirror / folder / f"{name}.csv.xz"
        (target / path.name).write_bytes(path.read_bytes())
    return target


def test_reading_simulated_files_gives_the_truth_and_no_flag(tmp_path):
    world = gridworld.world()
    eia930.simulate(world, {}, tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["COAST.csv.gz", "EAST.csv.gz", "NORTH.csv.gz"]
    text = gzip.decompress((tmp_path / "EAST.csv.gz").read_bytes()).decode()
    assert text.startswith(f"{HEADER}\n2015-01-01 07:00:00,")
    table = gridworld.read(eia930, tmp_path)
    assert (table["flag"] == "").all()
    load = gridworld.load(table)
    pd.testing.assert_index_equal(
        load.index, world.hourly().index, check_names=False, exact="equiv"
    )
    np.testing.assert_allclose(load, world.hourly(), rtol=0, atol=5.1e-5)


def test_simulated_files_are_the_same_bytes_every_time(tmp_path):
    sums = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        eia930.simulate(gridworld.world(), {}, tmp_path / name)
        paths = sorted((tmp_path / name).iterdir())
        sums.append([hashlib.sha256(path.read_bytes()).digest() for path in paths])
    assert sums[0] == sums[1]


def test_imputed_and_worthless_hours_of_a_cleaned_file_are_marked(tmp_path):
    rows = lines(200)
    rows[10] = rows[10].replace("OKAY", "DELTA")
    rows[20] = "2021-08-30 20:00:00,MISSING,MISSING,1000"
    for hour in (30, 31, 32, 50, 51, 52, 53):
        stamp = rows[hour].split(",")[0]
        rows[hour] = f"{stamp},-3,OKAY,{-3 if hour < 53 else 0}"
    table = gridworld.read(eia930, write(tmp_path, rows))
    assert gridworld.rules(table) == {"E17": 2, "E16": 7}
    assert table["mw"].isna().to_numpy().nonzero()[0].tolist() == [50, 51, 52, 53]


def test_hours_without_a_row_are_interpolated_up_to_three(tmp_path):
    rows = lines(100)
    rows = rows[:10] + rows[13:40] + rows[44:]
    table = gridworld.read(eia930, write(tmp_path, rows))
    assert gridworld.rules(table) == {"E12": 3}
    assert len(table) == 96 and table["mw"].notna().all()


def test_a_retired_authority_ends(tmp_path):
    rows = lines(96)  # two days before and after midnight of 2021-09-01
    table = gridworld.read(eia930, write(tmp_path, rows, "AEC.csv"))
    alive = table["utc_end"] <= pd.Timestamp("2021-09-01 05:00")
    assert table["mw"].notna().equals(alive)
    assert (table["flag"][~alive] == "E15").all()


def test_published_words_zeros_and_absurd_values_are_interpolated(tmp_path):
    rows = [",".join(line.split(",")[:2]) for line in lines(400)]
    for hour, cell in {50: "MISSING", 60: "EMPTY", 70: "0", 71: "-4"}.items():
        rows[hour] = rows[hour].split(",")[0] + "," + cell
    rows[200] = rows[200].split(",")[0] + ",2147480000"
    rows[300] = rows[300].split(",")[0] + ",1900"
    folder = write(tmp_path, rows, header="date_time,demand (MW)")
    table = gridworld.read(eia930, folder)
    assert gridworld.rules(table) == {"E4": 2, "E3": 2, "E1a": 1, "E1b": 1}
    assert table["mw"].between(899, 1101).all()


@pytest.mark.parametrize(
    ("row", "cell", "words"),
    [
        (5, "2021-08-30 05:00:00,1,OKAY,none", "line 7.*'none' is not a number"),
        (5, "2021-08-30 05:00:00,1,OKAY,nan", "line 7.*is not a number"),
        (5, "2021-08-30 04:00:00,1,OKAY,1", "line 7.*2021-08-30 04:00.*appears twice"),
        (5, "30.08.2021 05:00,1,OKAY,1", "line 7, column date_time: '30.08.2021"),
        (5, "2021-08-30 05:00:00,1,FINE,1", "line 7, column category: 'FINE'"),
        (5, "2021-08-30 05:00:00,1,OK", "line 7 has 3 fields"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_place(tmp_path, row, cell, words):
    rows = lines(60)
    rows[row] = cell
    with pytest.raises(BadInput, match=words) as caught:
        eia930.read(write(tmp_path, rows))
    assert "XX.csv" in str(caught.value)


def test_a_wrong_header_an_unknown_word_and_a_dead_series_are_refused(tmp_path):
    with pytest.raises(BadInput, match="should start with"):
        eia930.read(write(tmp_path, lines(9), header=HEADER + ",more"))
    rows = ["2021-08-30 00:00:00,5", "2021-08-30 01:00:00,LOST"]
    folder = write(tmp_path, rows, header="date_time,demand (MW)")
    with pytest.raises(BadInput, match=r"line 3, column demand \(MW\): 'LOST'"):
        eia930.read(folder)
    dead = [line.rpartition(",")[0] + ",7" for line in lines(60)]
    with pytest.raises(BadInput, match="7.0 stands for 60 hours"):
        eia930.read(write(tmp_path, dead))


def test_a_cut_file_is_refused(tmp_path):
    eia930.simulate(gridworld.world(), {}, tmp_path)
    path = tmp_path / "EAST.csv.gz"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(BadInput, match=r"EAST.csv.gz is cut or damaged"):
        eia930.read(tmp_path)


def test_download_fills_the_address_with_each_name(tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr("seqshift.web.save", lambda *args: calls.append(args))
    spec = {"url": "https://example.org/{name}.csv", "files": ["PJM-AE.csv*", "AEC"]}
    eia930.download(spec, tmp_path)
    assert [url for url, _ in calls] == [
        "https://example.org/PJM-AE.csv",
        "https://example.org/AEC.csv",
    ]
    for bad in ({}, spec | {"files": ["PJM-*.csv"]}):
        with pytest.raises(BadInput, match="each series by its full name"):
            eia930.download(bad, tmp_path)


@pytest.mark.mirror
def test_the_defects_of_the_published_files_are_counted(mirror, tmp_path):
    copy(mirror, RAW, tmp_path, "PJM", "NYIS", "SWPP")
    table = gridworld.read(eia930, tmp_path)
    counts = {key: gridworld.rules(rows) for key, rows in table.groupby("series")}
    assert counts == {
        "PJM": {"E4": 116, "E1a": 3, "E1b": 5},
        "NYIS": {"E4": 2, "E3": 3},
        "SWPP": {"E4": 26, "E1a": 1},
    }


@pytest.mark.mirror
def test_the_defects_of_the_cleaned_files_are_counted(mirror, tmp_path):
    copy(mirror, CLEANED, tmp_path, "AEC", "ERCO-EAST")
    table = gridworld.read(eia930, tmp_path)
    assert len(table) == 2 * 43_848
    counts = {key: gridworld.rules(rows) for key, rows in table.groupby("series")}
    assert counts["AEC"]["E15"] == 29_226
    assert counts["ERCO-EAST"]["E1b"] == 4
    east = table[table["series"] == "ERCO-EAST"].set_index("utc_end")["mw"]
    assert east["2020"].mean() == pytest.approx(1625, rel=0.01)
