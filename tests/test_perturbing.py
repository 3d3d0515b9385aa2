"""Inputs of the controls: shuffled and shifted windows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panel import SPEC, small_panel
from seqshift import perturbing, windows

COLUMNS = np.array([False, True, True])


@pytest.fixture(scope="module")
def panel():
    return small_panel()


def made(there: np.ndarray) -> tuple[windows.Windows, np.ndarray]:
    """Return windows of entities on the days (entity, day) where they are there.

    Each cell of x tells entity, day, lag and feature.
    """
    entity, day = np.nonzero(there)
    base = 10_000 * entity + 100 * day
    x = base[:, None, None] + 10 * np.arange(2)[:, None] + np.arange(3)
    zeros = np.zeros(len(day), np.int64)
    return windows.Windows(
        x=x.astype(np.float32),
        day=np.zeros((len(day), 2), np.int32),
        entity=zeros,
        date=500 + day,
        target=np.zeros((len(day), 1), np.float32),
    ), entity.astype(str)


def donors(cut, shuffled) -> tuple[np.ndarray, np.ndarray]:
    """Return entity and day of the window whose exogenous path each one shows."""
    code = shuffled.x[:, 0, 1].astype(int) - 1
    path = code[:, None, None] + 10 * np.arange(2)[:, None] + np.arange(3)
    assert (shuffled.x[..., 1:] == path[..., 1:]).all(), "a path is one window's"
    assert (shuffled.x[..., 0] == cut.x[..., 0]).all(), "own columns are left alone"
    return code // 10_000, code % 10_000 // 100


panels = st.integers(1, 4).flatmap(
    lambda entities: st.lists(
        st.lists(st.booleans(), min_size=9, max_size=9).filter(any),
        min_size=entities,
        max_size=entities,
    )
)


@settings(max_examples=60, deadline=None)
@given(there=panels, seed=st.integers(0, 99), late=st.integers(0, 9))
def test_each_entity_shows_each_of_its_paths_once_in_every_stratum(there, seed, late):
    cut, names = made(np.array(there))
    stratum = np.where(cut.date < 500 + late, "reference", "test")
    rng = np.random.default_rng(seed)
    entity, day = donors(cut, perturbing.shuffle(cut, names, stratum, COLUMNS, rng))
    assert (entity == names.astype(int)).all()
    for name in np.unique(names):
        for side in ("reference", "test"):
            rows = (names == name) & (stratum == side)
            assert sorted(day[rows]) == sorted(cut.date[rows] - 500)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 99))
def test_windows_of_a_date_stay_together(seed):
    there = np.ones((3, 12), bool)
    there[2, 4] = False
    cut, names = made(there)
    both = np.full(len(cut), "both")
    rng = np.random.default_rng(seed)
    _, day = donors(cut, perturbing.shuffle(cut, names, both, COLUMNS, rng))
    first, second, third = (
        dict(zip(cut.date[names == name], day[names == name], strict=True))
        for name in "012"
    )
    assert first == second
    # Where the third was not there, it alone goes on to the next day of the cycle.
    assert sum(first[date] != donor for date, donor in third.items()) <= 1


def test_windows_outside_every_stratum_are_left_alone(panel):
    cut, frame = panel.cut("train", "val")
    stratum = np.where(frame["role"] == "train", "both", "")
    names = frame["entity"].to_numpy().astype(str)
    found = perturbing.shuffle(cut, names, stratum, COLUMNS, np.random.default_rng(0))
    same = (found.x == cut.x).all(axis=(1, 2))
    assert same[stratum == ""].all() and same[stratum != ""].mean() < 0.1


def test_a_shift_adds_so_many_units_to_exogenous_columns_alone(panel):
    cut = panel.cut("val")[0]
    unit = np.tile([1.0, 1.0, 0.4], (len(cut), 1))
    found = perturbing.shift(cut, 2.0, COLUMNS, unit)
    assert found.x.dtype == np.float32
    np.testing.assert_array_equal(found.x[..., 0], cut.x[..., 0])
    np.testing.assert_allclose(found.x[..., 1] - cut.x[..., 1], 2.0, atol=1e-6)
    np.testing.assert_allclose(found.x[..., 2] - cut.x[..., 2], 0.8, atol=1e-6)


def test_the_unit_of_a_raw_column_is_its_deviation_in_train_windows(panel):
    cut, frame = panel.cut("train", "spatial_test", "temporal_test")
    names, train = frame["entity"].to_numpy(), (frame["role"] == "train").to_numpy()
    unit = perturbing.units(cut, names, train, np.array([False, False, True]))
    assert (unit[:, :2] == 1).all()
    for name in ("EAST", "WEST"):
        flags = cut.x[(names == name) & train][..., 2].astype(float)
        assert set(unit[names == name, 2]) == {flags.std()}
    assert (unit[names == "SOUTH", 2] == 0).all()


def test_what_lags_the_target_is_not_exogenous():
    assert perturbing.exogenous(SPEC) == ["temp", "flag"]
    assert perturbing.exogenous(SPEC | {"own": ["load", "flag"]}) == ["temp"]
