import numpy as np
import pytest

import gridworld
from seqshift.errors import BadInput
from seqshift.sources import nclimgrid

NAMES = {"tavg": 10.0, "tmax": 15.0, "tmin": 5.0}


def line(values, state="Texas", stamp="2020,02", variable="TAVG", code="41"):
    cells = [*values, *[-999.99] * (31 - len(values))]
    text = ",".join(f"{value:9.2f}" for value in cells)
    return f"ste,{code},{state},{stamp},{variable},{text}"


def write(folder, *lines, name="tavg-202002-ste-scaled.csv"):
    (folder / name).write_text("\n".join(lines))
    return folder


def february(folder):
    """Write the three files of February 2020."""
    for variable, mean in NAMES.items():
        lines = [line(mean + 0.1 * np.arange(29), variable=variable.upper())]
        write(folder, *lines, name=f"{variable}-202002-ste-scaled.csv")
    return folder


def test_reading_simulated_files_gives_the_truth_by_state(tmp_path):
    world = gridworld.world(trend=True)
    nclimgrid.simulate(world, {}, tmp_path)
    assert len(list(tmp_path.iterdir())) == 3 * 36
    text = (tmp_path / "tmax-201602-ste-scaled.csv").read_text()
    assert text.startswith("ste,33,Ohio,2016,02,TMAX,") and not text.endswith("\n")
    assert text.count("-999.99") == 2 * 2
    table = gridworld.read(nclimgrid, tmp_path)
    assert (table["flag"] == "").all()
    for column, truth in (("t_mean", world.temp_mean), ("t_max", world.temp_max)):
        found = table.pivot(index="date", columns="station", values=column)
        assert found.columns.tolist() == ["OH", "TX"]
        truth = world.of_states(truth, "mean")
        np.testing.assert_allclose(found, truth, rtol=0, atol=0.00501)
    assert (table["t_min"] < table["t_mean"]).all()


def test_injected_defects_are_counted_exactly(tmp_path):
    promised, found = gridworld.spoiled(nclimgrid, tmp_path)
    assert promised == found and set(found) == {"W1"}


def test_short_gaps_of_the_mean_are_interpolated_and_longer_ones_stay(tmp_path):
    february(tmp_path)
    values = 10 + 0.1 * np.arange(29)
    values[[3, 4, 10, 11, 12]] = -999.99
    table = gridworld.read(nclimgrid, write(tmp_path, line(values)))
    assert table["t_mean"].tolist()[2:6] == pytest.approx([10.2, 10.3, 10.4, 10.5])
    assert table["t_mean"].isna().to_numpy().nonzero()[0].tolist() == [10, 11, 12]
    assert gridworld.rules(table) == {"W1": 5}
    assert table["t_max"].notna().all()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"values": [1.0] * 30},
            "line 1, column 7 to 37: TX holds a value after day 29",
        ),
        ({"values": [np.inf] * 29}, "line 1, column 7: ' *inf' is not a number"),
        ({"state": "Guam"}, "line 1, column 1 to 6: 'ste,41,Guam"),
        ({"stamp": "2020,03"}, "is not 'ste', code, a new state, 2020, 02, TAVG"),
        ({"variable": "TMAX"}, "is not 'ste', code, a new state, 2020, 02, TAVG"),
    ],
)
def test_a_wrong_line_is_refused_with_its_place(tmp_path, changes, words):
    row = line(**{"values": [1.0] * 29} | changes)
    with pytest.raises(BadInput, match=words) as caught:
        nclimgrid.read(write(february(tmp_path), row), {})
    assert "tavg-202002-ste-scaled.csv" in str(caught.value)


def test_a_state_twice_a_short_line_and_text_are_refused(tmp_path):
    row = line([1.0] * 29)
    for lines, words in {
        (row, row): "line 2, column 1 to 6",
        (row, row[:99]): "line 2, column 1 to 6",
        (row.replace("1.00", "warm", 1),): "line 1, column 7: '.*warm'",
        (): "is empty",
    }.items():
        with pytest.raises(BadInput, match=words):
            nclimgrid.read(write(february(tmp_path), *lines), {})


def test_preliminary_and_foreign_files_are_refused(tmp_path):
    february(tmp_path)
    write(tmp_path, line([1.0]), name="tavg-202003-ste-prelim.csv")
    with pytest.raises(BadInput, match="prelim.csv is preliminary; delete it"):
        nclimgrid.read(tmp_path, {})
    (tmp_path / "tavg-202003-ste-prelim.csv").unlink()
    write(tmp_path, line([1.0]), name="prcp-202002-ste-scaled.csv")
    with pytest.raises(BadInput, match="is no file of source nclimgrid"):
        nclimgrid.read(tmp_path, {})


def test_the_three_variables_need_the_same_months_and_states(tmp_path):
    words = "does not hold tavg, tmax and tmin of the same months and states"
    path = february(tmp_path) / "tmin-202002-ste-scaled.csv"
    text = path.read_text()
    path.write_text(text.replace("Texas", "Ohio"))
    with pytest.raises(BadInput, match=words):
        nclimgrid.read(tmp_path, {})
    path.unlink()
    with pytest.raises(BadInput, match=words):
        nclimgrid.read(tmp_path, {})
    path.write_text(text)
    for variable in NAMES:
        row = line([1.0] * 30, stamp="2020,04", variable=variable.upper())
        write(tmp_path, row, name=f"{variable}-202004-ste-scaled.csv")
    with pytest.raises(BadInput, match=words):
        nclimgrid.read(tmp_path, {})


def test_a_download_asks_both_trees_for_each_month_of_the_query():
    saved = []

    class Client:
        def save(self, name, url, archive, check):
            saved.append((name, url, archive))

    name = "{year}/{variable}-{year}{month}-ste-scaled.csv"
    spec = {"url": f"https://a.org/{name}", "archive": f"https://b.org/{name}"}
    spec["query"] = {"start": "2019-12-31", "end": "2020-01-01"}
    nclimgrid.download(spec, Client())
    assert len(saved) == 2 * 3
    assert saved[-1] == (
        "tmin-202001-ste-scaled.csv",
        "https://a.org/2020/tmin-202001-ste-scaled.csv",
        "https://b.org/2020/tmin-202001-ste-scaled.csv",
    )
