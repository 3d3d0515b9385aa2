import numpy as np
import pytest

import gridworld
from seqshift.errors import BadInput
from seqshift.sources import meteostat

FOLDER = "weather_meteostat_2020_2024"
HEADER = (
    "id,name,airport_code,country,state,region,longitude,latitude,date,temp_avg,"
    "temp_min,temp_max,precip,snow,wind_direction,wind_speed,air_press"
)


def row(date="2020-01-01", mean="21.2", code="KMIA"):
    return f"1,Miami,{code},US,FL,South,-80.3,25.7,{date},{mean},16.1,27.8,0,,3,6.8,1"


def write(folder, *rows, name="weather.csv"):
    (folder / name).write_text("\n".join([HEADER, *rows]) + "\n")
    return folder


def test_reading_a_simulated_file_gives_the_truth_and_no_flag(tmp_path):
    world = gridworld.world()
    meteostat.simulate(world, {}, tmp_path)
    table = gridworld.read(meteostat, tmp_path)
    assert (table["flag"] == "").all()
    for column, truth in (("t_mean", world.temp_mean), ("t_max", world.temp_max)):
        values = table.pivot(index="date", columns="station", values=column)
        np.testing.assert_allclose(values, truth, rtol=0, atol=0.0501)
    assert (table["t_min"] <= table["t_mean"]).all()


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (row(mean="x"), "line 3, column temp_avg: 'x' is not a number"),
        (row("2020-01-02", mean=""), "line 3, column temp_avg: '' is not a number"),
        (row("01/02/2020"), "line 3, column date: '01/02/2020' is not a date"),
        (row(), "line 3, column date: '2020-01-01' appears twice"),
        (row("2020-01-02", code=""), "line 3, column airport_code: '' is empty"),
        (row()[:30], "line 3 has 7 fields"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_place(tmp_path, bad, words):
    with pytest.raises(BadInput, match=words) as caught:
        meteostat.read(write(tmp_path, row(), bad), {})
    assert "weather.csv" in str(caught.value)


def test_a_station_in_two_files_is_refused(tmp_path):
    write(tmp_path, row())
    write(tmp_path, row(), name="more.csv")
    with pytest.raises(BadInput, match="two files give KMIA on 2020-01-01"):
        meteostat.read(tmp_path, {})


def test_a_mean_outside_the_extremes_of_its_day_is_marked_and_kept(tmp_path):
    write(tmp_path, row(), row("2020-01-02", mean="27.9"), row("2020-01-03", mean="16"))
    table = gridworld.read(meteostat, tmp_path)
    assert table["flag"].tolist() == ["", "W9", "W9"]
    assert table["t_mean"].tolist() == [21.2, 27.9, 16.0]


def test_injected_defects_are_counted_exactly(tmp_path):
    promised, found = gridworld.spoiled(meteostat, tmp_path)
    assert promised == found and set(found) == {"W9"}


@pytest.mark.mirror
def test_the_real_file_holds_seventeen_airports_without_gaps(mirror, tmp_path):
    path = mirror / FOLDER / "weather.csv.gz"
    (tmp_path / path.name).write_bytes(path.read_bytes())
    table = gridworld.read(meteostat, tmp_path)
    listed, facts = gridworld.listed(mirror, FOLDER, ".csv.gz")["weather"]
    assert len(table) == int(listed["rows"]) == 28_594
    assert table["station"].nunique() == facts["stations"] == 17
    spans = table.groupby("station")["date"].agg(["min", "max", "size"])
    assert (spans["min"] == listed["start"]).all()
    assert (spans["max"] == listed["end"]).all()
    assert (spans["size"] == 1682).all()
    assert gridworld.rules(table) == {"W9": 25}
