"""The meanings of repair flags against the text of the parsers that set them."""

import re

from project import SRC
from seqshift import repairs

PARSERS = [
    *sorted((SRC / "seqshift" / "sources").glob("*.py")),
    *(SRC / "seqshift" / f"{name}.py" for name in "loads localdays workbook".split()),
]


def flags() -> set[str]:
    """Return every text in the parsers that has the form of a flag."""
    text = "\n".join(path.read_text() for path in PARSERS)
    return set(re.findall(r"""["']([A-Z]\d+[a-z]?)["']""", text))


def test_every_flag_that_a_parser_can_set_has_a_meaning():
    assert {"E1a", "E12", "F8", "W1"} <= flags()
    assert sorted(flags() - repairs.MEANING.keys()) == []


def test_no_meaning_is_left_of_a_flag_that_nothing_sets():
    assert sorted(repairs.MEANING.keys() - flags()) == []


def test_a_meaning_is_one_short_phrase():
    for flag, meaning in repairs.MEANING.items():
        assert 10 <= len(meaning) <= 120, flag
        assert not meaning.endswith(".") and meaning == " ".join(meaning.split()), flag
