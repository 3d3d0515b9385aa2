import numpy as np
import pandas as pd
import pytest

import gridworld
from seqshift.errors import BadInput
from seqshift.sources import cpc

PREAMBLE = "Product: Daily {kind} Degree Days\nRegions: CPC::Regions::StatesCONUS\n"
PREAMBLE += "Weights: Population\n"
KINDS = ("Cooling", "Heating")


def write(folder, *rows, kind="Cooling", year=2020, days=3, preamble=PREAMBLE):
    dates = pd.date_range(f"{year}-01-01", periods=days).strftime("%Y%m%d")
    lines = ["|".join(["Region", *dates]), *rows]
    path = folder / f"{year}.StatesCONUS.{kind}.txt"
    path.write_text(preamble.format(kind=kind) + "\n".join(lines) + "\n")
    return folder


def both(folder, *rows, **options):
    for kind in KINDS:
        write(folder, *rows, kind=kind, **options)
    return folder


def test_reading_simulated_files_gives_whole_degree_days_by_state(tmp_path):
    world = gridworld.world(trend=True)
    cpc.simulate(world, {}, tmp_path)
    assert len(list(tmp_path.iterdir())) == 2 * 3
    text = (tmp_path / "2015.StatesCONUS.Heating.txt").read_text()
    assert text.startswith(
        f"{PREAMBLE.format(kind='Heating')}Region|20150101|20150102|"
    )
    table = gridworld.read(cpc, tmp_path)
    assert (table["flag"] == "").all() and not (table["cdd"] * table["hdd"]).any()
    fahrenheit = 1.8 * world.of_states(world.temp_mean, "mean") + 32
    for column, truth in (("cdd", fahrenheit - 65), ("hdd", 65 - fahrenheit)):
        found = table.pivot(index="date", columns="station", values=column)
        assert found.columns.tolist() == ["OH", "TX"]
        np.testing.assert_allclose(found, truth.clip(lower=0), rtol=0, atol=0.5)


def test_the_total_of_all_states_is_not_read_and_states_can_be_chosen(tmp_path):
    both(tmp_path, "TX|0|1|2", "AL|3|4|5", "CONUS|9|9|9")
    table = gridworld.read(cpc, tmp_path)
    assert table["station"].tolist() == ["AL"] * 3 + ["TX"] * 3
    assert table["cdd"].tolist() == [3, 4, 5, 0, 1, 2]
    chosen = cpc.read(tmp_path, {"query": {"names": ["TX"]}})
    assert chosen["station"].unique().tolist() == ["TX"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("TX|0|x|2", "line 6, column 3: 'x' is not a number"),
        ("TX|0||2", "line 6, column 3: '' is not a number"),
        ("TX|0|nan|2", "line 6, column 3: 'nan' is not a number"),
        ("TX|0|-1|2", "line 6, column Region: TX has a value below zero"),
        ("TX|0|1", "line 6, column all: 3 fields in place of 4, the file was cut"),
        ("AL|0|1|2", "line 6, column Region: 'AL' appears twice"),
        ("DC|0|1|2", "line 6, column Region: 'DC' is no contiguous state"),
    ],
)
def test_a_wrong_row_is_refused_with_its_place(tmp_path, row, words):
    with pytest.raises(BadInput, match=words) as caught:
        cpc.read(write(tmp_path, "AL|1|2|3", row), {})
    assert "2020.StatesCONUS.Cooling.txt" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Daily Cooling", "Daily Heating", "line 1 should be 'Product: Daily Cooling"),
        ("StatesCONUS\n", "CensusDivisions\n", "line 2 should be 'Regions: CPC"),
        ("Population", "Electricity", "line 3 should be 'Weights: Population'"),
        ("20200102", "20200103", "line 4 should hold 'Region' and the days of 2020"),
        ("Region|2020", "Region|2019", "line 4 should hold 'Region' and the days"),
        ("\nAL|1|2|3\n", "\n", "line 4 .* states should follow"),
        ("\nAL|1|2|3\n", "\nCONUS|1|2|3\n", "Cooling.txt holds no state"),
    ],
)
def test_another_product_is_refused(tmp_path, old, new, words):
    path = write(tmp_path, "AL|1|2|3") / "2020.StatesCONUS.Cooling.txt"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(BadInput, match=words):
        cpc.read(tmp_path, {})


def test_what_a_pair_of_files_or_a_row_of_years_lacks_is_told(tmp_path):
    write(tmp_path, "AL|1|2|3")
    with pytest.raises(BadInput, match="lacks degree days of AL on 2020-01-01"):
        cpc.read(tmp_path, {})
    write(tmp_path, "AL|1|2", kind="Heating", days=2)
    with pytest.raises(BadInput, match="lacks degree days of AL on 2020-01-03"):
        cpc.read(tmp_path, {})
    both(tmp_path, "AL|1|2|3")
    both(tmp_path, "AL|1|2", days=2, year=2021)
    with pytest.raises(BadInput, match="lacks degree days of AL on 2020-01-04"):
        cpc.read(tmp_path, {})
    (tmp_path / "readme.txt").write_text("hello")
    with pytest.raises(BadInput, match="readme.txt is no file of source cpc"):
        cpc.read(tmp_path, {})


def test_a_download_is_two_files_a_year_of_the_query():
    saved = []

    class Client:
        def save(self, name, url, check):
            saved.append((name, url))

    spec = {"url": "https://example.org/{year}/StatesCONUS.{kind}.txt"}
    spec["query"] = {"start": "2019-05-01", "end": "2020-01-01"}
    cpc.download(spec, Client())
    assert saved == [
        (f"{year}.StatesCONUS.{kind}.txt", spec["url"].format(year=year, kind=kind))
        for year in (2019, 2020)
        for kind in KINDS
    ]
    with pytest.raises(BadInput, match="`query` lacks start and end"):
        cpc.download({"kind": "cpc"}, Client())
