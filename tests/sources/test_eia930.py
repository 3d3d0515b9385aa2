import csv
import gzip
import hashlib
import json
from collections import Counter

import numpy as np
import pandas as pd
import pytest

import gridworld
from fakeclient import Client
from seqshift.errors import BadInput
from seqshift.sources import eia930

HEADER = "date_time,raw demand (MW),category,cleaned demand (MW)"
CLEANED = "energy_eia930_2020_2024"
RAW = "energy_eia930_raw_isos_2020_2024"
HOURS = 43_848  # of 2020 to 2024


def lines(hours, start="2021-08-30 00:00"):
    """Return rows of a cleaned file with a plausible day cycle."""
    stamps = pd.date_range(start, periods=hours, freq="h")
    mw = 1000 + 100 * np.sin(2 * np.pi * np.arange(hours) / 24.3)
    pairs = zip(stamps, mw.round().astype(int), strict=True)
    return [f"{stamp},{value},OKAY,{value}" for stamp, value in pairs]


def write(folder, rows, name="XX.csv", header=HEADER):
    (folder / name).write_text("\n".join([header, *rows]) + "\n")
    return folder


def published(folder, cells, hours=400):
    """Write the published form, with these cells by hour."""
    rows = [",".join(line.split(",")[:2]) for line in lines(hours)]
    for hour, cell in cells.items():
        rows[hour] = rows[hour].split(",")[0] + "," + cell
    return write(folder, rows, header="date_time,demand (MW)")


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


def test_rows_may_stand_in_any_order(tmp_path):
    (tmp_path / "a").mkdir()
    plain = gridworld.read(eia930, write(tmp_path / "a", lines(100)))
    turned = gridworld.read(eia930, write(tmp_path, lines(100)[::-1]))
    pd.testing.assert_frame_equal(plain, turned)


def test_a_retired_authority_ends(tmp_path):
    rows = lines(96)  # two days before and after midnight of 2021-09-01
    table = gridworld.read(eia930, write(tmp_path, rows, "AEC.csv"))
    alive = table["utc_end"] <= pd.Timestamp("2021-09-01 05:00")
    assert table["mw"].notna().equals(alive)
    assert (table["flag"][~alive] == "E15").all()


def test_published_words_zeros_and_absurd_values_are_interpolated(tmp_path):
    cells = {50: "MISSING", 60: "EMPTY", 70: "0", 71: "-4", 300: "1900"}
    table = gridworld.read(eia930, published(tmp_path, cells | {200: "2147480000"}))
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
        eia930.read(write(tmp_path, rows), {})
    assert "XX.csv" in str(caught.value)


def test_a_wrong_header_an_unknown_word_and_a_dead_series_are_refused(tmp_path):
    with pytest.raises(BadInput, match="should start with"):
        eia930.read(write(tmp_path, lines(9), header=HEADER + ",more"), {})
    with pytest.raises(BadInput, match=r"line 3, column demand \(MW\): 'LOST'"):
        eia930.read(published(tmp_path, {1: "LOST"}), {})
    dead = [line.rpartition(",")[0] + ",7" for line in lines(60)]
    words = "XX.csv: 7.0 MW stands for 48 hours or more from 2021-08-30 00:00:00 UTC"
    with pytest.raises(BadInput, match=words):
        eia930.read(write(tmp_path, dead), {})


def test_a_cut_file_is_refused(tmp_path):
    eia930.simulate(gridworld.world(), {}, tmp_path)
    path = tmp_path / "EAST.csv.gz"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(BadInput, match=r"EAST.csv.gz is cut or damaged"):
        eia930.read(tmp_path, {})


def test_download_fills_the_address_with_each_name_of_the_query():
    client = Client()
    url = "https://example.org/{name}.csv"
    eia930.download({"url": url, "query": {"names": ["PJM-AE", "AEC"]}}, client)
    assert client.saved == {
        "PJM-AE.csv": "https://example.org/PJM-AE.csv",
        "AEC.csv": "https://example.org/AEC.csv",
    }
    with pytest.raises(BadInput, match="`query` lacks names"):
        eia930.download({"kind": "eia930", "url": url}, client)


def stated(mirror, folder):
    """Return name -> what the mirror's list says of each file of a folder."""
    with (mirror / "MANIFEST.csv").open(newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["file"].startswith(f"{folder}/")]
    return {r["file"].split("/")[1]: json.loads(r["check"]) for r in rows}


def one(mirror, folder, name, place):
    """Read one file of the mirror."""
    (place / name).symlink_to(mirror / folder / name)
    table = gridworld.read(eia930, place)
    (place / name).unlink()
    return table


@pytest.fixture(scope="module")
def cleaned(mirror, tmp_path_factory):
    """Return the facts of all cleaned files as the parser sees them, read once."""
    place, found = tmp_path_factory.mktemp("cleaned"), {}
    for name in stated(mirror, CLEANED):
        table = one(mirror, CLEANED, name, place)
        hours = table["utc_end"]
        plain = table[table["flag"].isin(["", "E1c", "E17", "E17+E1c"])]
        found[name] = {
            "rows": len(table),
            "start": str(hours.iloc[0]),
            "end": str(hours.iloc[-1]),
            "sorted": hours.is_monotonic_increasing,
            "dup": int(hours.duplicated().sum()),
            "rules": gridworld.rules(table),
            "vmin": plain["mw"].min(),
            "vmax": plain["mw"].max(),
            "mean": table.groupby(hours.dt.year)["mw"].mean(),
        }
    return found


@pytest.mark.mirror
def test_every_cleaned_file_is_read_as_the_mirror_describes_it(mirror, cleaned):
    facts = stated(mirror, CLEANED)
    assert len(facts) == 119 and sum(f["rows"] for f in facts.values()) == 5_217_912
    for name, fact in facts.items():
        own = cleaned[name]
        for key in ("rows", "start", "end", "sorted", "dup"):
            assert own[key] == fact[key], (name, key)
        assert own["rules"].get("E17", 0) == fact["imputed"], name
        assert own["rules"].get("E12", 0) == fact["gaps"] == 0, name
        low = own["rules"].get("E16", 0) + own["rules"].get("E15", 0)
        assert low == fact["le0"], name
        assert own["vmax"] == fact["vmax"], name
        assert own["vmin"] == fact["vmin"] or low, name


@pytest.mark.mirror
def test_the_defects_of_the_cleaned_files_are_counted(cleaned):
    total = Counter()
    for own in cleaned.values():
        total += Counter(own["rules"])
    assert cleaned["AEC.csv.xz"]["rules"]["E15"] == 29_226
    worthless = {
        n: own["rules"]["E16"] for n, own in cleaned.items() if "E16" in own["rules"]
    }
    assert worthless == {"PSEI.csv.xz": 1018, "JEA.csv.xz": 7, "LGEE.csv.xz": 7}
    assert cleaned["ERCO-EAST.csv.xz"]["rules"]["E1c"] == 4
    assert total["E17"] == HOURS * 119 - 5_144_417
    shares = [own["rules"].get("E17", 0) / HOURS for own in cleaned.values()]
    assert sum(share < 0.01 for share in shares) == 90
    assert sum(share < 0.05 for share in shares) == 116


@pytest.mark.mirror
@pytest.mark.parametrize(
    ("name", "levels"),
    [
        ("ERCO-COAS", {2020: 12_210}),
        ("ERCO-EAST", {2020: 1625}),
        ("ERCO-FWES", {2020: 3682, 2024: 6778}),
        ("ERCO-NRTH", {2020: 943, 2024: 1668}),
        ("ERCO-NCEN", {2020: 13_153}),
        ("ERCO-SOUT", {2020: 3478}),
        ("ERCO-SCEN", {2020: 6906}),
        ("ERCO-WEST", {2020: 1375}),
        ("PJM-AEP", {2020: 14_044}),
        ("PJM-DAY", {2020: 1931}),
        ("PJM-DOM", {2020: 11_513, 2024: 14_191}),
        ("PJM-DUQ", {2020: 1475}),
        ("PJM-CE", {2020: 10_618}),
        ("PJM-AP", {2020: 5547}),
        ("PJM-DEOK", {2020: 2923}),
        ("PJM-ATSI", {2020: 7286}),
    ],
)
def test_the_levels_of_the_pilot_are_those_of_the_real_files(cleaned, name, levels):
    mean = cleaned[f"{name}.csv.xz"]["mean"]
    assert {year: mean[year] for year in levels} == pytest.approx(levels, rel=0.01)


@pytest.mark.mirror
def test_the_defects_of_the_published_files_are_counted(mirror, tmp_path):
    counts, facts = {}, stated(mirror, RAW)
    for name, fact in facts.items():
        table = one(mirror, RAW, name, tmp_path)
        assert len(table) == fact["rows"] == HOURS and fact["gaps"] == 0
        counts[name.partition(".")[0]] = gridworld.rules(table)
        assert gridworld.rules(table)["E4"] == fact["nan"]
        assert gridworld.rules(table).get("E3", 0) == fact["le0"]
    assert counts == {
        "CISO": {"E4": 14},
        "ERCO": {"E4": 1},
        "ISNE": {"E4": 5},
        "MISO": {"E4": 29},
        "NYIS": {"E4": 2, "E3": 3},
        "PJM": {"E4": 116, "E1a": 3, "E1b": 5},
        "SWPP": {"E4": 26, "E1a": 1, "E25": 265},
    }
