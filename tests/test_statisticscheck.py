"""Thresholds of the sensitivity against those that are tested."""

import pytest

from seqshift.errors import BadInput
from seqshift.statisticscheck import check


def section(g=(1.3, 1.5), r=(1.1, 1.2), tested=(1.5, 1.2)):
    names = ("g_ratio", "robustness_delta")
    lists = dict(zip(names, map(list, (g, r)), strict=True))
    bars = dict(zip(names, tested, strict=True)) | {"collapse": 0.5}
    return {"sensitivity": {"thresholds": lists}, "thresholds": bars}


def test_lists_that_hold_the_tested_thresholds_at_one_place_pass():
    check(section())


def test_lists_of_different_lengths_are_refused():
    with pytest.raises(BadInput, match="different lengths"):
        check(section(g=(1.3, 1.5, 2.0)))


@pytest.mark.parametrize("other", [{"tested": (1.6, 1.2)}, {"r": (1.2, 1.1)}])
def test_tested_thresholds_must_stand_at_one_place(other):
    with pytest.raises(BadInput, match="no place of its lists"):
        check(section(**other))
