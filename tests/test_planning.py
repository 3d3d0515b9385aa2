"""The sentence for a paper, from the table."""

import numpy as np
import pandas as pd
import pytest

import planningtables
from seqshift import planning


@pytest.fixture
def power():
    """Return POWER of one cell with a deviation of 0.05 over three seeds."""
    return planningtables._power(3)


def test_the_sentence_holds_the_numbers_of_the_table(power):
    text = planning.sentence(power)
    assert "at most 0.0843 (one-sided test) or 0.0741 (two-sided)" in text
    assert "In 1 cells with up to 3 pilot seeds its median is 0.0500" in text
    assert "suffices in 1 cells (one-sided; two-sided in 1)" in text
    assert "and in 0 (0) on its upper limit" in text
    assert "a median need of 5 and 15 seeds" in text


def test_the_rule_fails_where_the_deviation_is_larger(power):
    wide = power.assign(needed_high=11.0, needed_high_upper=np.inf)
    text = planning.sentence(wide)
    assert "suffices in 0 cells" in text
    assert "11 and an unlimited number of seeds" in text


def test_without_two_seeds_nothing_is_said_but_that():
    for frame in (pd.DataFrame(), planningtables._power(1)):
        assert planning.summary(frame) == {}
        assert planning.sentence(frame).startswith("No cell has two pilot seeds")
