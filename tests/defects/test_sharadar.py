import numpy as np
import pytest

from seqshift import storage
from seqshift.defects import sharadar as defects
from seqshift.schemas.raw import BARS_DAILY
from seqshift.simulate import market
from seqshift.sources import sharadar

WORLD = {
    "kind": "market",
    "seed": 4,
    "entities": ["AAA", "BBB", "CCC"],
    "start": "2007-01-03",
    "train_years": 2,
    "val_years": 0,
    "test_years": 0,
    "shift": "none",
    "strength": 0.0,
    "trend": False,
    "crises": [],
}


@pytest.mark.parametrize("host", ["sharadar", "nasdaq"])
@pytest.mark.parametrize("seed", [0, 1])
def test_every_damage_is_marked_and_nothing_else(tmp_path, host, seed):
    spec = {"query": {"host": host}}
    sharadar.simulate(market.make(WORLD), spec, tmp_path)
    clean = sharadar.read(tmp_path, spec)
    assert clean["flag"].eq("").all()
    promised = defects.spoil(tmp_path, np.random.default_rng(seed))
    frame = storage.validate(sharadar.read(tmp_path, spec), BARS_DAILY, tmp_path)
    assert len(frame) == len(clean)  # rows of the overlapping page count once
    assert frame["flag"].value_counts().to_dict() == promised | {
        "": len(clean) - sum(promised.values())
    }
    assert promised == {"F1": 6, "F2": 6, "F3": 9, "F4": 3}
