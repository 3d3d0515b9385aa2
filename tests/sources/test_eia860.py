import numpy as np
import pandas as pd
import pytest

import gridworld
from seqshift import workbook
from seqshift.errors import BadInput
from seqshift.sources import eia860

FOLDER = "energy_eia860_solar"
PV = "Solar Photovoltaic"
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
    assert (table["flag"] == "").all()
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


def test_only_photovoltaic_plants_with_state_and_date_count(tmp_path):
    thermal = plant(mw=50.0, kind="Solar Thermal with Energy Storage")
    rows = [plant(), thermal, plant(mw=2.0, opened=(" ", " ")), plant(state=" ")]
    table = gridworld.read(eia860, write(tmp_path, rows))
    assert stock(table, "TX", "2016-12-01") == 10.0
    assert table["flag"].tolist()[-1] == "E20"
    assert gridworld.rules(table) == {"E20": 1}


def test_the_newest_file_is_used(tmp_path):
    write(tmp_path, [plant(mw=1.0)], year=2016)
    write(tmp_path, [plant(mw=2.0)], year=2020)
    table = gridworld.read(eia860, tmp_path)
    assert stock(table, "TX", "2020-12-01") == 2.0


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (plant(mw="ten"), "line 3.*'ten' is not a number|MW"),
        (plant(mw=-1.0), "line 4, column State or Nameplate"),
        (plant(state="Texas"), "line 4, column State or Nameplate"),
        (plant(opened=(13, 2015)), "line 4, column Operating Month and Operating Year"),
    ],
)
def test_a_wrong_plant_is_refused_with_its_place(tmp_path, bad, words):
    with pytest.raises(BadInput, match=words) as caught:
        eia860.read(write(tmp_path, [plant(), bad]))
    assert "3_3_Solar_Y2016.xlsx" in str(caught.value)


def test_another_layout_and_a_cut_file_are_refused(tmp_path):
    head = [name.replace("Technology", "Tech") for name in HEAD]
    with pytest.raises(BadInput, match="has no column 'Technology'"):
        eia860.read(write(tmp_path, [plant()], head=head))
    path = write(tmp_path, [plant()]) / "3_3_Solar_Y2016.xlsx"
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(BadInput, match="is cut or damaged"):
        eia860.read(tmp_path)


def test_download_saves_the_named_workbooks(tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr("seqshift.web.save", lambda *args: calls.append(args))
    name = "3_3_Solar_Y2024.xlsx"
    spec = {"url": "https://example.org/{name}", "files": [name]}
    eia860.download(spec, tmp_path)
    assert calls == [(f"https://example.org/{name}", tmp_path / name)]
    with pytest.raises(BadInput, match="needs `url`"):
        eia860.download({}, tmp_path)


@pytest.mark.mirror
def test_the_newest_real_file_rebuilds_the_stock_of_earlier_years(mirror, tmp_path):
    for year in (2016, 2024):
        name = f"3_3_Solar_Y{year}.xlsx"
        (tmp_path / name).write_bytes((mirror / FOLDER / name).read_bytes())
    table = gridworld.read(eia860, tmp_path)
    old = workbook.read(tmp_path / "3_3_Solar_Y2016.xlsx", header=1)["Operable"]
    photovoltaic = old.loc[old["Technology"] == PV, "Nameplate Capacity (MW)"].sum()
    rebuilt = table[table["month"] == "2016-12-01"]["pv_mw"].sum()
    assert rebuilt / photovoltaic == pytest.approx(1.01, abs=0.005)
    assert stock(table, "TX", "2012-12-01") == pytest.approx(75.9)
    assert stock(table, "OH", "2012-12-01") == pytest.approx(35, abs=0.5)
    assert stock(table, "TX", "2023-12-01") == pytest.approx(15_077, abs=1)
    assert stock(table, "VA", "2023-12-01") == pytest.approx(3_690, abs=1)
    marked = table[table["flag"] == "E20"]
    assert marked["state"].tolist() == ["NY"]
