"""Ridge regression against least squares on augmented rows, and its penalty."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import beside
from seqshift import design
from seqshift.baselines import ridge


def augmented(x, y, penalty):
    """Return slope and intercept by least squares with one more row a column."""
    columns = x.shape[1]
    ones = np.column_stack([np.ones(len(x)), x])
    shrink = np.column_stack([np.zeros(columns), np.sqrt(penalty) * np.eye(columns)])
    rows = np.vstack([ones, shrink])
    values = np.vstack([y, np.zeros((columns, y.shape[1]))])
    found = np.linalg.lstsq(rows, values, rcond=None)[0]
    return found[1:], found[0]


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 99),
    rows=st.integers(3, 60),
    columns=st.integers(1, 12),
    horizons=st.integers(1, 3),
    power=st.integers(-3, 4),
)
def test_the_closed_form_is_the_least_squares_of_augmented_rows(
    seed, rows, columns, horizons, power
):
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(rows, columns)) + draw.normal(size=columns)
    y = draw.normal(size=(rows, horizons)) + 3
    penalty = 10.0**power
    slopes, intercepts = ridge.fit(x, y, np.array([penalty, 2 * penalty]))
    expected, level = augmented(x, y, penalty)
    np.testing.assert_allclose(slopes[0], expected, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(intercepts[0], level, rtol=1e-6, atol=1e-8)


def test_equal_columns_share_their_slope():
    draw = np.random.default_rng(0)
    one = draw.normal(size=(50, 1))
    x = np.column_stack([one, one, draw.normal(size=50)])
    slopes, _ = ridge.fit(x, 2 * one, np.array([1e-3]))
    assert slopes[0, 0] == pytest.approx(slopes[0, 1])
    assert slopes[0, :2].sum() == pytest.approx(2, rel=1e-3)


def test_a_level_of_the_target_moves_the_intercept_alone():
    draw = np.random.default_rng(0)
    x, y = draw.normal(size=(50, 4)), draw.normal(size=(50, 1))
    plain, level = ridge.fit(x, y, np.array([5.0]))
    moved, other = ridge.fit(x, y + 10, np.array([5.0]))
    np.testing.assert_allclose(moved, plain, atol=1e-12)
    np.testing.assert_allclose(other, level + 10)


def test_the_penalty_is_that_of_the_smallest_validation_error(capsys):
    data = beside.load()
    penalties = [0.1, 10.0, 1000.0, 1e5]
    _, found = beside.predict(ridge, data, {"penalties": penalties})
    said = capsys.readouterr().out
    train, val = data.windows("train"), data.windows("val")
    errors, forecasts = [], []
    for penalty in penalties:
        slope, level = augmented(design.flat(train), train.target, penalty)
        errors.append(np.mean((design.flat(val) @ slope + level - val.target) ** 2))
        _, alone = beside.predict(ridge, data, {"penalties": [penalty]})
        forecasts.append(alone)
    best = int(np.argmin(errors))
    np.testing.assert_array_equal(found, forecasts[best])
    assert said.startswith(f"ridge: penalty {penalties[best]:g}, validation MSE ")
    assert float(said.split()[-1]) == pytest.approx(errors[best], rel=1e-4)


def test_the_forecast_is_that_of_least_squares_in_units_of_each_entity():
    data = beside.load()
    frame, found = beside.predict(ridge, data, {"penalties": [1.0]})
    train = data.windows("train")
    slope, level = augmented(design.flat(train), train.target, 1.0)
    for entity, rows in frame.groupby("entity"):
        mean, deviation = data.scaler["target"][entity]
        cut = data.cut(*beside.SCORED)[0].take(rows.index.to_numpy())
        expected = (design.flat(cut) @ slope + level) * deviation + mean
        np.testing.assert_allclose(found[rows.index], expected, rtol=1e-6)


def test_load_that_follows_temperature_is_forecast_better_than_by_repeating_it():
    frame, found = beside.predict(ridge, beside.load(), beside.PENALTIES)
    test = (frame["role"] == "temporal_test").to_numpy()
    error = np.abs(found[test, 0] - frame["target_1"][test]).mean()
    assert error < 0.5 * np.abs(frame["naive_1"] - frame["target_1"])[test].mean()
