import hashlib

import numpy as np
import pandas as pd
import pytest

import gridworld
from seqshift import plants, workbook
from seqshift.errors import BadInput
from seqshift.sources import eia860m

NAME = "december_generator2017.xlsx"
OLD = ["Plant ID", "Plant State", "Generator ID", "Net Summer Capacity (MW)"]
OLD += ["Technology", "Operating Month", "Operating Year", "Status"]
OLD_CLOSED = [*OLD[:-1], "Retirement Month", "Retirement Year"]


def write(folder, running, closed, header, above=1, name="may_generator2017.xlsx"):
    """Write a workbook in the layout of older months: one row above the header."""
    notes = [[], ["NOTES:"], ["All capacity is preliminary."]]
    title = [["Inventory"]] * above
    sheets = {
        "Operating": [*title, header[0], *running, *notes],
        "Planned": [*title, header[0], *notes],
        "Retired": [*title, header[1], *closed, *notes],
    }
    workbook.write(sheets, folder / name)
    return folder


def nameplate(header):
    return [
        name.replace("Net Summer Capacity", "Nameplate Capacity") for name in header
    ]


def simulated(folder, **changes):
    world = gridworld.world(**changes)
    eia860m.simulate(world, {}, folder)
    return world


@pytest.mark.parametrize("trend", [False, True])
def test_the_simulated_share_of_a_state_is_half_its_solar_share(tmp_path, trend):
    world = simulated(tmp_path, trend=trend)
    table = gridworld.read(eia860m, tmp_path)
    assert (table["flag"] == "").all()
    mean = world.load.iloc[:365].mean() / 24
    for state, names in {"TX": ["COAST", "EAST"], "OH": ["NORTH"]}.items():
        rows = table[(table["state"] == state) & (table["month"] >= world.days[0])]
        firsts = pd.DatetimeIndex(rows["month"])
        assert len(firsts) == 36 and firsts[-1] == pd.Timestamp("2017-12-01")
        truth = (world.solar_share[names] * mean[names]).sum(axis=1)[firsts]
        np.testing.assert_allclose(rows["pv_mw"], truth, atol=0.051)
        np.testing.assert_allclose(rows["total_mw"], 2 * mean[names].sum(), atol=0.051)
        share = rows["pv_mw"].to_numpy() / rows["total_mw"].to_numpy()
        expected = truth / mean[names].sum() / 2
        np.testing.assert_allclose(share, expected, rtol=0, atol=1e-4)


def test_the_power_of_all_generators_is_known_before_the_world_begins(tmp_path):
    simulated(tmp_path)
    table = gridworld.read(eia860m, tmp_path)
    ohio = table[table["state"] == "OH"].set_index("month")
    assert ohio.index[0] == pd.Timestamp("1985-06-01")
    assert ohio["total_mw"].nunique() == 1
    assert ohio["pv_mw"]["2012-12-01"] == 0 < ohio["pv_mw"]["2013-01-01"]


def test_a_simulated_file_has_the_official_layout(tmp_path):
    simulated(tmp_path, trend=True)
    sheets = workbook.read(tmp_path / NAME, header=None)
    assert list(sheets) == ["Operating", "Planned", "Retired"]
    for sheet in sheets.values():
        assert sheet.iloc[2, 2] == "Plant ID"
        assert sheet.iloc[:2, 2].isna().all()
        assert sheet.iloc[-2, 0] == "NOTES:"
    assert "Status" in sheets["Operating"].iloc[2].tolist()
    assert "Status" not in sheets["Retired"].iloc[2].tolist()


def test_simulated_files_have_the_same_cells_every_time(tmp_path):
    sums = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        simulated(tmp_path / name, trend=True)
        content = (tmp_path / name / NAME).read_bytes()
        sums.append(hashlib.sha256(content).digest())
    assert sums[0] == sums[1]


def test_the_older_layout_is_read_by_its_header(tmp_path):
    running = [[1, "TX", "A", 10.0, plants.PV, 3, 2015, "(OP) Operating"]]
    running += [[2, "TX", "B", 90.0, "Nuclear", 1, 1990, "(OS) Out of service"]]
    closed = [[3, "TX", "C", 50.0, "Conventional Steam Coal", 1, 1970, 6, 2016]]
    header = nameplate(OLD), nameplate(OLD_CLOSED)
    table = gridworld.read(eia860m, write(tmp_path, running, closed, header))
    months = table.set_index("month")[["pv_mw", "total_mw"]]
    assert months.index[0] == pd.Timestamp("1970-01-01")
    assert months.loc["2016-05-01"].tolist() == [10.0, 150.0]
    assert months.loc["2016-06-01"].tolist() == [10.0, 100.0]
    assert months.index[-1] == pd.Timestamp("2017-05-01")


def test_a_file_before_nameplate_power_was_given_is_refused(tmp_path):
    rows = [[1, "TX", "A", 10.0, plants.PV, 3, 2015, "(OP) Operating"]]
    folder = write(tmp_path, rows, [], (OLD, OLD_CLOSED), name="may_generator2016.xlsx")
    with pytest.raises(BadInput, match=r"has no column 'Nameplate Capacity \(MW\)'"):
        eia860m.read(folder, {})


def test_generators_without_a_date_or_a_state_are_marked(tmp_path):
    running = [[1, "TX", "A", 10.0, plants.PV, 3, 2015, "(OP) Operating"]]
    running += [[2, "TX", "B", 5.0, "Nuclear", " ", " ", "(OP) Operating"]]
    running += [[3, " ", "C", 2.0, plants.PV, 1, 2017, "(OP) Operating"]]
    closed = [[4, "TX", "D", 50.0, "Nuclear", 1, 1970, None, None]]
    header = nameplate(OLD), nameplate(OLD_CLOSED)
    table = gridworld.read(eia860m, write(tmp_path, running, closed, header))
    assert gridworld.rules(table) == {"E20": 1, "E26": 5}
    assert table["total_mw"].groupby(table["state"]).max().to_dict() == {
        "TX": 10.0,
        "XX": 2.0,
    }


def test_the_newest_file_is_used_whatever_the_order_of_the_names(tmp_path):
    header = nameplate(OLD), nameplate(OLD_CLOSED)
    for power, name in {
        1.0: "may_generator2017.xlsx",
        2.0: "april_generator2018.xlsx",
    }.items():
        rows = [[1, "TX", "A", power, plants.PV, 3, 2015, "(OP) Operating"]]
        write(tmp_path, rows, [], header, name=name)
    table = gridworld.read(eia860m, tmp_path)
    assert table["month"].max() == pd.Timestamp("2018-04-01")
    assert set(table["pv_mw"]) == {2.0}


def test_an_empty_inventory_is_refused(tmp_path):
    header = nameplate(OLD), nameplate(OLD_CLOSED)
    with pytest.raises(BadInput, match="lists no generator"):
        eia860m.read(write(tmp_path, [], [], header), {})


def test_download_tries_the_archive_and_then_the_current_folder():
    asked = []

    class Client:
        def save(self, name, url, archive, check):
            asked.append((name, url, archive))

    form = "xls/{month}_generator{year}.xlsx"
    spec = {
        "url": f"https://eia.gov/{form}",
        "archive": f"https://eia.gov/archive/{form}",
    }
    eia860m.download(spec | {"query": {"end": "2024-12-31"}}, Client())
    name = "december_generator2024.xlsx"
    archive, current = (f"https://eia.gov/{p}xls/{name}" for p in ("archive/", ""))
    assert asked == [(name, archive, current)]
    with pytest.raises(BadInput, match="`query` lacks end"):
        eia860m.download(spec | {"kind": "eia860m"}, Client())
