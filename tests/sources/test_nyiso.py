import numpy as np
import pandas as pd
import pytest

import gridworld
from seqshift.errors import BadInput
from seqshift.sources import nyiso

HEADER = "year,month,day,hour,demand (MW)"
NAME = "NYISO_demand_unnormalized.csv"


def write(folder, *rows):
    (folder / NAME).write_text("\n".join([HEADER, *rows]) + "\n")
    return folder


def test_reading_simulated_files_gives_the_truth_and_no_flag(tmp_path):
    world = gridworld.world(timezone="America/New_York")
    nyiso.simulate(world, {}, tmp_path)
    lines = (tmp_path / "EAST_demand_unnormalized.csv").read_text().splitlines()
    assert lines[:2] == [HEADER, lines[1]] and lines[1].startswith("2015,1,1,5,")
    table = gridworld.read(nyiso, tmp_path)
    assert (table["flag"] == "").all()
    load = gridworld.load(table)
    np.testing.assert_allclose(load, world.hourly(), rtol=0, atol=5.1e-5)


def test_hour_24_ends_an_hour_into_the_next_day_of_utc(tmp_path):
    table = gridworld.read(nyiso, write(tmp_path, "2004,1,1,24,5", "2004,1,2,1,6"))
    assert table["series"].unique().tolist() == ["NYISO"]
    assert table["utc_end"].tolist() == [
        pd.Timestamp("2004-01-02 01:00"),
        pd.Timestamp("2004-01-02 02:00"),
    ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2004,1,1,2,-5", r"line 3, column demand \(MW\): -5.0 is not a load"),
        ("2004,1,1,2,x", r"line 3, column demand \(MW\): 'x' is not a number"),
        ("2004,1,1,25,5", "line 3, column hour: 25.0 is not 1 to 24"),
        ("2004,2,30,1,5", "line 3, column year,month,day: 2004-2-30 is not a date"),
        ("2004,1,1,1,5", "line 3, column hour.*appears twice"),
        ("2004,1,1", "line 3 has 3 fields"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_place(tmp_path, row, words):
    with pytest.raises(BadInput, match=words) as caught:
        nyiso.read(write(tmp_path, "2004,1,1,1,5", row), {})
    assert NAME in str(caught.value)


def test_injected_defects_are_counted_exactly(tmp_path):
    promised, found = gridworld.spoiled(nyiso, tmp_path)
    assert promised == found and set(found) == {"E12"}


@pytest.mark.mirror
def test_the_clock_of_the_real_file_is_utc_all_year(mirror, tmp_path):
    path = mirror / "energy_nyiso" / f"{NAME}.gz"
    (tmp_path / path.name).write_bytes(path.read_bytes())
    table = gridworld.read(nyiso, tmp_path)
    listed, facts = gridworld.listed(mirror, "energy_nyiso", ".csv.gz")[path.name[:-7]]
    assert len(table) == int(listed["rows"]) == 140_260
    assert (table["flag"] == "").all() and not facts["gaps"]
    # The stamps of the list are date and hour of the file, an hour before its end.
    later = pd.Timedelta(hours=1)
    assert table["utc_end"].iloc[0] == pd.Timestamp(listed["start"]) + 2 * later
    assert table["mw"].agg(["min", "max"]).tolist() == [facts["vmin"], facts["vmax"]]
    load = table.set_index("utc_end")["mw"]
    # The night minimum of New York: 3 to 4 local time, one UTC hour earlier in summer.
    lowest = load.groupby([load.index.month, load.index.hour]).mean().unstack()
    assert lowest.idxmin(axis=1)[[1, 4]].tolist() == [9, 8]
    assert load["2012"].mean() == pytest.approx(18_537, rel=0.01)
