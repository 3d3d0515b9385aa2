import hashlib

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import gridworld
from seqshift import loads
from seqshift.errors import BadInput
from seqshift.sources import pudl

HOURS = pd.date_range("2020-01-01", periods=100, freq="h")


def columns():
    """Return demand of Texas and of three places that are left out."""
    codes = ["48", "11", "02", "72"]
    demand = np.tile(1000.0 + np.arange(len(HOURS)), len(codes))
    return {
        "state_id_fips": np.repeat(codes, len(HOURS)),
        "datetime_utc": np.tile(HOURS, len(codes)),
        "demand_mwh": demand,
        "scaled_demand_mwh": 2 * demand,
    }


def write(folder, **changes):
    pq.write_table(pa.table(columns() | changes), folder / pudl.NAME)
    return folder


def cells(name, rows, value):
    """Return one column with another value in some rows."""
    column = pa.array(columns()[name]).to_pylist()
    for row in rows:
        column[row] = value
    return {name: pa.array(column)}


def test_reading_the_simulated_file_gives_the_truth_by_state(tmp_path):
    world = gridworld.world(timezones={"NORTH": "America/New_York"})
    pudl.simulate(world, {}, tmp_path)
    names = pq.read_schema(tmp_path / pudl.NAME).names
    assert names == "state_id_fips datetime_utc demand_mwh scaled_demand_mwh".split()
    table = gridworld.read(pudl, tmp_path)
    assert (table["flag"] == "").all()
    assert table.equals(table.sort_values(["series", "utc_end"]))
    truth = world.hourly()
    load = gridworld.load(table)
    assert load.columns.tolist() == ["OH", "TX"]
    np.testing.assert_allclose(load["OH"], truth["NORTH"], rtol=1e-15)
    np.testing.assert_allclose(load["TX"], truth["COAST"] + truth["EAST"], rtol=1e-15)


def test_simulated_files_are_the_same_bytes_every_time(tmp_path):
    sums = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        pudl.simulate(gridworld.world(), {}, tmp_path / name)
        sums.append(hashlib.sha256((tmp_path / name / pudl.NAME).read_bytes()))
    assert sums[0].digest() == sums[1].digest()


def test_injected_defects_are_counted_exactly(tmp_path):
    promised, found = gridworld.spoiled(pudl, tmp_path)
    assert promised == found and set(found) == {"E3", "E12", "E24"}


def test_only_contiguous_states_are_kept_and_the_column_is_chosen(tmp_path):
    table = gridworld.read(pudl, write(tmp_path))
    assert table["series"].unique().tolist() == ["TX"]
    assert table["mw"].tolist()[:2] == [2000.0, 2002.0]
    unscaled = pudl.read(tmp_path, {"query": {"column": "demand_mwh"}})
    assert unscaled["mw"].tolist()[:2] == [1000.0, 1001.0]
    assert unscaled["utc_end"].tolist() == HOURS.tolist()
    with pytest.raises(BadInput, match="'CA': choose one of TX"):
        pudl.read(tmp_path, {"query": {"names": ["CA"]}})


def test_short_gaps_are_interpolated_and_longer_ones_stay(tmp_path):
    write(tmp_path, **cells("scaled_demand_mwh", [20, 21, 22], 0.0))
    table = gridworld.read(pudl, tmp_path)
    assert gridworld.rules(table) == {"E3": 3}
    assert table["mw"].tolist()[19:23] == pytest.approx([2038, 2040, 2042, 2044])
    write(tmp_path, **cells("scaled_demand_mwh", [20, 21, 22, 23], None))
    table = gridworld.read(pudl, tmp_path)
    assert gridworld.rules(table) == {"E24": 4}
    assert table["mw"].isna().to_numpy().nonzero()[0].tolist() == [20, 21, 22, 23]


def test_the_shift_of_the_clock_is_asked_for_and_can_be_found_out(tmp_path):
    world = gridworld.world()
    beginning = {"query": {"utc_shift_h": 1}}
    pudl.simulate(world, beginning, tmp_path)
    reference = world.hourly()["NORTH"]
    lags = {}
    for shift in (0, 1):
        table = pudl.read(tmp_path, {"query": {"utc_shift_h": shift, "names": ["OH"]}})
        lags[shift] = loads.lag(table.set_index("utc_end")["mw"], reference)
    years = [2015, 2016, 2017]
    assert lags[0][years].tolist() == [-1] * 3 and lags[1][years].tolist() == [0] * 3
    with pytest.raises(BadInput, match="utc_shift_h of source pudl '2'"):
        pudl.read(tmp_path, {"query": {"utc_shift_h": 2}})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("state_id_fips", "99", "column state_id_fips: '99' is no state"),
        ("state_id_fips", None, "column state_id_fips: a cell is empty"),
        ("datetime_utc", HOURS[4].to_pydatetime(), "2020-01-01 04:00:00 UTC twice"),
        ("datetime_utc", None, "column datetime_utc: a cell is no whole hour"),
        (
            "datetime_utc",
            pd.Timestamp("2020-01-01 00:30").to_pydatetime(),
            "column datetime_utc: a cell is no whole hour",
        ),
        ("scaled_demand_mwh", np.inf, "holds an infinite demand"),
    ],
)
def test_a_wrong_cell_is_refused(tmp_path, name, value, words):
    with pytest.raises(BadInput, match=words) as caught:
        pudl.read(write(tmp_path, **cells(name, [7], value)), {})
    assert pudl.NAME in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"more": np.zeros(400)}, "has the columns .*more in place of"),
        ({"state_id_fips": np.full(400, 48)}, "state_id_fips is of type int64"),
        ({"datetime_utc": np.full(400, "now")}, "datetime_utc is of type string"),
        ({"demand_mwh": np.full(400, "1")}, "demand_mwh is of type string"),
    ],
)
def test_another_table_is_refused(tmp_path, changes, words):
    with pytest.raises(BadInput, match=words):
        pudl.read(write(tmp_path, **changes), {})
    with pytest.raises(BadInput, match="choose one of demand_mwh, scaled"):
        pudl.read(tmp_path, {"query": {"column": "demand"}})


def test_a_cut_file_and_a_second_one_are_refused(tmp_path):
    path = write(tmp_path) / pudl.NAME
    (tmp_path / "copy.parquet").write_bytes(path.read_bytes())
    with pytest.raises(BadInput, match="holds 2 parquet files, not one"):
        pudl.read(tmp_path, {})
    (tmp_path / "copy.parquet").unlink()
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(BadInput, match="cannot be read"):
        pudl.read(tmp_path, {})


class Asked:
    def __init__(self):
        self.saved = []

    def save(self, name, url, **options):
        self.saved.append((name, url, options["archive"], options["revision"]))


def test_download_asks_for_a_release_and_keeps_its_tag():
    client, url = Asked(), f"https://example.org/v2026.7.0/{pudl.NAME}"
    pudl.download({"url": url, "archive": "https://example.org/old"}, client)
    assert client.saved == [(pudl.NAME, url, "https://example.org/old", "v2026.7.0")]
    for moving in ("nightly", "stable"):
        with pytest.raises(BadInput, match="changes from time to time"):
            pudl.download({"url": url.replace("v2026.7.0", moving)}, client)
