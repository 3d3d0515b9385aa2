"""The rules of repair flags against the text of the parsers that set them."""

import re

import pandas as pd

from project import SRC
from seqshift import repairs

PARSERS = [
    *sorted((SRC / "seqshift" / "sources").glob("*.py")),
    *sorted(set((SRC / "seqshift").glob("*.py")) - {SRC / "seqshift" / "repairs.py"}),
]


def flags() -> set[str]:
    """Return every text in the parsers that has the form of a flag."""
    text = "\n".join(path.read_text() for path in PARSERS)
    return set(re.findall(r"""["']([BEFW]\d+[a-z]?)["']""", text))


def test_every_flag_that_a_parser_can_set_has_a_rule():
    assert {"E1a", "E12", "F8", "W1"} <= flags()
    assert sorted(flags() - repairs.RULES.keys()) == []


def test_no_rule_is_left_of_a_flag_that_nothing_sets():
    assert sorted(repairs.RULES.keys() - flags()) == []


def test_a_meaning_is_one_short_phrase():
    for flag, rule in repairs.RULES.items():
        words = rule.meaning
        assert 10 <= len(words) <= 120, flag
        assert not words.endswith(".") and words == " ".join(words.split()), flag


def test_every_rule_has_one_of_the_three_actions():
    assert {rule.action for rule in repairs.RULES.values()} == set(repairs.ACTIONS)


def test_a_row_counts_as_repaired_by_any_of_its_rules():
    marks = pd.Series(["", "E12", "F4", "F4+W1", "E14", "E17+E1b"], index=[*"abcdef"])
    found = repairs.repaired(marks)
    assert found.dtype == bool
    assert found[found].index.tolist() == ["b", "d", "f"]


def test_a_repair_of_what_no_feature_reads_does_not_count():
    assert not repairs.repaired(pd.Series(["F2", "F1+F2"])).any()
    assert not repairs.repaired(pd.Series([], dtype="str")).any()
