import numpy as np
import pandas as pd
import pytest

import gridworld
from seqshift import localdays
from seqshift.errors import BadInput
from seqshift.sources import pjm

FOLDER = "energy_pjm_kaggle"


def write(folder, mw, start="2015-06-01 01:00", zone="AEP"):
    stamps = pd.date_range(start, periods=len(mw), freq="h")
    rows = [f"{stamp},{value}" for stamp, value in zip(stamps, mw, strict=True)]
    text = "\n".join([f"Datetime,{zone}_MW", *rows]) + "\n"
    (folder / f"{zone}_hourly.csv").write_text(text)
    return folder


def test_reading_simulated_files_gives_the_truth(tmp_path):
    world = gridworld.world()
    pjm.simulate(world, {}, tmp_path)
    first = (tmp_path / "EAST_hourly.csv").read_text().splitlines()
    assert first[0] == "Datetime,EAST_MW"
    assert first[1].startswith("2015-12-31 01:00:00")  # days descend in year blocks
    table = gridworld.read(pjm, tmp_path)
    load = gridworld.load(table)
    np.testing.assert_allclose(load, world.hourly(), rtol=0, atol=5.1e-5)
    marked = gridworld.rules(table[table["series"] == "EAST"])
    assert marked["E8"] == 6  # a skipped and a repeated stamp in each of three years
    assert set(marked) == {"E8", "E10"}


def test_autumn_hours_that_old_files_lack_are_interpolated(tmp_path):
    world = gridworld.world(start="2010-01-01", val_years=0, test_years=0)
    pjm.simulate(world, {}, tmp_path)
    table = gridworld.read(pjm, tmp_path)
    load, truth = gridworld.load(table), world.hourly()
    assert load.shape == truth.shape
    ratio = load.to_numpy() / truth.to_numpy()
    changed = np.flatnonzero(np.abs(ratio[:, 0] - 1) > 1e-6)
    assert load.index[changed].tolist() == [
        pd.Timestamp("2010-11-07 06:00"),
        pd.Timestamp("2010-11-07 07:00"),
    ]
    assert np.abs(ratio - 1).max() < 0.15  # midnight in Chicago lies between
    autumn = table["flag"][table["utc_end"].isin(load.index[changed])]
    assert (autumn == "E11").all()


def test_dips_are_repaired_or_marked(tmp_path):
    mw = np.full(24 * 6, 1000.0) + np.arange(24 * 6)
    mw[30] = 100.0  # a lost digit
    mw[50] = 0.0
    mw[60:63] = 300.0  # long dip of three hours: kept
    mw[96:104] = 300.0  # long dip of eight hours in a day: missing
    table = gridworld.read(pjm, write(tmp_path, mw))
    assert gridworld.rules(table) == {"E13": 1, "E3": 1, "E14": 11}
    values = table["mw"]
    assert values[30] == 1030.0 and values[50] == 1050.0
    assert (values[60:62] == 300.0).all() and values[96:103].isna().all()


def test_the_renamed_zone_continues_and_an_overlap_is_refused(tmp_path):
    write(tmp_path, [5.0, 6.0, 7.0], "2010-12-31 22:00", "NI")
    write(tmp_path, [8.0, 9.0], "2011-01-01 01:00", "COMED")
    table = gridworld.read(pjm, tmp_path)
    assert table["series"].unique().tolist() == ["COMED"]
    assert table["mw"].tolist() == [5.0, 6.0, 7.0, 8.0, 9.0]
    assert table["utc_end"].iloc[0] == pd.Timestamp("2011-01-01 03:00")
    write(tmp_path, [8.0, 9.0], "2011-01-01 00:00", "COMED")
    with pytest.raises(BadInput, match="two files give series COMED"):
        pjm.read(tmp_path, {})


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2015-06-01 02:00:00,x", "line 3, column AEP_MW: 'x' is not a number"),
        ("2015-06-01 02:00:00,", "line 3, column AEP_MW"),
        ("2015-06-01 01:00:00,5", "line 3, column Datetime.*appears twice"),
        ("2015-06-01 02:30:00,5", "line 3, column Datetime.*not a whole hour"),
        ("01.06.2015 02:00,5", "line 3, column Datetime: '01.06.2015 02:00'"),
        ("2015-06-01 02:00:00", "line 3 has 1 fields"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_place(tmp_path, row, words):
    path = write(tmp_path, [5.0]) / "AEP_hourly.csv"
    path.write_text(path.read_text() + row + "\n")
    with pytest.raises(BadInput, match=words) as caught:
        pjm.read(tmp_path, {})
    assert "AEP_hourly.csv" in str(caught.value)


def test_injected_defects_are_counted_exactly(tmp_path):
    span = {"start": "2013-01-01", "val_years": 0}  # either side of the new autumn
    promised, found = gridworld.spoiled(pjm, tmp_path, **span)
    assert promised == found
    assert set(found) == {"E3", "E8", "E10", "E11", "E12", "E13", "E14"}


def test_another_header_is_refused(tmp_path):
    write(tmp_path, [5.0], zone="AEP").joinpath("AEP_hourly.csv").rename(
        tmp_path / "DOM_hourly.csv"
    )
    with pytest.raises(BadInput, match="should start with 'Datetime,DOM_MW'"):
        pjm.read(tmp_path, {})


@pytest.mark.mirror
def test_the_defects_of_two_real_files_are_counted(mirror, tmp_path):
    for zone in ("AEP", "DOM"):
        name = f"{zone}_hourly.csv.gz"
        (tmp_path / name).write_bytes((mirror / FOLDER / name).read_bytes())
    table = gridworld.read(pjm, tmp_path)
    marked = {key: gridworld.rules(rows) for key, rows in table.groupby("series")}
    assert marked["AEP"]["E10"] == 5039 and marked["AEP"]["E12"] == 3
    assert marked["DOM"]["E13"] == 1 and "E14" not in marked["DOM"]
    load = gridworld.load(table)
    assert load["AEP"]["2012"].mean() == pytest.approx(15_353, rel=0.01)
    assert load["DOM"]["2017"].mean() == pytest.approx(11_058, rel=0.01)


@pytest.mark.mirror
def test_dips_zeros_and_clock_changes_of_other_real_files_are_counted(mirror, tmp_path):
    for zone in ("DEOK", "FE"):
        name = f"{zone}_hourly.csv.gz"
        (tmp_path / name).write_bytes((mirror / FOLDER / name).read_bytes())
    table = gridworld.read(pjm, tmp_path)
    marked = {key: gridworld.rules(rows) for key, rows in table.groupby("series")}
    assert marked["DEOK"]["E14"] == 16 and "E13" not in marked["DEOK"]
    assert marked["FE"]["E3"] == 1 and "E13" not in marked["FE"]
    repeated = table["utc_end"].isin(
        pd.to_datetime([f"{day} 07:00" for day in ("2014-11-02", "2015-11-01")])
    )
    assert table["flag"][repeated].eq("E8").all() and repeated.sum() == 4


@pytest.mark.slow
@pytest.mark.mirror
def test_all_real_files_agree_with_the_mirrors_list(mirror):
    known = gridworld.listed(mirror, FOLDER, "_hourly.csv.gz")
    table = gridworld.read(pjm, mirror / FOLDER)
    zones = {"COMED": ["NI", "COMED"], "PJM": ["PJM_Load"]}
    assert table["series"].nunique() == len(known) - 1 == 11
    marked = {key: gridworld.rules(rows) for key, rows in table.groupby("series")}
    for series, rows in table.groupby("series"):
        files = [known[zone] for zone in zones.get(series, [series])]
        added = rows["flag"].str.contains("E12").sum()
        added += rows["flag"].str.fullmatch("E11").sum()
        assert len(rows) == sum(int(row["rows"]) for row, _ in files) + added
        first, last = files[0][0]["start"], files[-1][0]["end"]
        local = localdays.wall_clock(pd.DatetimeIndex(rows["utc_end"]), pjm.ZONE)
        assert str(local[0]) == first and str(local[-1]) == last
        assert marked[series].get("E3", 0) == sum(facts["le0"] for _, facts in files)
    assert sum(m.get("E13", 0) for m in marked.values()) == 2
    dips = {key: m["E14"] for key, m in marked.items() if "E14" in m}
    assert dips == {"DEOK": 16, "EKPC": 12}
    assert marked["PJME"]["E10"] == 6041 and marked["PJM"]["E10"] == 1367
