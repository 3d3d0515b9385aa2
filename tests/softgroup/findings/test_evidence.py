"""The shape and the words of answers and claims."""

import numpy as np

from seqshift.softgroup.findings import evidence


def test_a_gain_is_said_with_its_interval_or_without_one():
    test = {"gain": 1.596, "low": 0.2, "high": 2.95}
    assert evidence.ends(test) == "+1.60 % [+0.20, +2.95]"
    assert evidence.ends(test | {"low": np.nan}) == "+1.60 % (no interval)"
