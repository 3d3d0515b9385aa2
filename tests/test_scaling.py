import numpy as np
import pytest

from seqshift import scaling, splits
from seqshift.errors import BadInput


@pytest.fixture
def roles(features, spec):
    return splits.roles(splits.make(features, spec), features)


def test_moments_are_those_of_the_train_rows(features, roles, spec):
    scaler = scaling.fit_scaler(features, roles, spec)
    train = features[roles["role"] == "train"]
    mine = train[train["entity"] == "BB"]["target_1"]
    assert scaler["target"]["BB"] == [mine.mean(), mine.std(ddof=0)]
    temp = train["temp_mean"]
    assert scaler["shared"] == {"temp_mean": [temp.mean(), temp.std(ddof=0)]}
    assert "DD" in scaler["target"]


def test_a_target_that_is_not_centred_keeps_its_level(features, roles, spec):
    spec["target"]["centred"] = False
    scaler = scaling.fit_scaler(features, roles, spec)
    assert {mean for mean, _ in scaler["target"].values()} == {0.0}


def test_unscale_undoes_the_scale_of_each_row(features, roles, spec):
    scaler = scaling.fit_scaler(features, roles, spec)
    names, z = np.array(["AA", "CC"]), np.array([[[1.5]], [[-2.0]]])
    raw = scaling.unscale(z, names, scaler)
    mean, deviation = np.array([scaler["target"][name] for name in names]).T
    assert not np.isclose(deviation, 1).any()
    np.testing.assert_allclose(raw[:, 0, 0], mean + [1.5, -2.0] * deviation)


def test_a_constant_column_is_refused_by_name(features, roles, spec):
    features["temp_mean"] = 7.0
    with pytest.raises(BadInput, match="temp_mean is constant"):
        scaling.fit_scaler(features, roles, spec)
