import numpy as np

from seqshift import storage
from seqshift.defects import vix as defects
from seqshift.schemas.raw import INDEX_DAILY
from seqshift.simulate import market
from seqshift.sources import vix

WORLD = {
    "kind": "market",
    "seed": 4,
    "entities": ["AAA"],
    "start": "2007-01-03",
    "train_years": 1,
    "val_years": 0,
    "test_years": 0,
    "shift": "none",
    "strength": 0.0,
    "trend": False,
    "crises": [],
}


def test_every_damage_is_marked_and_nothing_else(tmp_path):
    world = market.make(WORLD)
    vix.simulate(world, {}, tmp_path)
    assert vix.read(tmp_path, {})["flag"].eq("").all()
    promised = defects.spoil(tmp_path, np.random.default_rng(0))
    frame = storage.validate(vix.read(tmp_path, {}), INDEX_DAILY, tmp_path)
    assert frame["flag"].value_counts().to_dict() == promised | {
        "": len(world.sessions) - 10
    }
    assert promised == {"F7": 3, "F8": 10}
    used = frame[frame["date"].isin(world.sessions)]
    assert np.allclose(used["close"], world.vix, atol=1e-6)
