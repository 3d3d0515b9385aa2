"""Error measures against loops and numpy's own percentile."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from seqshift.metrics import errors

ROWS = hnp.arrays(
    float,
    st.tuples(st.integers(1, 3), st.integers(1, 30)),
    elements=st.floats(-1e3, 1e3).filter(lambda x: x == 0 or abs(x) > 1e-3),
)
MEASURES = (errors.rmse, errors.mae, errors.p95)


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_measures_equal_their_definitions_written_as_loops(rows):
    for row, rmse, mae, p95 in zip(rows, *(m(rows) for m in MEASURES), strict=True):
        squares = [e * e for e in row.tolist()]
        assert math.isclose(rmse, math.sqrt(sum(squares) / len(row)), abs_tol=1e-9)
        assert math.isclose(mae, sum(abs(e) for e in row) / len(row), abs_tol=1e-9)
        assert p95 == np.percentile(np.abs(row), 95)


@settings(max_examples=30, deadline=None)
@given(ROWS, st.floats(0.01, 100))
def test_measures_scale_with_the_unit_and_ignore_the_sign(rows, factor):
    for measure in MEASURES:
        np.testing.assert_allclose(measure(-factor * rows), factor * measure(rows))


@settings(max_examples=30, deadline=None)
@given(ROWS, st.floats(1, 3))
def test_larger_errors_never_measure_less(rows, factor):
    for measure in MEASURES:
        larger = rows.copy()
        larger[:, 0] *= factor
        assert (measure(larger) >= measure(rows) - 1e-9).all()


@settings(max_examples=20, deadline=None)
@given(ROWS)
def test_missing_errors_are_left_out(rows):
    padded = np.hstack([rows, np.full((len(rows), 2), np.nan)])
    for measure in MEASURES:
        np.testing.assert_allclose(measure(padded), measure(rows), rtol=1e-12)


def test_nothing_but_missing_errors_measures_nothing():
    for measure in MEASURES:
        assert np.isnan(measure(np.array([np.nan, np.nan])))


def test_skill_is_zero_for_the_naive_itself_and_one_for_a_perfect_forecast():
    assert errors.skill(2.0, 2.0) == 0
    assert errors.skill(0.0, 2.0) == 1
    assert errors.skill(4.0, 2.0) == -3


def test_skill_against_a_perfect_naive_is_missing():
    assert np.isnan(errors.skill(1.0, 0.0))
