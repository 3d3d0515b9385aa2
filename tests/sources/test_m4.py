import numpy as np
import pytest

import gridworld
from fakeclient import Client
from seqshift.errors import BadInput
from seqshift.simulate import series
from seqshift.sources import m4

FOLDER = "bench_m4_hourly"


def world(**changes):
    spec = {"seed": 2, "entities": ["H1", "H2", "H3"], "start": "2016-07-01"}
    return series.make(spec | {"days": 42} | changes)


def write(folder, train=None, test=None):
    """Write both files: H1 with six values, H2 with four."""
    steps = [f'"{step}"' for step in range(m4.HORIZON)]
    header = ",".join(f'"V{n}"' for n in range(1, 8))
    ahead = ",".join(f'"V{n}"' for n in range(1, m4.HORIZON + 2))
    rows = ['"H1","1","2","3","4","5","6"', '"H2","1","2","3","4",,']
    rows = [header, *(rows if train is None else train)]
    known = [ahead, *[",".join([f'"{name}"', *steps]) for name in ("H1", "H2")]]
    rows_ahead = known if test is None else [ahead, *test]
    (folder / "Hourly-train.csv").write_text("\n".join(rows) + "\n")
    (folder / "Hourly-test.csv").write_text("\n".join(rows_ahead) + "\n")
    return folder


def test_reading_simulated_files_gives_the_truth_and_no_flag(tmp_path):
    m4.simulate(world(), {}, tmp_path)
    table = gridworld.read(m4, tmp_path)
    assert (table["flag"] == "").all() and table["time"].isna().all()
    lengths = table.groupby("series").size()
    assert lengths.to_dict() == {"H1": 1008, "H2": 748, "H3": 1008}
    for name, truth in world().values.items():
        values = table.loc[table["series"] == name, "value"]
        expected = truth.iloc[-len(values) :]
        np.testing.assert_allclose(values, expected, rtol=0, atol=5.1e-5)


def test_the_last_48_steps_are_the_test_part(tmp_path):
    table = gridworld.read(m4, write(tmp_path))
    first = table[table["series"] == "H1"]
    assert first["step"].tolist() == list(range(6 + m4.HORIZON))
    ahead = first["value"].tail(m4.HORIZON)
    assert ahead.tolist() == list(range(48))
    assert first["value"].head(6).tolist() == [1, 2, 3, 4, 5, 6]


def test_rows_end_in_empty_cells(tmp_path):
    table = gridworld.read(m4, write(tmp_path))
    assert (table["series"] == "H2").sum() == 4 + m4.HORIZON


@pytest.mark.parametrize(
    ("train", "words"),
    [
        (['"H1","1",,"3","4","5","6"'], "line 2, column V3: '' is not a number"),
        (['"H1","1","x","3","4","5","6"'], "line 2, column V3: 'x' is not a number"),
        (['"H1","1","nan","3","4","5","6"'], "line 2, column V3: 'nan'"),
        (['"H1","1","2"'], "line 2.*3 fields in place of 7"),
        (['"H1",,,,,,'], "line 2, column V2: '' is not a number"),
        (['"H1","1",,,,,', '"H1","1",,,,,'], "line 3, column V1: 'H1' is empty or app"),
        (['"","1",,,,,'], "line 2, column V1"),
        ([], "should start with V1, V2 and so on and hold series"),
        (['"H1","1"x,,,,,'], "is no csv file"),
    ],
)
def test_a_wrong_row_is_refused_with_its_place(tmp_path, train, words):
    with pytest.raises(BadInput, match=words):
        m4.read(write(tmp_path, train=train), {})


def test_every_series_needs_both_parts(tmp_path):
    with pytest.raises(BadInput, match="series H2 needs a training part and 48 test"):
        m4.read(write(tmp_path, train=['"H1","1","2","3","4","5","6"']), {})
    short = ",".join(['"H1"', *(m4.HORIZON - 1) * ['"1"'], ""])
    with pytest.raises(BadInput, match="series H1 needs a training part and 48 test"):
        m4.read(write(tmp_path, test=[short]), {})
    (tmp_path / "Hourly-test.csv").unlink()
    with pytest.raises(BadInput, match="should hold Hourly-test and Hourly-train"):
        m4.read(tmp_path, {})


def test_a_world_of_few_days_is_refused(tmp_path):
    with pytest.raises(BadInput, match="has 960 hours and 1008 are needed"):
        m4.simulate(world(days=40), {}, tmp_path)


def test_download_fetches_both_files():
    client = Client()
    m4.download({"url": "https://example.org/{part}/Hourly-{file}.csv"}, client)
    assert client.saved == {
        "Hourly-train.csv": "https://example.org/Train/Hourly-train.csv",
        "Hourly-test.csv": "https://example.org/Test/Hourly-test.csv",
    }


@pytest.mark.mirror
def test_the_real_files_have_the_published_sizes(mirror):
    table = gridworld.read(m4, mirror / FOLDER)
    lengths = table.groupby("series").size() - m4.HORIZON
    assert lengths.value_counts().to_dict() == {960: 245, 700: 169}
    assert set(lengths.index) == {f"H{number}" for number in range(1, 415)}
    ahead = table[table["series"] == "H1"].tail(m4.HORIZON)["value"]
    assert ahead.iloc[[0, 1, -1]].tolist() == [619, 565, 659]
