import csv
import hashlib
import json

import numpy as np
import pytest

import gridworld
from fakeclient import Client
from seqshift.errors import BadInput
from seqshift.sources import ghcnd

FOLDER = "weather_ghcnd_dly"
STATION = "USW00000001"


def line(element, month="202002", values=None, station=STATION):
    """Return a line with these cells by day, 10 degrees on all other days."""
    last = 29 if month == "202002" else 31
    cells = ["  100  S" if day <= last else "-9999   " for day in range(1, 32)]
    for day, cell in (values or {}).items():
        cells[day - 1] = cell
    return f"{station}{month}{element}" + "".join(cells)


def write(folder, *lines, name="KXYZ.dly"):
    (folder / name).write_text("".join(f"{text}\n" for text in lines))
    return folder


def read(folder):
    return gridworld.read(ghcnd, folder)


def test_reading_simulated_files_gives_the_truth_to_half_a_tenth(tmp_path):
    world = gridworld.world()
    ghcnd.simulate(world, {}, tmp_path)
    table = read(tmp_path)
    assert (table["flag"] == "").all()
    for column, truth in (("t_mean", world.temp_mean), ("t_max", world.temp_max)):
        values = table.pivot(index="date", columns="station", values=column)
        np.testing.assert_allclose(values, truth[values.columns], rtol=0, atol=0.0501)


def test_simulated_files_are_the_same_bytes_every_time(tmp_path):
    sums = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        ghcnd.simulate(gridworld.world(), {}, tmp_path / name)
        paths = sorted((tmp_path / name).iterdir())
        sums.append([hashlib.sha256(path.read_bytes()).digest() for path in paths])
    assert sums[0] == sums[1]


def test_simulated_lines_have_the_official_places(tmp_path):
    ghcnd.simulate(gridworld.world(), {}, tmp_path)
    lines = (tmp_path / "EAST.dly").read_text().splitlines()
    assert {len(text) for text in lines} == {269}
    assert lines[0].startswith("USW00000002201501TMAX")
    february = next(text for text in lines if text[15:21] == "02TMIN")
    assert february[21 + 8 * 28 :] == 3 * "-9999   "


def test_the_mean_of_a_day_is_never_the_published_average(tmp_path):
    average = line("TAVG", values={3: "  999  S"})
    cold = {3: "  -20  S"}
    table = read(write(tmp_path, line("TMAX"), line("TMIN", values=cold), average))
    day = table.set_index("date").loc["2020-02-03"]
    assert (day["t_mean"], day["t_min"], day["t_max"]) == (4.0, -2.0, 10.0)


def test_doubted_and_missing_values_are_filled_in_gaps_of_two_days(tmp_path):
    high = {3: "  500 IS", 9: "-9999   ", 10: "-9999   ", 15: "  300  S"}
    low = {4: "  -99 GS", 20: "-9999   "}
    table = read(write(tmp_path, line("TMAX", values=high), line("TMIN", values=low)))
    assert gridworld.rules(table) == {"W2": 2, "W1": 3}
    assert len(table) == 29
    days = table.set_index("date")
    assert days["t_max"].drop(days.index[14]).eq(10.0).all()
    assert days["t_mean"].iloc[14] == 20.0


def test_longer_gaps_stay_missing_and_keep_what_is_known(tmp_path):
    high = {day: "  200 DS" for day in (5, 6, 7)}
    none = {day: "-9999   " for day in (12, 13, 14)}
    lines = line("TMAX", values=high | none), line("TMIN", values=none)
    table = read(write(tmp_path, *lines))
    assert gridworld.rules(table) == {"W2": 3}
    assert len(table) == 26
    doubted = table[table["flag"] == "W2"]
    assert doubted[["t_mean", "t_max"]].isna().all(axis=None)
    assert (doubted["t_min"] == 10.0).all()


def test_trimmed_lines_mean_the_same(tmp_path):
    lines = [line("TMAX"), line("TMIN")]
    whole = read(write(tmp_path, *lines))
    trimmed = read(write(tmp_path, *[text.rstrip() for text in lines]))
    assert whole.equals(trimmed)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([line("TMAX")[:200]], "line 1 has 200 characters in place of 269"),
        ([line("TMAX", values={30: "  100  S"})], "line 1.*100 stands on day 30, whi"),
        ([line("PRCP"), line("TMAX", values={2: " 1O0  S "})], "line 2.*' 1O0 '|1O0"),
        ([line("TMAX"), line("TMAX")], "line 2.*202002 appears twice"),
        ([line("TMAX", month="202013")], "line 1.*202013 is no month"),
        ([line("TMAX"), line("TMIN", station="USW00000009")], "USW00000009 is not USW"),
        ([line("PRCP")], "has no TMAX and no TMIN; leave"),
        (
            [line("TMAX"), line("TMIN", values={4: "  101  S"})],
            "TMAX of 2020-02-04 is below TMIN",
        ),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_place(tmp_path, lines, words):
    with pytest.raises(BadInput, match=words) as caught:
        read(write(tmp_path, *lines))
    assert "KXYZ.dly" in str(caught.value)


def test_download_asks_for_each_station(tmp_path):
    client = Client()
    url = "https://example.org/daily/{station}.dly"
    ghcnd.download({"url": url, "query": {"names": ["USW00012960"]}}, client)
    place = "https://example.org/daily/USW00012960.dly"
    assert client.saved == {"USW00012960.dly": place}
    with pytest.raises(BadInput, match="lacks names"):
        ghcnd.download({"kind": "ghcnd", "url": url}, client)


@pytest.mark.mirror
def test_the_facts_of_the_real_files_are_reproduced(mirror):
    with (mirror / "MANIFEST.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if FOLDER in row["file"]]
    assert len(rows) == 9
    spans = {"2001_12": ("2001", "2012-12-31"), "2020_22": ("2020", "2022-12-31")}
    for row in rows:
        facts = json.loads(row["check"])
        elements = ["TMAX", "TMIN", "TAVG"]
        values = ghcnd.temperatures(mirror / row["file"], elements)
        assert values["doubted"].sum() == facts["qflag_dropped"], row["file"]
        valid = values[~values["doubted"]]
        for name in ("TMAX_2001_12", "TMIN_2001_12", "TAVG_2001_12", "TMAX_2020_22"):
            span = valid["date"].between(*spans[name[5:]])
            count = (span & (valid["element"] == name[:4])).sum()
            assert count == facts[name], (row["file"], name)


@pytest.mark.mirror
def test_the_real_files_are_whole_days_with_few_marks(mirror):
    table = read(mirror / FOLDER)
    assert table["station"].nunique() == 9
    marked = gridworld.rules(table[table["station"] == "KJFK"])
    assert marked == {"W2": 32, "W1": 2}
    window = table[table["date"].between("2001", "2012-12-31")]
    whole = window[~window["station"].isin(["KMIC", "PHNL"])]
    assert (whole.groupby("station")["t_mean"].count() == 4383).all()
