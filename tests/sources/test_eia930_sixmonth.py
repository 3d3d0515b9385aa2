import csv
import hashlib
import re

import numpy as np
import pandas as pd
import pytest

import gridworld
from fakeclient import Client
from seqshift.errors import BadInput
from seqshift.sources import eia930_sixmonth

FIRST, SECOND = (f"EIA930_BALANCE_2015_{half}.csv" for half in ("Jan_Jun", "Jul_Dec"))


def simulated(folder, **changes):
    world = gridworld.world(train_years=1, val_years=0, test_years=0, **changes)
    eia930_sixmonth.simulate(world, {}, folder)
    return world


def edit(path, line, **changes):
    """Replace cells of one line; a column is named by the start of its name."""
    rows = list(csv.reader(path.open(newline="")))
    for key, value in changes.items():
        column = next(i for i, name in enumerate(rows[0]) if name.startswith(key))
        rows[line - 1][column] = value
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def test_reading_simulated_files_gives_the_truth_to_half_a_megawatt(tmp_path):
    world = simulated(tmp_path)
    table = gridworld.read(eia930_sixmonth, tmp_path)
    assert (table["flag"] == "").all()
    load = gridworld.load(table)
    np.testing.assert_allclose(load, world.hourly(), rtol=0, atol=0.501)


def test_simulated_files_have_the_official_form(tmp_path):
    simulated(tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [FIRST, SECOND]
    frame = pd.read_csv(tmp_path / FIRST, dtype="str", na_filter=False)
    east = frame[frame["Balancing Authority"] == "EAST"].reset_index()
    first, last = east.iloc[0], east.iloc[-1]
    assert first["UTC Time at End of Hour"] == "01/01/2015 07:00:00 AM"
    assert first["Local Time at End of Hour"] == "01/01/2015 01:00:00 AM"
    assert first["Hour Number"] == "1" and last["Hour Number"] == "24"
    assert last["Data Date"] == "06/30/2015"
    assert last["UTC Time at End of Hour"] == "07/01/2015 05:00:00 AM"
    hours = east["Data Date"].value_counts()
    assert hours["03/08/2015"] == 23 and hours["03/09/2015"] == 24
    assert east["Demand (MW)"].str.fullmatch(r"\d{1,3}(,\d{3})*").all()
    assert east["Demand (MW)"].str.contains(",").any()


def test_the_halves_are_cut_at_the_midnight_of_each_authority(tmp_path):
    simulated(tmp_path, timezones={"EAST": "America/New_York"})
    frame = pd.read_csv(tmp_path / FIRST, dtype="str")
    last = frame.groupby("Balancing Authority")["UTC Time at End of Hour"].last()
    assert last["EAST"] == "07/01/2015 04:00:00 AM"
    assert last["NORTH"] == "07/01/2015 05:00:00 AM"


def test_simulated_files_are_the_same_bytes_every_time(tmp_path):
    sums = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        simulated(tmp_path / name)
        paths = sorted((tmp_path / name).iterdir())
        sums.append([hashlib.sha256(path.read_bytes()).digest() for path in paths])
    assert sums[0] == sums[1]


def test_hours_may_lack_a_leading_zero_and_thousands_their_comma(tmp_path):
    simulated(tmp_path)
    plain = gridworld.read(eia930_sixmonth, tmp_path)
    path = tmp_path / FIRST
    text = path.read_text().replace(" 07:00:00 AM", " 7:00:00 AM")
    path.write_text(re.sub(r'"(\d+),(\d+)"', r"\1\2", text))
    pd.testing.assert_frame_equal(gridworld.read(eia930_sixmonth, tmp_path), plain)


def test_further_columns_and_authorities_without_demand_are_left_alone(tmp_path):
    simulated(tmp_path)
    frame = pd.read_csv(tmp_path / FIRST, dtype="str", na_filter=False)
    frame.insert(3, "Net Generation (MW) from Coal", "")
    other = frame[:100].assign(**{"Balancing Authority": "YAD", "Demand (MW)": ""})
    pd.concat([frame, other]).to_csv(tmp_path / FIRST, index=False)
    table = gridworld.read(eia930_sixmonth, tmp_path)
    assert set(table["series"]) == set(gridworld.NAMES)
    query = {"query": {"names": ["EAST"]}}
    assert set(eia930_sixmonth.read(tmp_path, query)["series"]) == {"EAST"}
    with pytest.raises(BadInput, match="holds no hourly demand of YAD; correct"):
        eia930_sixmonth.read(tmp_path, {"query": {"names": ["YAD"]}})


def test_empty_cells_are_withdrawn_values(tmp_path):
    simulated(tmp_path)
    for line in (100, 101, 200, 201, 202, 203):
        edit(tmp_path / FIRST, line, **{"Demand (MW)": ""})
    table = gridworld.read(eia930_sixmonth, tmp_path)
    assert gridworld.rules(table) == {"E24": 6}
    assert table["mw"].isna().sum() == 4


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"Demand (MW)": "n/a"},
            r"line 9, column Demand \(MW\): 'n/a' is not a number",
        ),
        ({"Demand (MW)": "12,34"}, r"line 9, column Demand \(MW\): '12,34' is not"),
        ({"UTC": "01/01/2015 07:00:00 AM"}, "line 9, column UTC .* appears twice"),
        ({"UTC": "2015-01-01 07:00"}, "line 9, column UTC .* is not a time like"),
        (
            {"Region": ""},
            "line 9, column Region: '' is no region: the line has too few",
        ),
        ({"Region": "1234"}, "line 9, column Region: '1234' is no region"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_place(tmp_path, changes, words):
    simulated(tmp_path)
    edit(tmp_path / FIRST, 9, **changes)
    with pytest.raises(BadInput, match=words) as caught:
        eia930_sixmonth.read(tmp_path, {})
    assert FIRST in str(caught.value)


def test_an_hour_in_two_files_is_refused(tmp_path):
    simulated(tmp_path)
    edit(tmp_path / SECOND, 2, **{"UTC": "07/01/2015 05:00:00 AM"})
    with pytest.raises(BadInput, match=f"{SECOND}, line 2, .* appears twice"):
        eia930_sixmonth.read(tmp_path, {})


def test_a_cut_file_and_another_header_are_refused(tmp_path):
    simulated(tmp_path)
    path = tmp_path / FIRST
    text = path.read_text()
    path.write_text(text[:5000] + "\n")
    with pytest.raises(BadInput, match=f"{FIRST}, line .* '' is no region"):
        eia930_sixmonth.read(tmp_path, {})
    path.write_text(text + '"EAST')
    with pytest.raises(BadInput, match=f"{FIRST} is cut or edited .*EOF inside"):
        eia930_sixmonth.read(tmp_path, {})
    path.write_text(text.replace("Demand (MW),", "Load (MW),", 1))
    with pytest.raises(BadInput, match=r"has no column 'Demand \(MW\)'"):
        eia930_sixmonth.read(tmp_path, {})


def test_download_asks_for_every_half_year_of_the_query():
    client, url = Client(), "https://example.org/EIA930_BALANCE_{half}.csv"
    query = {"start": "2019-06-30", "end": "2020-07-01"}
    eia930_sixmonth.download({"url": url, "query": query}, client)
    halves = ["2019_Jan_Jun", "2019_Jul_Dec", "2020_Jan_Jun", "2020_Jul_Dec"]
    assert list(client.saved.values()) == [url.format(half=half) for half in halves]
    with pytest.raises(BadInput, match="`query` lacks start and end"):
        eia930_sixmonth.download({"kind": "eia930-sixmonth", "url": url}, client)
