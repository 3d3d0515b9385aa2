import datetime
import gzip
import time

import pytest

from seqshift import workbook
from seqshift.errors import BadInput

SHEETS = {
    "One": [["title"], ["day", "mw"], [datetime.datetime(2020, 1, 2, 3), 4.5]],
    "Two": [["title"], ["day", "mw"], ["x", " "]],
}


def test_cells_come_back_from_plain_and_packed_files(tmp_path):
    path = tmp_path / "a.xlsx"
    workbook.write(SHEETS, path)
    packed = tmp_path / "b.xlsx.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    for file in (path, packed):
        sheets = workbook.read(file, header=1)
        assert list(sheets) == ["One", "Two"]
        assert sheets["One"].iloc[0].tolist() == SHEETS["One"][2]
        assert sheets["Two"].iloc[0].tolist() == ["x", " "]
    assert list(workbook.find(tmp_path, r".\.xlsx")) == ["a.xlsx", "b.xlsx"]


def test_the_same_cells_give_the_same_bytes_at_any_time(tmp_path, monkeypatch):
    workbook.write(SHEETS, tmp_path / "a.xlsx")
    monkeypatch.setattr(time, "time", lambda: 2e9)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(2_000_000_000))
    workbook.write(SHEETS, tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize("name", ["a.xlsx", "a.xlsx.gz"])
def test_a_cut_workbook_is_refused(tmp_path, name):
    workbook.write(SHEETS, tmp_path / "whole.xlsx")
    content = (tmp_path / "whole.xlsx").read_bytes()
    content = gzip.compress(content) if name.endswith("gz") else content
    (tmp_path / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(BadInput, match=f"{name} is cut or damaged.*run again"):
        workbook.read(tmp_path / name, header=0)


def test_a_folder_without_the_file_or_with_two_copies_is_refused(tmp_path):
    with pytest.raises(BadInput, match="holds no file"):
        workbook.find(tmp_path, "a.xlsx")
    for name in ("a.xlsx", "a.xlsx.gz"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(BadInput, match="repeats a.xlsx"):
        workbook.find(tmp_path, "a.xlsx")
