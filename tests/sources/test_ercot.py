import datetime

import numpy as np
import pandas as pd
import pytest

import gridworld
from seqshift import localdays, workbook
from seqshift.errors import BadInput
from seqshift.sources import ercot

FOLDER = "energy_ercot_native_load"
NAME = "2015_ERCOT_Hourly_Load_Data.xlsx"


def write(folder, rows, head=("Hour_End", "COAST", "FWEST", "ERCOT"), name=NAME):
    workbook.write({"native_Load_2015": [list(head), *rows]}, folder / name)
    return folder


def day(date="2015-06-01"):
    """Return the rows of one ordinary day."""
    ends = pd.date_range(date, periods=25, freq="h")[1:]
    return [
        [end.to_pydatetime(), 10.0 + i, 5.0, 15.0 + i] for i, end in enumerate(ends)
    ]


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ercot")
    world = gridworld.world(start="2016-01-01", test_years=0)
    ercot.simulate(world, {}, folder)
    return world, folder


def test_reading_simulated_workbooks_gives_the_truth(simulated):
    world, folder = simulated
    table = gridworld.read(ercot, folder)
    np.testing.assert_allclose(gridworld.load(table), world.hourly(), atol=1e-6)


def test_simulated_workbooks_have_the_two_layouts(simulated):
    _, folder = simulated
    old, new = (
        next(iter(workbook.read(path, 0).items()))
        for path in workbook.find(folder, r".*\.xlsx").values()
    )
    assert old[0] == "native_Load_2016" and new[0] == "Native Load Report"
    assert old[1]["Hour_End"].iloc[0] == pd.Timestamp("2016-01-01 01:00:00.003")
    assert old[1]["Hour_End"].iloc[1] == pd.Timestamp("2016-01-01 01:59:59.997")
    texts = new[1]["Hour_End"]
    assert texts.iloc[[0, 23]].tolist() == ["01/01/2017 01:00", "01/01/2017 24:00"]
    autumn = texts[texts.str.startswith("11/05/2017")].tolist()
    assert autumn[1:4] == [f"11/05/2017 0{h}" for h in ("2:00", "2:00 DST", "3:00")]


def test_stamp_rules_of_simulated_workbooks_are_counted(simulated):
    _, folder = simulated
    table = gridworld.read(ercot, folder)
    marked = gridworld.rules(table[table["series"] == "EAST"])
    assert marked["E8"] == 4  # one repeated and one skipped stamp a year
    assert marked["E7"] == 366  # 365 times 24:00 and one DST
    assert set(marked) == {"E6", "E7", "E8"}


def test_new_names_of_zones_are_known(tmp_path):
    table = gridworld.read(ercot, write(tmp_path, day()))
    assert sorted(table["series"].unique()) == ["COAST", "FAR_WEST"]
    midnight = pd.Timestamp("2015-06-01 05:00")
    assert table["utc_end"].min() == midnight + localdays.HOUR


def test_the_missing_last_day_of_a_leap_year_stays_missing(tmp_path):
    write(tmp_path, day("2016-12-30"), name=NAME.replace("2015", "2016"))
    write(tmp_path, day("2017-01-01"), name=NAME.replace("2015", "2017"))
    table = gridworld.read(ercot, tmp_path)
    lost = table[table["flag"].str.contains("E5")]
    assert len(lost) == 2 * 24 and lost["mw"].isna().all()
    with pytest.raises(BadInput, match="lacks 24 hours, most of 2017-12-31"):
        write(tmp_path, day("2017-12-30"), name=NAME.replace("2015", "2016"))
        write(tmp_path, day("2018-01-01"), name=NAME.replace("2015", "2017"))
        ercot.read(tmp_path, {})


def late(rows):
    rows[3][0] += datetime.timedelta(seconds=5)


def twice(rows):
    rows[3][0] = rows[2][0]


def text(rows):
    rows[3][1] = "n/a"


def blank(rows):
    rows[3][1] = None


def negative(rows):
    rows[3][1] = -4.0


def uneven(rows):
    rows[3][3] += 50.0


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (late, "line 5, column Hour_End: .* is not an hour end"),
        (twice, "line 5, column Hour_End: .* appears twice"),
        (text, "line 5, column COAST: 'n/a' is not a number"),
        (blank, "line 5, column COAST: 'nan' is not a number"),
        (negative, "line 5, column COAST: -4.0 is not a load above zero"),
        (uneven, "line 5, column ERCOT: 68.0 is not the sum of its zones"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_place(tmp_path, spoil, words):
    rows = day()
    spoil(rows)
    with pytest.raises(BadInput, match=words) as caught:
        ercot.read(write(tmp_path, rows), {})
    assert NAME in str(caught.value)


def test_an_unknown_column_and_a_wrong_text_stamp_are_refused(tmp_path):
    with pytest.raises(BadInput, match="unknown column EASTERN"):
        ercot.read(
            write(tmp_path, day(), ["Hour_End", "COAST", "EASTERN", "ERCOT"]), {}
        )
    rows = [[f"06/01/2017 {h:02d}:00", 1.0, 1.0, 2.0] for h in range(1, 24)]
    with pytest.raises(BadInput, match="line 25.*'06/01/2017 25:00'"):
        ercot.read(write(tmp_path, [*rows, ["06/01/2017 25:00", 1.0, 1.0, 2.0]]), {})


def test_two_files_of_one_year_are_refused(tmp_path):
    write(tmp_path, day())
    write(tmp_path, day(), name=NAME.replace("2015", "2016"))
    with pytest.raises(BadInput, match="two files give 2015-06-01 06:00"):
        ercot.read(tmp_path, {})


def test_only_weather_zones_are_simulated(tmp_path):
    world = gridworld.world(entities=["ASH"], states={"ASH": "TX"})
    with pytest.raises(BadInput, match="unknown ERCOT weather zone 'ASH'"):
        ercot.simulate(world, {}, tmp_path)


def test_injected_defects_are_counted_exactly(tmp_path):
    span = {"start": "2016-01-01", "test_years": 0}  # a leap year and the newer form
    promised, found = gridworld.spoiled(ercot, tmp_path, **span)
    assert promised == found
    assert set(found) == {"E5", "E6", "E7", "E8", "E12"}


@pytest.mark.mirror
def test_the_defects_of_an_old_and_a_new_workbook_are_counted(mirror, tmp_path):
    for year, kind in ((2016, "xlsx"), (2017, "xlsx")):
        name = f"{year}_ERCOT_Hourly_Load_Data.{kind}.gz"
        (tmp_path / name).write_bytes((mirror / FOLDER / name).read_bytes())
    table = gridworld.read(ercot, tmp_path)
    west = table[table["series"] == "FAR_WEST"]
    marked = gridworld.rules(west)
    assert marked == {"E6": 5840, "E7": 366, "E8": 4, "E5": 24}
    assert len(west) == 8784 + 8760
    assert west["mw"].isna().sum() == 24


@pytest.mark.slow
@pytest.mark.mirror
def test_all_real_workbooks_agree_with_the_mirrors_list(mirror):
    known = gridworld.listed(mirror, FOLDER, "_ERCOT_Hourly_Load_Data")
    table = gridworld.read(ercot, mirror / FOLDER)
    given = sum(facts["rows"] for _, facts in known.values())
    expected = sum(facts["expected"] for _, facts in known.values())
    assert (len(known), given, expected) == (17, 148_920, 148_920 + 4 * 24)
    sizes = table.groupby("series").size()
    assert len(sizes) == 8 and (sizes == expected).all()
    spans = table.groupby("series")["utc_end"].agg(["min", "max"])
    assert (spans["min"] == "2002-01-01 07:00").all()
    assert (spans["max"] == "2019-01-01 06:00").all()
    marked = gridworld.rules(table)
    assert marked["E8"] == 8 * 17 * 2  # one repeated and one skipped stamp a year
    assert marked["E5"] == 8 * (expected - given)
