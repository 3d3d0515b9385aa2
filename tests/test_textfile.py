import gzip
import lzma

import pytest

from seqshift import textfile
from seqshift.errors import BadInput

HEADER = ["Date", "Value"]
GOOD = "Date,Value\n2020-01-02,1.5\n2020-01-03,2\n"


def read(path):
    frame = textfile.table(path, HEADER, words=["Date"])
    return frame.assign(Date=textfile.days(frame, "Date", path))


@pytest.mark.parametrize(
    ("suffix", "pack"),
    [("", bytes), (".gz", gzip.compress), (".xz", lzma.compress)],
)
def test_plain_and_packed_copies_read_alike(tmp_path, suffix, pack):
    path = tmp_path / f"a.csv{suffix}"
    path.write_bytes(pack(GOOD.encode()))
    assert textfile.find(tmp_path) == {"a": path}
    assert read(path)["Value"].tolist() == [1.5, 2.0]


def test_a_byte_order_mark_and_windows_lines_are_accepted(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert read(path)["Value"].tolist() == [1.5, 2.0]


@pytest.mark.parametrize("suffix", [".gz", ".xz"])
def test_a_cut_packed_file_is_refused(tmp_path, suffix):
    path = tmp_path / f"a.csv{suffix}"
    pack = {".gz": gzip.compress, ".xz": lzma.compress}[suffix]
    path.write_bytes(pack(GOOD.encode() * 50)[:-12])
    with pytest.raises(BadInput, match="a.csv.*is cut or damaged"):
        textfile.text(path)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="a.csv is cut or damaged"):
        textfile.text(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "should start with 'Date,Value'"),
        ("Date,Value\n", "should start with 'Date,Value'"),
        ("Date,Price\n2020-01-02,1\n", "it starts with 'Date,Price'"),
        ("Date,Value\n2020-01-02,1\n2020-01", "line 3 has 1 fields"),
        ('Date,Value\n2020-01-02,"1,000"\n', "line 2 has 3 fields"),
        ("Date,Value\n\n2020-01-02,1\n", "line 2 has 1 fields"),
        ("Date,Value\n2020-01-02,\n", "line 2, column Value: '' is not a number"),
        ("Date,Value\n2020-01-02,1\n2020-01-03,NaN\n", "line 3, column Value: 'NaN'"),
        ("Date,Value\n2020-01-02,inf\n", "line 2, column Value: 'inf'"),
        ("Date,Value\n2020-01-02,1\n2020-01-03,x\n", "line 3, column Value: 'x'"),
        ('Date,Value\n2020-01-02,"1\n', "line 2, column Value: '\"1'"),
        ("Date,Value\n2020-1-2,1\n", "line 2, column Date: '2020-1-2' is not a date"),
        ("Date,Value\n2020-02-30,1\n", "line 2, column Date: '2020-02-30' is not a"),
        ("Date,Value\n2020-01-02,1\n01/03/2020,1\n", "line 3, column Date: '01/03"),
        ("Date,Value\n2020-01-02,1\n2020-01-02,1\n", "line 3, .*appears twice"),
        ("Date,Value\n2020-01-03,1\n2020-01-02,1\n", "line 3, .*is before the date"),
    ],
)
def test_a_wrong_cell_is_named(tmp_path, content, words):
    (tmp_path / "a.csv").write_text(content)
    with pytest.raises(BadInput, match=words) as caught:
        read(tmp_path / "a.csv")
    assert str(tmp_path / "a.csv") in str(caught.value)
    assert "run again" in str(caught.value)


def test_an_empty_folder_and_a_file_given_twice_are_refused(tmp_path):
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(BadInput, match="holds no .csv file"):
        textfile.find(tmp_path)
    (tmp_path / "a.csv").write_text(GOOD)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(GOOD.encode()))
    with pytest.raises(BadInput, match=r"a.csv.gz repeats a.csv"):
        textfile.find(tmp_path)


@pytest.mark.parametrize("cell", ["", "x", "nan", "inf", "1,5"])
def test_a_field_of_a_line_that_is_no_number_is_refused(tmp_path, cell):
    good = textfile.numbers([" 1", "2.5"], tmp_path, 3, 7)
    assert good.tolist() == [1.0, 2.5]
    with pytest.raises(BadInput, match=f"line 5, column 8: '{cell}' is not a number"):
        textfile.numbers(["1", cell], tmp_path, 3, 7)
