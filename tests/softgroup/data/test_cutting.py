import numpy as np
import pandas as pd
import pytest

import panelworlds
from seqshift import sidecar, storage
from seqshift.errors import BadInput
from seqshift.schemas.raw import SERIES
from seqshift.softgroup.data import cutting
from seqshift.sources import ett

SPEC = {"kind": "ett", "source": "ett", "file": "ETTh1", "cadence": "native"}
SPEC |= {
    "bounds": [240, 360, 600],
    "stride": 24,
    "season": 24,
    "context": 120,
    "seed": 0,
}
DRAWN = {"kind": "clusters", "seeds": {"validation": 90, "test": 50}, "replicates": 2}
DRAWN |= {"clusters": 2, "members": 2, "context": 64, "noise": 0.6, "short": 0.5}
DRAWN |= {"short_steps": [8, 16], "negative": 0.25, "lag": 0, "season": 1, "stride": 1}


@pytest.fixture
def table(tmp_path):
    (tmp_path / "raw").mkdir()
    frame = panelworlds.table(ett, tmp_path / "raw", panelworlds.METERS)
    storage.write_table(frame, tmp_path / "ett.parquet", SERIES)
    return tmp_path / "ett.parquet"


def test_attributes_say_what_the_windows_are(table):
    made = cutting.cut("ett-h1", SPEC, "test", 96, [str(table)], "real")
    expected = {"dataset": "ett-h1", "horizon": 96, "split": "test", "season": 24}
    expected |= {"stride": 24, "calendar": "yes", "world": "real", "unit": "origin"}
    expected |= {"right": "type", "wrong": "level", "dropped": 0}
    expected["digest"] = sidecar.sha256(table)
    assert made.attrs == expected


def test_drawn_windows_need_no_table():
    made = cutting.cut("clusters", DRAWN, "validation", 16, [], "simulated")
    assert made.attrs["digest"] == "" and made.sizes["origin"] == 2


def test_a_missing_value_is_named_with_its_series(table):
    frame = pd.read_parquet(table)
    frame.loc[700, "value"] = np.nan
    frame.to_parquet(table)
    words = f"{table}: .*value .*at row 700, series ETTh1:"
    with pytest.raises(BadInput, match=words):
        cutting.cut("ett-h1", SPEC, "test", 96, [str(table)], "real")


def test_a_damaged_or_absent_table_is_one_clear_sentence(table, tmp_path):
    with pytest.raises(BadInput, match="no.parquet cannot be read"):
        cutting.cut("ett-h1", SPEC, "test", 96, [str(tmp_path / "no.parquet")], "real")
    table.write_bytes(b"PAR1 cut")
    with pytest.raises(
        BadInput, match="ett.parquet cannot be read .*delete it and run"
    ):
        cutting.cut("ett-h1", SPEC, "test", 96, [str(table)], "real")


def test_an_unknown_kind_lists_the_known_ones():
    with pytest.raises(BadInput, match="'tides'.*clusters, eia930, ett, m4"):
        cutting.cut("x", {"kind": "tides"}, "test", 96, [], "real")
