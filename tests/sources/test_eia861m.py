import numpy as np
import pandas as pd
import pytest

import gridworld
from seqshift.errors import BadInput
from seqshift.sources import eia861m

NAME = "sales_revenue.csv"


def simulated(folder):
    world = gridworld.world()
    eia861m.simulate(world, {}, folder)
    return world, folder / NAME


def edit(path, line, **changes):
    """Replace cells of one line; a cell is named by its column number, `c2`."""
    lines = path.read_text().splitlines()
    cells = lines[line - 1][1:-1].split('","')
    for column, value in changes.items():
        cells[int(column[1:])] = value
    lines[line - 1] = '"' + '","'.join(cells) + '"'
    path.write_text("\n".join(lines) + "\n")


def test_reading_a_simulated_file_gives_monthly_load(tmp_path):
    world, path = simulated(tmp_path)
    lines = path.read_text().splitlines()
    assert lines[3].startswith('"2017","12","OH","Final"')
    assert lines[-1].startswith('"Customer counts')
    table = gridworld.read(eia861m, tmp_path)
    assert (table["flag"] == "").all()
    sales = table.pivot(index="month", columns="state", values="mwh")
    monthly = world.load.groupby(world.days.to_period("M")).sum()
    np.testing.assert_allclose(sales["OH"], monthly["NORTH"], atol=0.51)
    texas = monthly[["COAST", "EAST"]].sum(axis=1)
    np.testing.assert_allclose(sales["TX"], texas, atol=0.51)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"c21": "n/a"}, "line 5, column TOTAL Sales: 'n/a' is not a number"),
        ({"c21": "0"}, "line 5, column TOTAL Sales: '0' is not a number above zero"),
        ({"c21": "12,34"}, "line 5, column TOTAL Sales: '12,34'"),
        ({"c1": "13"}, "line 5, column Month: '13' is not 1 to 12"),
        ({"c2": "Texas"}, "line 5, column State: 'Texas'"),
        ({"c2": "OH"}, "line 5, column State: OH appears twice"),
        ({"c0": "Note"}, "line 5, column Year: .* is a footnote among the rows"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_place(tmp_path, changes, words):
    _, path = simulated(tmp_path)
    edit(path, 5, **changes)
    with pytest.raises(BadInput, match=words) as caught:
        eia861m.read(tmp_path, {})
    assert NAME in str(caught.value)


def test_a_cut_row_and_another_header_are_refused(tmp_path):
    _, path = simulated(tmp_path)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:9], lines[9][:60]]))
    with pytest.raises(BadInput, match="line 10, column all: .* fields"):
        eia861m.read(tmp_path, {})
    edit(path, 3, c21="Kilowatthours")
    with pytest.raises(BadInput, match="three header rows"):
        eia861m.read(tmp_path, {})


def test_download_saves_one_file_and_looks_at_its_header(tmp_path):
    checks = []

    class Client:
        def save(self, name, url, check):
            checks.append((name, url, check))

    eia861m.download({"url": "https://example.org/x.csv"}, Client())
    name, url, check = checks[0]
    assert (name, url) == (NAME, "https://example.org/x.csv")
    _, path = simulated(tmp_path)
    check(path)
    path.write_text("Not Found")
    with pytest.raises(BadInput, match="three header rows"):
        check(path)


@pytest.mark.mirror
def test_the_real_file_holds_all_states_of_all_months(mirror, tmp_path):
    path = mirror / "energy_eia861m" / f"{NAME}.gz"
    (tmp_path / path.name).write_bytes(path.read_bytes())
    table = gridworld.read(eia861m, tmp_path)
    assert len(table) == 8313 == 163 * 51
    assert table["month"].min() == pd.Timestamp("2010-01-01")
    assert table["month"].max() == pd.Timestamp("2023-07-01")
    assert table["state"].nunique() == 51 and (table["flag"] == "").all()
    assert (table.groupby("month").size() == 51).all()
    wyoming = table[(table["state"] == "WY") & (table["month"] == "2010-01-01")]
    assert wyoming["mwh"].item() == 1_578_332
