import pandas as pd
import pandera.pandas as pa
import pytest
import xarray as xr

from seqshift import storage
from seqshift.errors import BadInput

SCHEMA = pa.DataFrameSchema(
    {
        "entity": pa.Column(str),
        "value": pa.Column("float64", pa.Check.gt(0), nullable=True),
    },
    strict=True,
    unique=["entity"],
)


@pytest.fixture
def frame():
    return pd.DataFrame({"entity": ["a", ""], "value": [0.1 + 0.2, None]})


@pytest.mark.parametrize("kind", ["table", "csv"])
def test_a_table_read_back_is_the_same_and_so_are_its_bytes(frame, tmp_path, kind):
    write, read = (getattr(storage, f"{verb}_{kind}") for verb in ("write", "read"))
    write(frame, tmp_path / "one", SCHEMA)
    back = read(tmp_path / "one", SCHEMA)
    pd.testing.assert_frame_equal(back, frame)
    write(back, tmp_path / "two", SCHEMA)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"value": [1.0, -2.0]},
            "column value .*greater_than.*row 1, entity , value -2.0",
        ),
        ({"entity": ["a", "a"]}, "entity"),
        ({"extra": [1, 2]}, "extra"),
    ],
)
def test_a_violation_names_file_column_and_row(frame, tmp_path, change, words):
    with pytest.raises(BadInput, match=words) as caught:
        storage.write_table(frame.assign(**change), tmp_path / "one", SCHEMA)
    assert str(tmp_path / "one") in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_truncated_parquet_is_refused_by_name(frame, tmp_path):
    path = tmp_path / "one.parquet"
    storage.write_table(frame, path, SCHEMA)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(BadInput, match="one.parquet cannot be read"):
        storage.read_table(path, SCHEMA)


def test_a_failure_while_writing_leaves_the_old_file(tmp_path):
    path = tmp_path / "one"
    path.write_text("old")
    with pytest.raises(RuntimeError, match="power"):
        with storage.atomic(path) as temporary:
            temporary.write_text("half")
            raise RuntimeError("power")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_json_and_arrays_read_back(tmp_path):
    storage.write_json({"b": 1, "a": [2]}, tmp_path / "x.json")
    assert storage.read_json(tmp_path / "x.json") == {"a": [2], "b": 1}
    array = xr.Dataset({"magnitude": (("entity", "lag"), [[1.0, 2.0]])})
    storage.write_array(array, tmp_path / "x.nc")
    xr.testing.assert_identical(storage.read_array(tmp_path / "x.nc"), array)


def test_text_that_is_not_json_is_refused(tmp_path):
    (tmp_path / "x.json").write_text("{")
    with pytest.raises(BadInput, match="x.json is not JSON"):
        storage.read_json(tmp_path / "x.json")
