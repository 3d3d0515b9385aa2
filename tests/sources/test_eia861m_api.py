import hashlib
import json

import numpy as np
import pandas as pd
import pytest

import gridworld
from seqshift.errors import BadInput
from seqshift.sources import eia861m, eia861m_api


def simulated(folder):
    world = gridworld.world()
    eia861m_api.simulate(world, {}, folder)
    return world


def edit(path, row, **changes):
    answer = json.loads(path.read_text())
    answer["response"]["data"][row] |= {
        k.replace("_", "-"): v for k, v in changes.items()
    }
    path.write_text(json.dumps(answer))


def test_reading_simulated_pages_gives_the_truth(tmp_path):
    world = simulated(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "OH.0000.json",
        "TX.0000.json",
    ]
    table = gridworld.read(eia861m_api, tmp_path)
    assert (table["flag"] == "").all()
    sales = table.pivot(index="month", columns="state", values="mwh")
    assert sales.index[0] == pd.Timestamp("2015-01-01") and len(sales) == 36
    np.testing.assert_allclose(sales, eia861m.sales(world), rtol=0, atol=0.0051)


def test_both_forms_of_the_sales_agree(tmp_path):
    world = simulated(tmp_path)
    table = gridworld.read(eia861m_api, tmp_path)
    (tmp_path / "csv").mkdir()
    eia861m.simulate(world, {}, tmp_path / "csv")
    other = gridworld.read(eia861m, tmp_path / "csv")
    np.testing.assert_allclose(table.pop("mwh"), other.pop("mwh"), rtol=0, atol=0.51)
    pd.testing.assert_frame_equal(table, other)


def test_simulated_rows_have_the_official_form(tmp_path):
    simulated(tmp_path)
    body = json.loads((tmp_path / "OH.0000.json").read_text())["response"]
    assert body["total"] == "36" and body["frequency"] == "monthly"
    row = body["data"][0]
    assert row["period"] == "2015-01" and row["sectorid"] == "ALL"
    assert row["sales-units"] == "million kilowatt hours"


def test_simulated_files_are_the_same_bytes_every_time(tmp_path):
    sums = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        simulated(tmp_path / name)
        paths = sorted((tmp_path / name).iterdir())
        sums.append([hashlib.sha256(path.read_bytes()).digest() for path in paths])
    assert sums[0] == sums[1]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sales": None}, "row 7 of the answer, column sales: 'None' is not"),
        ({"sales": "0"}, "column sales: '0' is not"),
        ({"sales": "0.00"}, "column sales: '0.00' is not"),
        ({"sales": "-5"}, "column sales: '-5' is not"),
        ({"sales": "1,234"}, "column sales: '1,234' is not"),
        ({"period": "2015-13"}, "column period: '2015-13' is not"),
        ({"period": "2015-01"}, "column period: 2015-01 appears twice"),
        ({"stateid": "TX"}, "column stateid: 'TX' is not OH"),
        ({"sectorid": "RES"}, "column sectorid: 'RES' is not ALL"),
        ({"sales_units": "megawatthours"}, "sales-units: 'megawatthours' is not"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_place(tmp_path, changes, words):
    simulated(tmp_path)
    edit(tmp_path / "OH.0000.json", 7, **changes)
    with pytest.raises(BadInput, match=words) as caught:
        eia861m_api.read(tmp_path, {})
    assert "OH.0000.json" in str(caught.value)


@pytest.mark.parametrize("sales", ["5", "0.5", ".5", "10", "100.25", 7, 7.5])
def test_sales_are_million_kilowatt_hours(tmp_path, sales):
    simulated(tmp_path)
    edit(tmp_path / "OH.0000.json", 0, sales=sales)
    table = gridworld.read(eia861m_api, tmp_path)
    assert table["mwh"].iloc[0] == pytest.approx(1000 * float(sales))


def test_download_asks_for_all_sectors_of_each_state(tmp_path):
    asked = []

    class Client:
        def save(self, name, url, params, check):
            asked.append((name, params))
            path = tmp_path / name
            row = {"period": "2020-01", "stateid": "OH", "sectorid": "ALL"}
            row |= {"sales": "1", "sales-units": "million kilowatt hours"}
            path.write_text(json.dumps({"response": {"total": 1, "data": [row]}}))
            check(path)
            return path

    query = {"names": ["OH", "TX"], "start": "2001-01-01", "end": "2024-12-31"}
    eia861m_api.download({"url": "https://example.org", "query": query}, Client())
    assert [name for name, _ in asked] == ["OH.0000.json", "TX.0000.json"]
    params = asked[0][1]
    assert params["data[]"] == "sales" and params["facets[stateid][]"] == "OH"
    assert params["facets[sectorid][]"] == "ALL" and params["frequency"] == "monthly"
    assert (params["start"], params["end"]) == ("2001-01", "2024-12")
