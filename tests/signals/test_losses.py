"""Expected losses and the ratio of the validation era."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from seqshift.signals import losses


def test_the_expected_loss_is_that_of_a_ridge_regression():
    rng = np.random.default_rng(0)
    x, forecast = rng.normal(size=(80, 2)), rng.normal(size=80)
    loss = 1 + x[:, 0] ** 2
    inputs = losses.design(x, forecast)
    assert inputs.shape == (80, 5)
    centred, goal = inputs - inputs.mean(0), loss - loss.mean()
    weight = np.linalg.solve(centred.T @ centred + 5 * np.eye(5), centred.T @ goal)
    model = losses.expected(inputs, loss, 5)
    np.testing.assert_allclose(model.coef_, weight)
    wild = losses.design(x * 3, forecast)
    want = np.maximum(model.predict(wild), 0).mean()
    want /= np.maximum(model.predict(inputs), 0).mean()
    assert losses.dle(model, inputs, wild) == pytest.approx(want)
    assert losses.dle(model, inputs, wild) > 2


def test_an_expected_loss_of_nothing_is_no_change():
    model = Ridge(alpha=1.0).fit(np.zeros((3, 2)), np.zeros(3))
    assert losses.dle(model, np.zeros((3, 2)), np.ones((1, 2))) == 1


def test_the_ratio_of_the_validation_era_by_hand():
    assert losses.val_ratio(
        np.array([3.0, 4.0]), np.array([1.0, 7.0])
    ) == pytest.approx(np.sqrt(12.5 / 25))
    assert losses.val_ratio(np.ones(3), np.zeros(3)) == 1
