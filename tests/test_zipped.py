import gzip
import io
import stat
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqshift import zipped
from seqshift.errors import BadInput


def write(path, entries):
    """Write a zip of (name or ZipInfo, content) pairs."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries:
            packed.writestr(name, content, compress_type=zipfile.ZIP_DEFLATED)
    return path


def read(path, pattern="*", **spec):
    with zipped.opened(path, pattern, spec) as file:
        return file.read()


def link(name, target):
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry, target


def test_members_are_read_without_touching_the_disk(tmp_path):
    path = write(tmp_path / "a.zip", [("x.csv", "1,2\n3,4\n"), ("d/y.txt", "z")])
    assert read(path, "*.csv") == b"1,2\n3,4\n"
    assert read(path, "d/y.txt") == b"z"
    with zipped.opened(path, "*.csv", {}) as lines:
        assert list(lines) == [b"1,2\n", b"3,4\n"]
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.zip"]


@pytest.mark.parametrize(
    "name", ["../x", "a/../../x", "/etc/x", "..\\x", "C:\\x", "c:/x", "."]
)
def test_an_entry_that_climbs_out_is_refused_even_if_not_asked_for(tmp_path, name):
    path = write(tmp_path / "a.zip", [("x.csv", "1"), (name, "2")])
    with pytest.raises(BadInput, match="leaves the folder"):
        read(path, "x.csv")


def test_a_link_is_refused(tmp_path):
    path = write(tmp_path / "a.zip", [("x.csv", "1"), link("y.csv", "/etc/passwd")])
    with pytest.raises(BadInput, match=r"'y.csv' is a link"):
        read(path)


def test_an_entry_named_twice_is_refused(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = write(tmp_path / "a.zip", [("x.csv", "1"), ("x.csv", "2")])
    with pytest.raises(BadInput, match="appears twice"):
        read(path)


def test_a_bomb_is_refused_at_the_ratio_that_is_configured(tmp_path):
    path = write(tmp_path / "a.zip", [("x.csv", bytes(50 * 2**20))])
    with pytest.raises(BadInput, match="200 times its packed size"):
        read(path)
    assert len(read(path, max_ratio=5000)) == 50 * 2**20


def test_a_bomb_whose_directory_lies_about_its_size_is_refused(tmp_path):
    path = write(tmp_path / "a.zip", [("x.csv", bytes(50 * 2**20))])
    packed = path.read_bytes()
    size = (50 * 2**20).to_bytes(4, "little")
    path.write_bytes(packed.replace(size, (10).to_bytes(4, "little")))
    with pytest.raises(BadInput):
        read(path)


def test_packed_text_is_read_up_to_the_same_ratio(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" * 1000))
    assert zipped.content(path) == b"a,b\n" * 1000
    path.write_bytes(gzip.compress(bytes(50 * 2**20)))
    with pytest.raises(BadInput, match="200 times its size"):
        zipped.content(path)


def test_a_workbook_is_examined_like_a_zip(tmp_path):
    path = write(tmp_path / "a.xlsx", [("x.xml", "1")])
    zipped.examine(path, path.read_bytes())
    write(path, [("../x.xml", "1")])
    with pytest.raises(BadInput, match="leaves the folder"):
        zipped.examine(path, path.read_bytes())
    write(path, [("x.xml", bytes(50 * 2**20))])
    with pytest.raises(BadInput, match="200 times its packed size"):
        zipped.examine(path, path.read_bytes())
    zipped.examine(path, b"\xd0\xcf the old format")


def test_an_encrypted_entry_is_refused(tmp_path):
    path = write(tmp_path / "a.zip", [("x.csv", "1")])
    packed = bytearray(path.read_bytes())
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(packed)
    with pytest.raises(BadInput, match="is encrypted"):
        read(path)


def test_a_zip_without_the_one_wanted_file_is_refused(tmp_path):
    path = write(tmp_path / "a.zip", [("x.csv", "1")])
    with pytest.raises(BadInput, match=r"0 files like '\*.parquet'"):
        read(path, "*.parquet")
    path = write(tmp_path / "b.zip", [("x.csv", "1"), ("y.csv", "2")])
    with pytest.raises(BadInput, match=r"2 files like '\*.csv' in place of one"):
        read(path, "*.csv")


@given(data=st.data())
def test_a_damaged_zip_gives_its_content_or_one_sentence(tmp_path_factory, data):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("x.csv", "a,b\n" * 50)
    whole = bytearray(buffer.getvalue())
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.mktemp("zip") / "a.zip"
    path.write_bytes(whole[: data.draw(st.integers(1, len(whole)))])
    try:
        found = read(path)
    except BadInput as error:
        assert str(path) in str(error)
    else:
        assert found == b"a,b\n" * 50
