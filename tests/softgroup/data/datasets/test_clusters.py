import numpy as np

from seqshift.softgroup.data import panels
from seqshift.softgroup.data.datasets import clusters

SPEC = {"seeds": {"validation": 9000, "test": 5000}, "replicates": 3, "season": 1}
SPEC |= {"clusters": 6, "members": 4, "context": 256, "noise": 0.6, "short": 0.5}
SPEC |= {"short_steps": [24, 64], "negative": 0.25, "lag": 0}


def test_an_origin_is_a_replicate_named_by_its_seed():
    made = clusters.windows(None, SPEC, "test", 96)
    assert made["origin"].values.tolist() == [5000, 5001, 5002]
    early = clusters.windows(None, SPEC, "validation", 96)
    assert early["origin"].values.tolist() == [9000, 9001, 9002]
    one = clusters.draw(SPEC, 5001, 96)
    np.testing.assert_array_equal(made["target"][1], one.target.astype(np.float32))
    assert panels.check(made.assign_attrs(dict.fromkeys(panels.ATTRS, "")), "w")


def test_more_replicates_leave_the_first_ones_as_they_are():
    few = clusters.windows(None, SPEC, "test", 96)
    more = clusters.windows(None, SPEC | {"replicates": 5}, "test", 96)
    np.testing.assert_array_equal(few["context"], more["context"][:3])


def test_a_scale_is_that_of_the_whole_history():
    made = clusters.windows(None, SPEC, "test", 96)
    full = clusters.draw(SPEC, 5002, 96).full
    expected = np.abs(np.diff(full)).mean(axis=1)
    np.testing.assert_allclose(made["scale"].values[2], expected, rtol=1e-12)


def test_wrong_groups_take_one_series_of_each_cluster():
    groups = clusters.windows(None, SPEC, "test", 96)["group"]
    right, wrong, joint = (
        groups.sel(grouping=name).values for name in ("right", "wrong", "joint")
    )
    assert np.bincount(right).tolist() == [4] * 6
    for group in range(4):
        assert sorted(right[wrong == group]) == [0, 1, 2, 3, 4, 5]
    assert not joint.any()
