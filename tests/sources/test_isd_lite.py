import gzip
import hashlib

import numpy as np
import pandas as pd
import pytest

import gridworld
from fakeclient import Client
from seqshift import storage
from seqshift.errors import BadInput
from seqshift.schemas.raw import TABLES
from seqshift.sources import isd_lite

ID = "722430-12960"
SPEC = {"kind": "isd-lite", "query": {"zones": {ID: "America/Chicago"}}}
URL = "https://example.org/{year}/{station}-{year}.gz"


def hours(start="2021-06-01", days=10, value=200):
    """Return stamp -> tenths of a degree, whole local days of Chicago in summer."""
    first = pd.Timestamp(start) + pd.Timedelta(hours=5)
    stamps = pd.date_range(first, periods=24 * days, freq="h")
    return dict.fromkeys(stamps.strftime("%Y %m %d %H"), value)


def write(folder, rows, name=f"{ID}-2021.gz"):
    isd_lite.write(folder / name, rows.items())
    return folder


def read(folder, spec=SPEC):
    frame = isd_lite.read(folder, spec)
    return storage.validate(frame, TABLES[isd_lite.TABLE], folder)


def simulated(folder):
    """Write a small world; return it and what reading it needs."""
    world = gridworld.world()
    isd_lite.simulate(world, {}, folder)
    ids = {path.name[:12] for path in folder.iterdir()}
    zones = dict.fromkeys(ids, world.timezone)
    return world, {"query": {"zones": zones}}


def test_the_mean_of_simulated_days_is_the_truth_to_half_a_tenth(tmp_path):
    world, spec = simulated(tmp_path)
    table = read(tmp_path, spec)
    assert (table["flag"] == "").all()
    assert table["station"].unique().tolist() == ["00001", "00002", "00003"]
    mean = table.pivot(index="date", columns="station", values="t_mean")
    assert mean.index.equals(world.days.rename("date"))
    np.testing.assert_allclose(mean, world.temp_mean, rtol=0, atol=0.0501)
    top = table.pivot(index="date", columns="station", values="t_max")
    changes = np.isin(world.days.strftime("%m").astype(int), [3, 11])
    np.testing.assert_allclose(
        top[~changes], world.temp_max[~changes], rtol=0, atol=0.0501
    )


def test_simulated_files_have_the_official_form_and_repeat(tmp_path):
    sums = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        simulated(tmp_path / name)
        paths = sorted((tmp_path / name).iterdir())
        sums.append([hashlib.sha256(path.read_bytes()).digest() for path in paths])
    assert sums[0] == sums[1]
    assert [path.name for path in paths[:4]] == [
        f"990001-00001-{year}.gz" for year in (2015, 2016, 2017, 2018)
    ]
    lines = gzip.decompress(paths[0].read_bytes()).decode().splitlines()
    assert {len(line) for line in lines} == {61}
    assert lines[0][:13] == "2015 01 01 06" and lines[0][19:] == 7 * " -9999"


def test_a_simulated_world_takes_the_stations_of_the_query(tmp_path):
    ids = ["744860-94789", "722430-12960", "725300-94846"]
    isd_lite.simulate(gridworld.world(), {"query": {"names": ids}}, tmp_path)
    assert {path.name[:12] for path in tmp_path.iterdir()} == set(ids)
    with pytest.raises(BadInput, match="lists 2 stations for a world of 3 entities"):
        isd_lite.simulate(gridworld.world(), {"query": {"names": ids[:2]}}, tmp_path)


def test_hours_count_for_the_day_on_the_clock_of_the_station(tmp_path):
    rows = hours(days=3)
    rows["2021 06 02 05"] = 440  # midnight of the second day in Chicago
    table = read(write(tmp_path, rows))
    assert table["t_mean"].tolist() == [20.0, 21.0, 20.0]
    assert table["t_max"].tolist() == [20.0, 44.0, 20.0]


def test_short_gaps_of_hours_are_interpolated_and_marked(tmp_path):
    rows = hours()
    for stamp in ("2021 06 03 10", "2021 06 03 11", "2021 06 03 12"):
        del rows[stamp]
    rows["2021 06 05 12"] = isd_lite.MISSING
    table = read(write(tmp_path, rows))
    assert gridworld.rules(table) == {"W7": 2}
    assert table["t_mean"].eq(20.0).all()


def test_days_with_few_hours_are_filled_in_gaps_of_two(tmp_path):
    rows = hours(days=20)
    short = ["03", "10", "11", "15", "16", "17"]
    for day in short:
        for hour in range(12, 20):
            del rows[f"2021 06 {day} {hour}"]
    table = read(write(tmp_path, rows)).set_index("date")
    assert gridworld.rules(table) == {"W1": 6}
    missing = table.index[table["t_mean"].isna()]
    assert missing.strftime("%d").tolist() == short[3:]


def test_a_day_without_four_hours_is_still_a_day(tmp_path):
    rows = hours()
    for hour in range(12, 16):
        del rows[f"2021 06 05 {hour}"]
    table = read(write(tmp_path, rows))
    assert len(table) == 10 and (table["flag"] == "").all()


def test_there_is_no_row_before_the_first_and_after_the_last_whole_day(tmp_path):
    rows = hours()
    late = {k: v for k, v in rows.items() if k > "2021 06 02 12"}
    cut = {k: v for k, v in late.items() if k < "2021 06 10 12"}
    table = read(write(tmp_path, cut))
    assert table["date"].dt.day.tolist() == [3, 4, 5, 6, 7, 8, 9]


def test_files_of_one_wban_are_one_station(tmp_path):
    early, late = hours(days=5), hours(start="2021-06-06", days=5)
    write(tmp_path, early, "722435-12960-2021.gz")
    both = late | {"2021 06 05 20": 300, "2021 06 04 20": 200}
    table = read(write(tmp_path, dict(sorted(both.items()))))
    assert table["station"].unique() == ["12960"] and len(table) == 10
    assert gridworld.rules(table) == {"W8": 1}
    clash = table[table["flag"] == "W8"].iloc[0]
    assert clash["date"].day == 5 and clash["t_max"] == 30.0


def test_a_station_without_a_wban_is_named_by_the_other_number(tmp_path):
    write(tmp_path, hours(), "722430-99999-2021.gz")
    zones = {"722430-99999": "America/Chicago"}
    table = read(tmp_path, {"query": {"zones": zones}})
    assert table["station"].unique() == ["722430"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"2021 06 03 07", b"2021 06 31 07", "line 51, column time: 2021-6-31-7 is no"),
        (b"2021 06 03 07", b"2020 06 03 07", "line 51.*2020-6-3-7 is no hour of 2021"),
        (b"2021 06 03 07", b"2021 06 03 06", "line 51.*is not after the hour above"),
        (b"2021 06 03 07   200", b"2021 06 03 07   2OO", "line 51.*is no integer"),
        (b"2021 06 03 07   200", b"2021 06 03 07  200", "line 51 has 60 characters"),
    ],
)
def test_a_wrong_line_is_refused_with_its_place(tmp_path, old, new, words):
    path = write(tmp_path, hours()) / f"{ID}-2021.gz"
    path.write_bytes(
        gzip.compress(gzip.decompress(path.read_bytes()).replace(old, new))
    )
    with pytest.raises(BadInput, match=words) as caught:
        read(tmp_path)
    assert path.name in str(caught.value)


def test_a_cut_file_a_strange_name_and_an_empty_folder_are_refused(tmp_path):
    with pytest.raises(BadInput, match="holds no .gz file"):
        read(tmp_path)
    path = write(tmp_path, hours()) / f"{ID}-2021.gz"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(BadInput, match="is cut or damaged"):
        read(tmp_path)
    path.rename(tmp_path / "houston.gz")
    with pytest.raises(BadInput, match="houston.gz is not named like"):
        read(tmp_path)


def test_a_station_without_a_whole_day_is_refused(tmp_path):
    rows = dict.fromkeys(hours(days=3), isd_lite.MISSING)
    with pytest.raises(BadInput, match="12960 has no day of 20 hours"):
        read(write(tmp_path, rows))


def test_the_time_zone_of_each_station_must_be_given(tmp_path):
    write(tmp_path, hours())
    with pytest.raises(BadInput, match="lacks zones"):
        read(tmp_path, {"kind": "isd-lite"})
    with pytest.raises(BadInput, match="one time zone for station 12960, under 722430"):
        read(tmp_path, {"query": {"zones": {"1": "America/Chicago"}}})


def asked(names, start, end, listings):
    """Download with these listings; return the client."""
    query = {"names": names, "start": start, "end": end}
    query["zones"] = dict.fromkeys(names, "America/Chicago")
    texts = {f"https://example.org/{year}/": page for year, page in listings.items()}
    client = Client(texts)
    isd_lite.download({"kind": "isd-lite", "url": URL, "query": query}, client)
    return client


def test_download_takes_the_number_that_a_station_had_in_each_year():
    names = ["722430-12960", "722435-12960"]
    listings = {
        2019: '<a href="722430-12960-2019.gz">',
        2020: '<a href="722430-12960-2020.gz"> <a href="722435-12960-2020.gz">',
        2021: '<a href="722435-12960-2021.gz">',
    }
    client = asked(names, "2019-01-01", "2020-12-31", listings)
    assert client.saved["722435-12960-2021.gz"] == (
        "https://example.org/2021/722435-12960-2021.gz"
    )
    assert sorted(client.saved) == [
        "722430-12960-2019.gz",
        "722430-12960-2020.gz",
        "722435-12960-2020.gz",
        "722435-12960-2021.gz",  # the evening of 31 December in Chicago
    ]
    assert len(client.asked) == 3


def test_download_refuses_a_listing_without_the_station():
    with pytest.raises(BadInput, match="listing of 2019 has no file of 722430-12960"):
        asked([ID], "2019-01-01", "2019-06-30", {2019: "<html>"})


def test_download_asks_only_for_years_that_the_days_touch():
    pages = {2019: f"{ID}-2019.gz"}
    client = asked([ID], "2019-01-01", "2019-12-30", pages)
    assert sorted(client.saved) == [f"{ID}-2019.gz"]
