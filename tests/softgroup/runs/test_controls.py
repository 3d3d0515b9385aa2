"""The arithmetic of the controls."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seqshift.softgroup.runs import controls

DRAW = np.random.default_rng(0)
HARD, JOINT = DRAW.normal(size=(2, 4, 3, 9, 12))
SCALE = DRAW.uniform(1, 2, size=(4, 3))


def logistic(score):
    """Return the mass of a row whose other groups stand at this score."""
    return lambda s: s * np.exp(score) / (1 + s * np.exp(score))


@given(st.floats(-3, 3), st.floats(0.02, 0.98))
def test_a_matched_constant_has_the_mass_to_the_tolerance(score, share):
    mass = logistic(score)
    wanted = share * mass(1.0)
    assert abs(mass(controls.matched(mass, wanted, 1e-3)) - wanted) <= 1e-3


def test_a_mass_out_of_reach_is_met_by_an_end():
    mass = logistic(0)
    assert controls.matched(mass, 0.0, 1e-3) == 0
    assert controls.matched(mass, 0.5, 1e-3) == 1


def test_the_mix_is_its_formula_and_its_weights_are_recovered():
    share = np.array([0.3, 0.0, 1.0, 0.8])
    mixed = controls.mix(HARD, JOINT, share)
    np.testing.assert_allclose(mixed[0], 0.7 * HARD[0] + 0.3 * JOINT[0])
    np.testing.assert_allclose(controls.weight(mixed, HARD, JOINT, SCALE), share)
    assert (controls.weight(HARD + 99, HARD, JOINT, SCALE) == 1).all()
    assert (controls.weight(JOINT, HARD, HARD, SCALE) == 0).all()


def test_the_weight_of_a_mix_does_not_depend_on_the_units_of_a_series():
    soft = DRAW.normal(size=HARD.shape)
    units = np.array([1.0, 1000.0, 0.01])
    each = units[:, None, None]
    found = controls.weight(soft, HARD, 9 * JOINT, SCALE)
    again = controls.weight(each * soft, each * HARD, each * 9 * JOINT, units * SCALE)
    np.testing.assert_allclose(again, found)
    assert ((0 < found) & (found < 1)).all()


def test_shrinking_moves_a_tenth_of_the_way_to_the_mean():
    found = controls.shrink(HARD)
    np.testing.assert_allclose(found.mean(-1), HARD.mean(-1))
    np.testing.assert_allclose(found.std(-1), 0.9 * HARD.std(-1))


def test_the_moving_average_repeats_the_ends():
    found = controls.moving_average(np.arange(1.0, 7.0) ** 2)
    padded = [1, 1, 1, 4, 9, 16, 25, 36, 36, 36]
    expected = [np.mean(padded[i : i + 5]) for i in range(6)]
    np.testing.assert_allclose(found, expected)


def test_earlier_origins_are_averaged_on_the_common_steps():
    origins = np.array([10, 15, 30])
    found = controls.past_ensemble(HARD[:3], origins)
    np.testing.assert_array_equal(found[0], HARD[0])
    expected = (HARD[1, ..., :7] + HARD[0, ..., 5:]) / 2
    np.testing.assert_allclose(found[1, ..., :7], expected)
    np.testing.assert_array_equal(found[1, ..., 7:], HARD[1, ..., 7:])
    np.testing.assert_array_equal(found[2], HARD[2])  # 15 steps on: nothing in common
