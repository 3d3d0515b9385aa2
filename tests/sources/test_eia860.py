import csv
import json

import numpy as np
import pandas as pd
import pytest

import gridworld
from fakeclient import Client
from seqshift import plants, workbook
from seqshift.errors import BadInput
from seqshift.sources import eia860

FOLDER = "energy_eia860_solar"
PV = plants.PV
HEAD = ["Plant Code", "State", "Generator ID", "Status", "Technology"]
HEAD += ["Nameplate Capacity (MW)", "Operating Month", "Operating Year"]
CLOSED = ["Retirement Month", "Retirement Year"]


def plant(state="TX", status="OP", mw=10.0, opened=(3, 2015), kind=PV):
    return [1, state, "A", status, kind, mw, *opened]


def write(folder, running, closed=(), year=2016, head=HEAD):
    sheets = {
        "Operable": [["Form"], head, *running],
        "Retired and Canceled": [["Form"], [*HEAD, *CLOSED], *closed],
    }
    workbook.write(sheets, folder / f"3_3_Solar_Y{year}.xlsx")
    return folder


def stock(table, state, month):
    rows = table[(table["state"] == state) & (table["month"] == month)]
    return rows["pv_mw"].item()


@pytest.mark.parametrize("trend", [False, True])
def test_the_simulated_stock_is_the_solar_share_of_the_first_years_load(
    tmp_path, trend
):
    world = gridworld.world(trend=trend)
    eia860.simulate(world, {}, tmp_path)
    table = gridworld.read(eia860, tmp_path)
    assert (table["flag"] == "").all() and table["total_mw"].isna().all()
    mean = world.load.iloc[:365].mean() / 24
    for state, names in {"TX": ["COAST", "EAST"], "OH": ["NORTH"]}.items():
        truth = (world.solar_share[names] * mean[names]).sum(axis=1)
        rows = table[(table["state"] == state) & (table["month"] >= world.days[0])]
        firsts = pd.DatetimeIndex(rows["month"])
        assert len(firsts) == 36
        np.testing.assert_allclose(rows["pv_mw"], truth[firsts], atol=0.051)


def test_a_plant_counts_from_its_opening_until_it_retires(tmp_path):
    gone = [*plant(status="RE", mw=4.0, opened=(1, 2015)), 6, 2015]
    planned = [*plant(status="CN", mw=99.0, opened=(" ", " ")), 6, 2015]
    stopped = [*plant(status="IP", mw=99.0), 6, 2015]
    table = gridworld.read(eia860, write(tmp_path, [plant()], [gone, planned, stopped]))
    months = ("2015-01", "2015-02", "2015-03", "2015-05", "2015-06", "2016-12")
    values = [stock(table, "TX", f"{month}-01") for month in months]
    assert values == [4.0, 4.0, 14.0, 14.0, 10.0, 10.0]
    assert table["month"].max() == pd.Timestamp("2016-12-01")
    assert (table["flag"] == "").all()


def test_only_photovoltaic_plants_count_and_those_without_date_or_state_are_marked(
    tmp_path,
):
    thermal = plant(mw=50.0, kind="Solar Thermal with Energy Storage")
    rows = [
        plant(),
        thermal,
        plant(mw=2.0, opened=(" ", " ")),
        plant(state=" ", mw=0.9),
    ]
    table = gridworld.read(eia860, write(tmp_path, rows))
    assert stock(table, "TX", "2016-12-01") == 10.0
    assert stock(table, "XX", "2016-12-01") == 0.9
    assert gridworld.rules(table) == {"E20": 1, "E26": 22}


def test_the_newest_file_is_used(tmp_path):
    write(tmp_path, [plant(mw=1.0)], year=2016)
    write(tmp_path, [plant(mw=2.0)], year=2020)
    table = gridworld.read(eia860, tmp_path)
    assert stock(table, "TX", "2020-12-01") == 2.0


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (plant(mw="ten"), "sheet Operable, line 4, Nameplate"),
        (plant(state="Texas"), "sheet Operable, line 4, State"),
        (plant(opened=(13, 2015)), "line 4, Operating Month and Operating Year"),
    ],
)
def test_a_wrong_plant_is_refused_with_its_place(tmp_path, bad, words):
    with pytest.raises(BadInput, match=words) as caught:
        eia860.read(write(tmp_path, [plant(), bad]), {})
    assert "3_3_Solar_Y2016.xlsx" in str(caught.value)


def test_another_layout_and_a_cut_file_are_refused(tmp_path):
    head = [name.replace("Technology", "Tech") for name in HEAD]
    with pytest.raises(BadInput, match="has no column 'Technology'"):
        eia860.read(write(tmp_path, [plant()], head=head), {})
    path = write(tmp_path, [plant()]) / "3_3_Solar_Y2016.xlsx"
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(BadInput, match="is cut or damaged"):
        eia860.read(tmp_path, {})


def test_download_saves_the_named_workbooks():
    client, name = Client(), "3_3_Solar_Y2024.xlsx"
    spec = {"url": "https://example.org/{name}", "query": {"names": [name]}}
    eia860.download(spec, client)
    assert client.saved == {name: f"https://example.org/{name}"}
    with pytest.raises(BadInput, match="`query` lacks names"):
        eia860.download({"kind": "eia860", "url": spec["url"]}, client)


@pytest.mark.mirror
def test_the_sheets_of_the_real_files_hold_the_power_that_the_mirror_states(mirror):
    with (mirror / "MANIFEST.csv").open(newline="") as file:
        facts = {row["file"]: json.loads(row["check"]) for row in csv.DictReader(file)}
    for year in (2016, 2020, 2024):
        path = mirror / FOLDER / f"3_3_Solar_Y{year}.xlsx"
        fact = facts[f"{FOLDER}/{path.name}"]
        sheets = workbook.read(path, header=None)
        rows = plants.table(sheets, "Operable", HEAD, path)
        assert len(rows) == fact["rows"]
        assert rows["mw"].sum() == pytest.approx(fact["MW"], abs=0.1)
        assert len({*rows["state"]} - {plants.NOWHERE}) == fact["states"]
        dated = plants.dated(rows, "Operable", path, closed=False)
        assert dated["undated"].sum() == fact["blank_op"]
        if year == 2024:
            closed = plants.table(sheets, "Retired and Canceled", HEAD, path)
            counts = closed["Status"].value_counts().to_dict()
            assert counts == {"CN": 281, "RE": 155, "IP": 39}


def generators(path, sheet, closed):
    """Return all generators of one sheet of a real file, of any technology."""
    header = [*HEAD, *CLOSED] if closed else HEAD
    rows = plants.table(workbook.read(path, None), sheet, header, path)
    rows = rows[rows["Status"] == "RE"] if closed else rows
    return plants.dated(rows, sheet, path, closed)


@pytest.mark.mirror
def test_the_newest_real_file_rebuilds_the_power_that_earlier_files_state(mirror):
    path = mirror / FOLDER / "3_3_Solar_Y2024.xlsx"
    parts = [("Operable", False), ("Retired and Canceled", True)]
    rows = pd.concat([generators(path, *part) for part in parts])
    table = plants.stock(rows, pd.Timestamp(2024, 12, 1), whole=True)
    rebuilt = table.groupby("month")["total_mw"].sum()
    for year, ratio in {2016: 0.997, 2020: 1.007}.items():
        old = generators(mirror / FOLDER / f"3_3_Solar_Y{year}.xlsx", "Operable", False)
        month = pd.Timestamp(year, 12, 1)
        assert rebuilt[month] / old["mw"].sum() == pytest.approx(ratio, abs=5e-4)


@pytest.mark.mirror
def test_the_newest_real_file_has_the_known_stock_of_some_states(mirror, tmp_path):
    name = "3_3_Solar_Y2024.xlsx"
    (tmp_path / name).symlink_to(mirror / FOLDER / name)
    table = gridworld.read(eia860, tmp_path)
    assert stock(table, "TX", "2012-12-01") == pytest.approx(75.9)
    assert stock(table, "OH", "2012-12-01") == pytest.approx(35, abs=0.5)
    assert stock(table, "TX", "2023-12-01") == pytest.approx(15_077, abs=1)
    assert stock(table, "VA", "2023-12-01") == pytest.approx(3_690, abs=1)
    assert table[table["flag"] == "E20"]["state"].tolist() == ["NY"]
    nowhere = table[table["state"] == plants.NOWHERE]
    assert nowhere["pv_mw"].unique().tolist() == [0.9]
    assert len(nowhere) == 24 and (nowhere["flag"] == "E26").all()
