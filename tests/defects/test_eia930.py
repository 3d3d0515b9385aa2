import numpy as np
import pytest

import gridworld
from seqshift.defects import eia930 as defects
from seqshift.sources import eia930


@pytest.mark.parametrize("seed", [0, 1])
def test_the_planted_defects_are_found_to_the_row(tmp_path, seed):
    eia930.simulate(gridworld.world(trend=True), {}, tmp_path)
    expected = defects.spoil(tmp_path, np.random.default_rng(seed))
    known = {"E16": 36, "E17": 60, "E1c": 3}
    assert known.items() <= expected.items()
    assert gridworld.rules(gridworld.read(eia930, tmp_path)) == expected
