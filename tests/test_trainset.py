"""What a training set knows: its windows, and which entities it has."""

import numpy as np
import pytest

from panel import SPEC, small_panel
from seqshift import trainset, windows


@pytest.fixture(scope="module")
def panel():
    return small_panel()


def test_windows_come_back_from_disk(panel, tmp_path):
    path = tmp_path / "train.parquet"
    trainset.write(panel.train, SPEC["features"], path)
    found = trainset.read(path)
    for name in ("x", "day", "entity", "date", "target"):
        np.testing.assert_array_equal(getattr(found, name), getattr(panel.train, name))


def test_a_full_training_set_knows_every_seen_entity(panel):
    assert trainset.known(SPEC, panel.train) == SPEC


def test_an_entity_without_windows_is_unknown_and_no_other_changes_its_number(panel):
    part = panel.train.take(np.flatnonzero(panel.train.entity != 1))
    known = trainset.known(SPEC, part)
    names = known["entities"]["seen"]
    assert names == ["", *SPEC["entities"]["seen"][1:]]
    assert known["entities"]["unseen"] == SPEC["entities"]["unseen"]
    made = windows.cut(
        panel.features, panel.roles, SPEC, panel.scaler, names, ["train", "val"]
    )
    ids = dict(zip(made[1]["entity"], made[0].entity.tolist(), strict=True))
    seen = SPEC["entities"]["seen"]
    assert [ids[name] for name in seen] == [0, 2, 3]
