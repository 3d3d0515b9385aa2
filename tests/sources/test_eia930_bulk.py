import hashlib
import json

import numpy as np
import pytest

import gridworld
from seqshift import zipped
from seqshift.errors import BadInput
from seqshift.sources import eia930_bulk

DEMAND = "EBA.EAST-ALL.D.H"


def simulated(folder):
    world = gridworld.world(train_years=1, val_years=0, test_years=0)
    eia930_bulk.simulate(world, {}, folder)
    return world


def lines(folder):
    with zipped.opened(folder / "EBA.zip", "EBA.txt", {}) as file:
        content = file.read()
    return [json.loads(line) for line in content.splitlines()]


def edit(folder, change):
    """Apply `change` to the hourly demand of EAST."""
    series = lines(folder)
    for one in series:
        if one.get("series_id") == DEMAND:
            change(one)
    eia930_bulk.write(folder / "EBA.zip", series)
    return folder


def test_reading_a_simulated_file_gives_the_truth_to_half_a_megawatt(tmp_path):
    world = simulated(tmp_path)
    table = gridworld.read(eia930_bulk, tmp_path)
    assert (table["flag"] == "").all()
    load = gridworld.load(table)
    np.testing.assert_allclose(load, world.hourly(), rtol=0, atol=0.501)


def test_a_simulated_file_has_the_official_form(tmp_path):
    simulated(tmp_path)
    series = lines(tmp_path)
    ids = [one.get("series_id", "") for one in series]
    assert "" in ids and "EBA.EAST-ALL.NG.H" in ids
    data = series[ids.index(DEMAND)]["data"]
    assert data[0][0] == "20160101T06Z" and data[-1][0] == "20150101T07Z"


def test_simulated_files_are_the_same_bytes_every_time(tmp_path):
    sums = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        simulated(tmp_path / name)
        content = (tmp_path / name / "EBA.zip").read_bytes()
        sums.append(hashlib.sha256(content).digest())
    assert sums[0] == sums[1]


def test_only_what_the_query_asks_for_is_read(tmp_path):
    simulated(tmp_path)
    query = {"names": ["EAST"], "start": "2015-02-01", "end": "2015-02-28"}
    table = eia930_bulk.read(tmp_path, {"query": query})
    assert set(table["series"]) == {"EAST"}
    ends = table["utc_end"].agg(["min", "max"]).astype("str").tolist()
    assert ends == ["2015-02-01 00:00:00", "2015-03-01 08:00:00"]
    with pytest.raises(BadInput, match="holds no hourly demand of MOON; correct"):
        eia930_bulk.read(tmp_path, {"query": query | {"names": ["EAST", "MOON"]}})


def test_values_may_be_text_and_withdrawn_and_times_may_lack_their_mark(tmp_path):
    def change(one):
        one["data"] = [[time[:-1], str(value)] for time, value in one["data"]]
        for entry in (100, 101, 200, 201, 202, 203):
            one["data"][entry][1] = None

    simulated(tmp_path)
    table = gridworld.read(eia930_bulk, edit(tmp_path, change))
    assert gridworld.rules(table) == {"E24": 6}
    assert table["mw"].isna().sum() == 4


def test_an_authority_that_reports_no_demand_is_no_series(tmp_path):
    def change(one):
        one["data"] = [[time, None] for time, _ in one["data"]]

    simulated(tmp_path)
    table = gridworld.read(eia930_bulk, edit(tmp_path, change))
    assert set(table["series"]) == {"COAST", "NORTH"}


@pytest.mark.parametrize(
    ("entry", "cell", "words"),
    [
        (7, ["20151231T23Z", "n/a"], "entry 7 of data, value: 'n/a' is not a number"),
        (7, ["20160101T06Z", 5], "entry 7 of data, time: '20160101T06' appears twice"),
        (7, ["2017-12-31", 5], "entry 7 of data, time: '2017-12-31' is not a time"),
        (7, [5], "is cut or has another form"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_place(tmp_path, entry, cell, words):
    simulated(tmp_path)
    edit(tmp_path, lambda one: one["data"].__setitem__(entry, cell))
    with pytest.raises(BadInput, match=words) as caught:
        eia930_bulk.read(tmp_path, {})
    assert DEMAND in str(caught.value) and "EBA.zip" in str(caught.value)


def test_a_cut_zip_and_one_without_the_text_are_refused(tmp_path):
    simulated(tmp_path)
    path = tmp_path / "EBA.zip"
    content = path.read_bytes()
    path.write_bytes(content[:-900])
    with pytest.raises(BadInput, match="is a damaged zip"):
        eia930_bulk.read(tmp_path, {})
    path.write_bytes(content.replace(b"EBA.txt", b"ABE.txt"))
    with pytest.raises(BadInput, match="holds 0 files like 'EBA.txt'"):
        eia930_bulk.read(tmp_path, {})


class Client:
    def __init__(self, manifest):
        self.manifest, self.asked, self.saved = manifest, [], []

    def json(self, url):
        self.asked.append(url)
        return self.manifest

    def save(self, name, url, revision):
        self.saved.append((name, url, revision))


def test_download_records_the_revision_that_the_manifest_states():
    client = Client({"dataset": {"EBA": {"last_updated": "2024-06-03T05:12:40-04:00"}}})
    eia930_bulk.download({"url": "https://example.org/bulk/EBA.zip"}, client)
    assert client.asked == ["https://example.org/bulk/manifest.txt"]
    place = ("EBA.zip", "https://example.org/bulk/EBA.zip", "2024-06-03T05:12:40-04:00")
    assert client.saved == [place]


@pytest.mark.parametrize("manifest", [{}, [], {"dataset": {"ELEC": {}}}])
def test_a_manifest_without_the_data_set_is_refused(manifest):
    client = Client(manifest)
    with pytest.raises(BadInput, match="manifest.txt does not list the dataset EBA"):
        eia930_bulk.download({"url": "https://example.org/bulk/EBA.zip"}, client)
    assert client.saved == []
