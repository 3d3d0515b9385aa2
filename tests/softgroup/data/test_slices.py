import numpy as np
import pytest

from seqshift.errors import BadInput
from seqshift.softgroup.data import slices

HOURS = [8640, 11520, 14400]


@pytest.mark.parametrize(
    ("bounds", "horizon", "stride", "count"),
    [
        (HOURS, 96, 24, 117),
        (HOURS, 192, 24, 113),
        (HOURS, 336, 24, 107),
        (HOURS, 720, 24, 91),
        ([34560, 46080, 57600], 96, 96, 120),
        ([26304, 35064, 43848], 96, 168, 52),
        ([731, 1096, 1827], 28, 7, 101),
        ([104, 156, 260], 8, 4, 25),
    ],
)
def test_the_test_split_has_the_published_number_of_origins(
    bounds, horizon, stride, count
):
    origin = slices.origins(bounds, "test", horizon, stride)
    assert len(origin) == count
    assert origin[0] + 1 == bounds[1] and origin[-1] + horizon < bounds[2]
    assert origin[-1] + stride + horizon >= bounds[2]  # no further one fits


def test_targets_of_the_validation_end_before_the_test():
    origin = slices.origins(HOURS, "validation", 96, 24)
    assert origin[0] + 1 == 8640 and origin[-1] + 96 < 11520


def test_windows_are_the_steps_from_their_starts():
    values = np.arange(40).reshape(20, 2)  # time, series
    found = slices.windows(values, np.array([3, 7]), 4)
    assert found.shape == (2, 2, 4)
    assert found[1].tolist() == [[14, 16, 18, 20], [15, 17, 19, 21]]


def test_a_scale_is_the_mean_step_over_a_season_without_missing_values():
    values = np.array([[1.0, 5], [2, 5], [4, np.nan], [3, 9], [8, 6]])
    found = slices.scale(values, 2, ["a", "b"])
    np.testing.assert_allclose(found, [(3 + 1 + 4) / 3, 4])


@pytest.mark.parametrize("column", [[7.0] * 6, [np.nan] * 6, [1, 2, 1, 2, 1, 2]])
def test_a_series_without_a_scale_is_named(column):
    values = np.column_stack([np.arange(6.0), column])
    with pytest.raises(BadInput, match="series b has no two different values 2 steps"):
        slices.scale(values, 2, ["a", "b"])
    with pytest.raises(BadInput, match="series a"):
        slices.scale(values[:2], 2, ["a", "b"])
