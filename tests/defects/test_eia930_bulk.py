import numpy as np
import pytest

import gridworld
from seqshift.defects import eia930_bulk as defects
from seqshift.sources import eia930_bulk


@pytest.mark.parametrize("seed", [0, 1])
def test_the_planted_defects_are_found_to_the_row(tmp_path, seed):
    eia930_bulk.simulate(gridworld.world(trend=True), {}, tmp_path)
    expected = defects.spoil(tmp_path, np.random.default_rng(seed))
    known = {"E1a": 3, "E1b": 3, "E3": 6, "E24": 99, "E25": 180}
    assert known.items() <= expected.items()
    assert gridworld.rules(gridworld.read(eia930_bulk, tmp_path)) == expected
