import numpy as np
import pytest

import gridworld
from seqshift import storage
from seqshift.defects import isd_lite as defects
from seqshift.schemas.raw import TABLES
from seqshift.sources import isd_lite


@pytest.mark.parametrize("zone", ["America/New_York", "America/Los_Angeles"])
def test_the_planted_defects_are_found_to_the_row(tmp_path, zone):
    isd_lite.simulate(gridworld.world(timezone=zone), {}, tmp_path)
    ids = {path.name[:12] for path in tmp_path.iterdir()}
    expected = defects.spoil(tmp_path, np.random.default_rng(0))
    spec = {"query": {"zones": dict.fromkeys(ids, zone)}}
    frame = isd_lite.read(tmp_path, spec)
    table = storage.validate(frame, TABLES["WEATHER_DAILY"], tmp_path)
    assert expected == {"W7": 6, "W1": 12, "W8": 3}
    assert gridworld.rules(table) == expected
    assert table["t_mean"].isna().sum() == 9
