"""Shares and ranks of features and cells."""

import numpy as np

from attributions import dataset, random_run, two_sides
from seqshift.drift.explained import read
from seqshift.drift.ranks import ranks as measure


def test_ranks_are_those_of_the_shares_of_features_and_cells():
    before = np.array([[4.0, 1.0], [2.0, 1.0]])
    after = np.array([[1.0, 4.0], [1.0, 4.0]])
    ranks = measure(read(two_sides(before, after)))
    for entity in ("E0", ""):
        rows = ranks[(ranks["entity"] == entity) & (ranks["level"] == "feature")]
        rows = rows.set_index("name")
        assert rows["reference"].to_dict() == {"f0": 0.75, "f1": 0.25}
        assert rows["test"].to_dict() == {"f0": 0.2, "f1": 0.8}
        assert rows["reference_rank"].to_dict() == {"f0": 1, "f1": 2}
        assert rows["test_rank"].to_dict() == {"f0": 2, "f1": 1}
    cells = ranks[(ranks["entity"] == "E0") & (ranks["level"] == "cell")]
    names = cells.sort_values("reference_rank")["name"].tolist()
    assert names == ["f0 lag 2", "f0 lag 1", "f1 lag 2", "f1 lag 1"]


def test_shares_add_up_to_one_and_entities_weigh_the_same():
    data = random_run(0)
    data["magnitude"][:, 0] *= 1000
    ranks = measure(read(data))
    sums = ranks.groupby(["entity", "level"])[["reference", "test"]].sum()
    np.testing.assert_allclose(sums, 1)
    features = ranks[ranks["level"] == "feature"]
    own = features[features["entity"] != ""].groupby("name")["test"].mean()
    mean = features[features["entity"] == ""].set_index("name")["test"]
    np.testing.assert_allclose(mean[own.index], own)


def test_an_entity_without_attributions_has_no_shares():
    data = random_run(0)
    data["magnitude"][:, 0] = 0
    found = measure(read(data))
    assert set(found["entity"]) == {"E1", "E2", "E3", ""}
    assert found[["reference", "test"]].notna().all(axis=None)


def test_a_run_without_a_test_era_has_no_ranks():
    data = dataset(np.ones((2, 3, 2, 2)), [["reference"] * 3] * 2)
    assert measure(read(data)).empty
