import gzip

import numpy as np
import pytest

from seqshift import fixedwidth
from seqshift.errors import BadInput


def write(folder, text, name="a.txt"):
    (folder / name).write_text(text)
    return folder / name


def test_words_and_numbers_stand_at_fixed_places(tmp_path):
    path = write(tmp_path, "AB 1 -22\nCD 3   4\n")
    block = fixedwidth.block(path, 8, 8)
    assert fixedwidth.words(block, 0, 2).tolist() == [b"AB", b"CD"]
    frame = fixedwidth.table(path, 8, {"one": (2, 4), "two": (4, 8)})
    assert frame["one"].tolist() == [1, 3] and frame["two"].tolist() == [-22, 4]


def test_trimmed_lines_are_padded_and_shorter_ones_refused(tmp_path):
    path = write(tmp_path, "ABC  \nDEF\n")
    assert fixedwidth.block(path, 5, 3).shape == (2, 5)
    with pytest.raises(BadInput, match="a.txt, line 2 has 3 characters in place of 5"):
        fixedwidth.block(path, 5, 4)


def test_packed_files_are_read_and_empty_ones_refused(tmp_path):
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"12\n34\n"))
    assert fixedwidth.table(path, 2, {"x": (0, 2)})["x"].tolist() == [12, 34]
    with pytest.raises(BadInput, match="is empty; delete it"):
        fixedwidth.block(write(tmp_path, ""), 2, 2)


@pytest.mark.parametrize("word", ["1x", "  ", "é1", "--"])
def test_a_word_that_is_no_number_is_refused_with_its_line(tmp_path, word):
    path = write(tmp_path, f"12\n34\n{word}\n")
    with pytest.raises(BadInput, match="a.txt, line 3, column x: .* is no integer"):
        fixedwidth.table(path, 2, {"x": (0, 2)})


def test_the_line_is_named_where_lines_were_left_out(tmp_path):
    cells = np.array([[b"1", b"2"], [b"3", b"q"]])
    with pytest.raises(BadInput, match="line 8, column x: 'q' is no integer"):
        fixedwidth.integers(cells, tmp_path, "x", np.array([4, 7]))
