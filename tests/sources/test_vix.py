import lzma

import numpy as np
import pytest

from seqshift import raw, sessions, storage
from seqshift.errors import BadInput
from seqshift.schemas.raw import INDEX_DAILY
from seqshift.simulate import market
from seqshift.sources import vix

HEADER = "DATE,OPEN,HIGH,LOW,CLOSE"
SPEC = {
    "kind": "market",
    "seed": 5,
    "entities": ["AAA"],
    "start": "2003-01-01",
    "train_years": 2,
    "val_years": 1,
    "test_years": 1,
    "shift": "covariate",
    "strength": 1.0,
    "trend": False,
    "crises": [{"start": "2006-02-01", "days": 40}],
}


def write(folder, *rows):
    (folder / "VIX_History.csv").write_text("\r\n".join([HEADER, *rows]) + "\r\n")
    return folder


def read(folder):
    return storage.validate(vix.read(folder, {}), INDEX_DAILY, folder)


def test_reading_a_simulated_file_gives_the_truth_and_no_flag(tmp_path):
    world = market.make(SPEC)
    vix.simulate(world, {}, tmp_path)
    text = (tmp_path / "VIX_History.csv").read_text().splitlines()
    assert text[0] == HEADER
    assert text[1].startswith("01/02/2003,")
    frame = read(tmp_path)
    assert (frame["date"] == world.sessions).all()
    assert np.allclose(frame["close"], world.vix, rtol=0, atol=5.1e-7)
    assert frame["flag"].eq("").all()


def test_iso_dates_and_packed_copies_are_accepted(tmp_path):
    content = f"{HEADER}\n2020-01-02,13,14,12,12.5\n2020-01-03,15,16,13,14.5\n"
    (tmp_path / "vix-daily.csv.xz").write_bytes(lzma.compress(content.encode()))
    (tmp_path / "datapackage.json").write_text("{}")
    frame = read(tmp_path)
    assert frame["date"].dt.strftime("%Y-%m-%d").tolist() == [
        "2020-01-02",
        "2020-01-03",
    ]
    assert frame["close"].tolist() == [12.5, 14.5]


def test_a_row_with_a_close_only_is_marked(tmp_path):
    rows = ("01/02/1990,17.24,17.24,17.24,17.24", "01/03/1990,18,19,17,18.19")
    assert read(write(tmp_path, *rows))["flag"].tolist() == ["F8", ""]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["13/02/1990,17,17,17,17"], "line 2, column DATE: '13/02/1990'"),
        (["01/02/1990,17,17,17,17", "1990-01-03,1,1,1,1"], "line 3, column DATE"),
        (["01/02/1990,1,1,1,1", "01/02/1990,1,1,1,1"], "line 3.*appears twice"),
        (["01/03/1990,1,1,1,1", "01/02/1990,1,1,1,1"], "line 3.*is before"),
        (["01/02/1990,17,17,17,."], "line 2, column CLOSE: '.' is not a number"),
        (["01/02/1990,17,17,17,0"], "line 2, column CLOSE: 0.0 is not above 0"),
        (["01/02/1990,17,17"], "line 2 has 3 fields"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(tmp_path, rows, words):
    with pytest.raises(BadInput, match=words) as caught:
        read(write(tmp_path, *rows))
    assert "VIX_History.csv" in str(caught.value)


def test_two_files_are_refused(tmp_path):
    write(tmp_path, "01/02/1990,17,17,17,17")
    (tmp_path / "more.csv").write_text(HEADER)
    with pytest.raises(BadInput, match="one index file.*more.csv"):
        vix.read(tmp_path, {})


def test_a_day_without_trading_is_marked(tmp_path):
    rows = (
        "07/01/2022,29,30,26,26.7",
        "07/04/2022,28,28,28,28",
        "07/05/2022,29,30,27,28",
    )
    assert read(write(tmp_path, *rows))["flag"].tolist() == ["", "F7+F8", ""]


@pytest.mark.mirror
def test_the_real_file_agrees_with_the_mirrors_list(mirror, tmp_path):
    spec = {"kind": "vix", "origin": "mirror", "folder": "finance_vix"}
    spec |= {"licence": "ODC-PDDL-1.0", "redistributable": True}
    raw.obtain(spec, None, mirror, tmp_path / "vix")
    frame = raw.read(spec, tmp_path / "vix" / "manifest.json")
    assert len(frame) == 9235
    assert f"{frame['date'].iloc[0]:%Y-%m-%d}" == "1990-01-02"
    assert f"{frame['date'].iloc[-1]:%Y-%m-%d}" == "2026-07-23"
    close_only = frame.loc[frame["flag"].str.contains("F8"), "date"]
    assert len(close_only) == 506
    assert f"{close_only.iloc[-1]:%Y-%m-%d}" == "2004-06-11"
    closed = frame.loc[frame["flag"].str.contains("F7"), "date"]
    assert closed.between("2000-01-01", "2025-12-31").sum() == 28
    assert f"{closed.iloc[0]:%Y-%m-%d}" == "2004-06-11"
    assert f"{closed.iloc[1]:%Y-%m-%d}" == "2022-05-30"
    open_days = sessions.between("2000-01-01", "2025-12-31")
    assert open_days.isin(frame["date"]).all()
