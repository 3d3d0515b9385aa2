import csv
import gzip
import hashlib
import io
import json
import lzma
import re

import numpy as np
import pandas as pd
import pytest

import gridworld
from seqshift.errors import BadInput
from seqshift.sources import eia930_api

SAMPLES = "energy_eia_api_v2_samples/test_eia_api_v2_snapshots_detailed.ambr.gz"
RAW = "energy_eia930_raw_isos_2020_2024"


def simulated(folder):
    world = gridworld.world(train_years=1, val_years=0, test_years=0)
    eia930_api.simulate(world, {}, folder)
    return world


def edit(path, row, **changes):
    """Change cells of one row of a page."""
    answer = json.loads(path.read_text())
    answer["response"]["data"][row] |= {
        k.replace("_", "-"): v for k, v in changes.items()
    }
    path.write_text(json.dumps(answer))


def test_reading_simulated_pages_gives_the_truth_to_half_a_megawatt(tmp_path):
    world = simulated(tmp_path)
    names = [path.name for path in sorted(tmp_path.glob("EAST.*"))]
    assert names == ["EAST.0000.json", "EAST.0001.json"]
    table = gridworld.read(eia930_api, tmp_path)
    assert (table["flag"] == "").all()
    load = gridworld.load(table)
    assert load.index.equals(pd.DatetimeIndex(world.hourly().index, freq=None))
    np.testing.assert_allclose(load, world.hourly(), rtol=0, atol=0.501)


def test_simulated_pages_have_the_official_form(tmp_path):
    simulated(tmp_path)
    answer = json.loads((tmp_path / "EAST.0000.json").read_text())
    body = answer["response"]
    assert body["total"] == "8760" and len(body["data"]) == 5000
    assert body["data"][0] | {"value": ""} == {
        "period": "2015-01-01T07",
        "respondent": "EAST",
        "respondent-name": "EAST",
        "type": "D",
        "type-name": "Demand",
        "value": "",
        "value-units": "megawatthours",
    }
    assert re.fullmatch(r"\d+", body["data"][0]["value"])


def test_simulated_files_are_the_same_bytes_every_time(tmp_path):
    sums = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        simulated(tmp_path / name)
        paths = sorted((tmp_path / name).iterdir())
        sums.append([hashlib.sha256(path.read_bytes()).digest() for path in paths])
    assert sums[0] == sums[1]


def test_withdrawn_values_are_missing_and_numbers_need_not_be_text(tmp_path):
    world = simulated(tmp_path)
    path = tmp_path / "EAST.0000.json"
    for row in (100, 101, 200, 201, 202, 203):
        edit(path, row, value=None)
    edit(path, 300, value=int(world.hourly()["EAST"].iloc[300]))
    table = gridworld.read(eia930_api, tmp_path)
    assert gridworld.rules(table) == {"E24": 6}
    assert table["mw"].isna().sum() == 4


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"value": "n/a"}, "row 7 of the answer, column value: 'n/a' is not a number"),
        ({"period": "2015-01-01T07"}, "column period: '2015-01-01T07' appears twice"),
        ({"period": "2015-01-01"}, "column period: '2015-01-01' is not a time like"),
        ({"respondent": "WEST"}, "column respondent: 'WEST' is not EAST"),
        ({"type": "NG"}, "column type: 'NG' is not D"),
        ({"value_units": "MWh"}, "column value-units: 'MWh' is not megawatthours"),
        ({"value_units": None}, "column value-units: 'None' is not megawatthours"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_place(tmp_path, changes, words):
    simulated(tmp_path)
    edit(tmp_path / "EAST.0000.json", 7, **changes)
    with pytest.raises(BadInput, match=words) as caught:
        eia930_api.read(tmp_path, {})
    assert "EAST.0000.json" in str(caught.value)


class Client:
    """Answers every query with one row."""

    def __init__(self, folder):
        self.folder, self.asked = folder, []

    def save(self, name, url, params, check):
        self.asked.append((name, url, params))
        row = {"period": "2020-01-01T00", "respondent": "ERCO", "type": "D"}
        row |= {"value": "1", "value-units": "megawatthours"}
        path = self.folder / name
        path.write_text(json.dumps({"response": {"total": "1", "data": [row]}}))
        check(path)
        return path


def test_download_asks_for_the_hours_of_the_days_in_the_query(tmp_path):
    query = {"names": ["ERCO", "PJM"], "start": "2020-01-01", "end": "2020-12-31"}
    client = Client(tmp_path)
    eia930_api.download({"url": "https://example.org/data", "query": query}, client)
    names, urls, params = zip(*client.asked, strict=True)
    assert names == ("ERCO.0000.json", "PJM.0000.json")
    assert set(urls) == {"https://example.org/data"}
    assert params[0] == {
        "frequency": "hourly",
        "data[]": "value",
        "facets[type][]": "D",
        "facets[respondent][]": "ERCO",
        "start": "2020-01-01T00",
        "end": "2021-01-01T08",
        "sort[0][column]": "period",
        "sort[0][direction]": "asc",
        "offset": "0",
        "length": "5000",
    }
    assert params[1]["facets[respondent][]"] == "PJM"
    with pytest.raises(BadInput, match="`query` lacks start and end"):
        eia930_api.download(
            {"kind": "eia930-api", "query": {"names": ["ERCO"]}}, client
        )


@pytest.mark.mirror
def test_real_rows_have_our_columns_and_the_hours_of_the_published_files(mirror):
    text = gzip.decompress((mirror / SAMPLES).read_bytes()).decode()
    compared = 0
    for path in sorted((mirror / RAW).iterdir()):
        name = path.name.partition(".")[0]
        start = f"test_scrape_by_ba[region-data-{name}-2022"
        table = text.partition(start)[2].partition("'''")[2].partition("'''")[0]
        lines = "\n".join(line.strip() for line in table.strip().splitlines())
        rows = [row for row in csv.DictReader(io.StringIO(lines)) if row["type"] == "D"]
        assert rows and set(eia930_api.COLUMNS) <= rows[0].keys()
        assert {row["value-units"] for row in rows} == {eia930_api.UNITS}
        times = pd.to_datetime([r["period"] for r in rows], format=eia930_api.FORM)
        published = pd.read_csv(io.BytesIO(lzma.decompress(path.read_bytes())))
        known = published.set_index("date_time")["demand (MW)"].astype("str")
        for row, time in zip(rows, times, strict=True):
            compared += known[str(time)] == row["value"]
    assert compared == 7 * 25
