import numpy as np
import pandas as pd
import pytest

import gridworld
from fakeclient import Client
from seqshift.errors import BadInput
from seqshift.simulate import series
from seqshift.sources import ett

HEADER = "date,HUFL,HULL,MUFL,MULL,LUFL,LULL,OT"


def world(**changes):
    spec = {"seed": 2, "entities": ["ETTh1", "ETTh2"], "start": "2016-07-01"}
    return series.make(spec | {"days": 10} | changes)


def write(folder, rows, name="ETTh1.csv", header=HEADER):
    (folder / name).write_text("\n".join([header, *rows]) + "\n")
    return folder


def lines(count, freq="1h"):
    stamps = pd.date_range("2016-07-01", periods=count, freq=freq)
    return [f"{stamp},1,2,3,4,5,6,{place}" for place, stamp in enumerate(stamps)]


def test_reading_simulated_files_gives_the_truth_and_no_flag(tmp_path):
    truth = world().values
    ett.simulate(world(), {}, tmp_path)
    table = gridworld.read(ett, tmp_path)
    assert (table["flag"] == "").all() and table["series"].nunique() == 14
    for name in truth:
        own = table[table["series"] == f"{name}:OT"]
        assert own["step"].tolist() == list(range(240))
        assert own["time"].tolist() == truth.index.tolist()
        np.testing.assert_allclose(own["value"], truth[name], rtol=0, atol=5.1e-7)


def test_loads_of_a_simulated_file_follow_the_temperature_and_go_below_zero(tmp_path):
    ett.simulate(world(days=60), {}, tmp_path)
    table = gridworld.read(ett, tmp_path)
    wide = table.pivot(index="time", columns="series", values="value")
    for column in ett.COLUMNS:
        size = np.sign(wide[f"ETTh1:{column}"].mean())
        assert wide[f"ETTh1:{column}"].corr(wide["ETTh1:OT"]) * size > 0.9
    assert (wide["ETTh1:MULL"] <= 0).all()


def test_a_load_that_the_world_has_is_its_own_series(tmp_path):
    truth = world(entities=["ETTh1", "ETTh1:HUFL"])
    ett.simulate(truth, {}, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["ETTh1.csv"]
    table = gridworld.read(ett, tmp_path)
    own = table[table["series"] == "ETTh1:HUFL"]["value"]
    np.testing.assert_allclose(own, 0.5 * truth.values["ETTh1:HUFL"], atol=5.1e-7)


def test_simulated_files_are_the_same_bytes_every_time(tmp_path):
    texts = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        ett.simulate(world(), {}, tmp_path / name)
        texts.append((tmp_path / name / "ETTh2.csv").read_bytes())
    assert texts[0] == texts[1]


def test_quarter_hours_are_the_spacing_of_ettm_files(tmp_path):
    table = gridworld.read(ett, write(tmp_path, lines(9, "15min"), "ETTm1.csv"))
    assert table["series"].unique()[0] == "ETTm1:HUFL" and len(table) == 63


@pytest.mark.parametrize(
    ("rows", "name", "words"),
    [
        (lines(9)[:4] + lines(9)[5:], "ETTh1.csv", "line 6.*not 60 minutes after the"),
        (lines(9, "15min"), "ETTh1.csv", "line 3.*is not 60 minutes after"),
        (lines(9), "ETTm1.csv", "line 3.*is not 15 minutes after"),
        (lines(9), "load.csv", "is not named like ETTh1"),
        ([*lines(2), "2016-07-01 02:00:00,1,2,3,4,5,6,"], "ETTh1.csv", "line 4.*OT"),
        ([*lines(2), "2016-07-01 02:00:00,1,2,3"], "ETTh1.csv", "line 4 has 4 fields"),
        (["01.07.2016 00:00,1,2,3,4,5,6,7"], "ETTh1.csv", "line 2.*not a time like"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path, rows, name, words):
    with pytest.raises(BadInput, match=words) as caught:
        ett.read(write(tmp_path, rows, name), {})
    assert name in str(caught.value)


def test_another_header_is_refused(tmp_path):
    with pytest.raises(BadInput, match="should start with 'date,HUFL"):
        ett.read(write(tmp_path, lines(3), header=HEADER + ",more"), {})


def test_download_fills_the_address_with_each_name():
    client = Client()
    spec = {"url": "https://example.org/{name}.csv", "query": {"names": ["ETTm2"]}}
    ett.download(spec, client)
    assert client.saved == {"ETTm2.csv": "https://example.org/ETTm2.csv"}
    with pytest.raises(BadInput, match="lacks names"):
        ett.download({"kind": "ett", "url": ""}, client)


@pytest.mark.mirror
def test_the_real_file_is_whole_and_has_values_below_zero(mirror):
    table = gridworld.read(ett, mirror / "bench_ett")
    assert (table["flag"] == "").all()
    sizes = table.groupby("series").size()
    assert len(sizes) == 7 and (sizes == 17_420).all()
    times = table["time"]
    assert times.min() == pd.Timestamp("2016-07-01 00:00")
    assert times.max() == pd.Timestamp("2018-06-26 19:00")
    oil = table.loc[table["series"] == "ETTh1:OT", "value"]
    assert (oil <= 0).sum() == 265
    assert (oil.min(), oil.max()) == (-4.079999923706056, 46.00699996948242)
