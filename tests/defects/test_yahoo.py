import numpy as np
import pytest

from seqshift import bars, storage
from seqshift.defects import yahoo as defects
from seqshift.schemas.raw import BARS_DAILY
from seqshift.simulate import market
from seqshift.sources import yahoo

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
    "crises": [{"start": "2008-06-02", "days": 60}],
}


def flagged(frame):
    rules = frame["flag"].str.split("+").explode()
    return rules[rules != ""].value_counts().to_dict()


@pytest.mark.parametrize("variant", ["v7", "adjusted", "iex"])
@pytest.mark.parametrize("seed", [0, 1])
def test_every_damage_is_marked_and_nothing_else(tmp_path, variant, seed):
    spec = {"query": {"variant": variant}}
    world = market.make(WORLD)
    yahoo.simulate(world, spec, tmp_path)
    clean = yahoo.read(tmp_path, spec)
    natural = flagged(clean)
    assert set(natural) <= {"F4"}
    promised = defects.spoil(tmp_path, np.random.default_rng(seed))
    frame = storage.validate(yahoo.read(tmp_path, spec), BARS_DAILY, tmp_path)
    assert flagged(frame) == promised
    assert promised == {"F1": 6, "F2": 6, "F3": 9, "F4": 3 + natural.get("F4", 0)}
    untouched = frame["flag"] == ""
    before = np.log(clean["close_adj"]).groupby(clean["entity"]).diff()
    after = np.log(frame["close_adj"]).groupby(frame["entity"]).diff()
    same = untouched & untouched.shift(1, fill_value=True)  # a stale close moves two
    assert np.allclose(after[same], before[same], atol=2e-7, equal_nan=True)
    assert len(bars.missing_sessions(frame)) == 0
