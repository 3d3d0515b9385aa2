import numpy as np
import pandas as pd
import pytest

import gridworld
from seqshift.errors import BadInput
from seqshift.sources import udayton

FOLDER = "weather_udayton_1995_2014"


def write(folder, *rows, name="TXHOUSTO.txt"):
    (folder / name).write_text("\n".join(rows) + "\n")
    return folder


def days(temperatures):
    dates = pd.date_range("2010-01-30", periods=len(temperatures))
    pairs = zip(dates, temperatures, strict=True)
    return [f" {d.month:<10}{d.day:<10}{d.year:<10}{t}" for d, t in pairs]


def test_reading_simulated_files_gives_the_truth_and_no_flag(tmp_path):
    world = gridworld.world()
    udayton.simulate(world, {}, tmp_path)
    table = gridworld.read(udayton, tmp_path)
    assert (table["flag"] == "").all() and table["t_max"].isna().all()
    mean = table.pivot(index="date", columns="station", values="t_mean")
    np.testing.assert_allclose(mean, world.temp_mean, rtol=0, atol=0.0281)


def test_degrees_fahrenheit_become_celsius(tmp_path):
    table = gridworld.read(udayton, write(tmp_path, *days([32.0, 212 / 2])))
    assert table["t_mean"].tolist() == pytest.approx([0.0, 41.1111], abs=1e-4)
    assert table["station"].tolist() == ["TXHOUSTO"] * 2


def test_one_or_two_missing_days_are_interpolated_and_more_stay_missing(tmp_path):
    table = gridworld.read(
        udayton,
        write(tmp_path, *days([50, -99, -99, 80, 80, -99, -99, -99, 32, -99])),
    )
    fahrenheit = table["t_mean"] * 1.8 + 32
    assert fahrenheit.dropna().tolist() == pytest.approx([50, 60, 70, 80, 80, 32])
    assert fahrenheit.isna().to_numpy().nonzero()[0].tolist() == [5, 6, 7, 9]
    assert gridworld.rules(table) == {"W1": 6}


def test_injected_defects_are_counted_exactly(tmp_path):
    promised, found = gridworld.spoiled(udayton, tmp_path)
    assert promised == found and set(found) == {"W1"}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("1 31 2010 warm", "line 2, column temperature: 'warm' is not a number"),
        ("1 31 2010", "line 2, column all: 3 fields"),
        ("2 31 2010 50", "line 2, column date: 2010-2-31 is not a date"),
        ("1 30 2010 50", "line 2, column date: 2010-1-30 is not after"),
    ],
)
def test_a_wrong_field_is_refused_with_its_place(tmp_path, row, words):
    with pytest.raises(BadInput, match=words) as caught:
        udayton.read(write(tmp_path, "1 30 2010 50.0", row), {})
    assert "TXHOUSTO.txt" in str(caught.value)


def test_an_impossible_temperature_is_refused_by_the_table(tmp_path):
    with pytest.raises(BadInput, match="t_mean"):
        gridworld.read(udayton, write(tmp_path, *days([50.0, 999.0])))


@pytest.mark.slow
@pytest.mark.mirror
def test_all_real_files_agree_with_the_mirrors_list(mirror):
    table = gridworld.read(udayton, mirror / FOLDER)
    known = gridworld.listed(mirror, FOLDER, ".txt.gz")
    assert table["station"].nunique() == len(known) == 155
    for station, rows in table.groupby("station"):
        row, facts = known[station]
        assert len(rows) == int(row["rows"])
        assert f"{rows['date'].min():%Y-%m-%d}" == row["start"]
        assert f"{rows['date'].max():%Y-%m-%d}" == row["end"]
        assert (rows["flag"] == "W1").sum() == facts["missing99"], station
        assert not (rows["t_mean"].isna() & (rows["flag"] == "")).any()


@pytest.mark.mirror
def test_missing_days_of_real_files_are_counted(mirror, tmp_path):
    for name in ("TXHOUSTO.txt.gz", "NJNEWARK.txt.gz"):
        (tmp_path / name).write_bytes((mirror / FOLDER / name).read_bytes())
    table = gridworld.read(udayton, tmp_path)
    groups = table.groupby("station")
    assert groups.size().to_dict() == {"TXHOUSTO": 7037, "NJNEWARK": 7037}
    marked = {name: gridworld.rules(rows) for name, rows in groups}
    assert marked == {"TXHOUSTO": {"W1": 26}, "NJNEWARK": {"W1": 15}}
    means = groups["t_mean"].mean()
    assert means["TXHOUSTO"] == pytest.approx(20.9, abs=0.7)
    assert means["NJNEWARK"] == pytest.approx(12.9, abs=0.7)
