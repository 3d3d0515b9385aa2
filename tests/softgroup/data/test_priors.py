import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqshift.errors import BadInput
from seqshift.softgroup.data import priors

SIZES = dict(n_series=400, T=448, context=256, patch=16)


def groups(seed=0, **changes):
    return priors.prior_groups(seed, **(SIZES | changes))


@pytest.fixture(scope="module")
def drawn():
    return groups()


def test_groups_have_one_to_eight_series_and_the_asked_for_number_in_all(drawn):
    sizes = [len(group) for group in drawn]
    assert sum(sizes) == 400 and set(sizes) == set(range(1, 9))
    # a size is one of 1 to 8 with probability .75, else one: 3.6 on average
    assert 3.2 < np.mean(sizes) < 4.1
    assert all(group.shape[1] == 448 for group in drawn)
    assert {group.dtype for group in drawn} == {np.dtype("float32")}


def test_the_same_seed_gives_the_same_groups_and_another_does_not(drawn):
    again, other = groups(), groups(seed=1)
    for one, two in zip(drawn, again, strict=True):
        np.testing.assert_array_equal(one, two)
    assert not np.array_equal(drawn[0], other[0], equal_nan=True)


def test_every_training_window_sees_a_patch_of_each_series(drawn):
    values = np.concatenate(drawn)
    assert np.isnan(values[:, :240]).any()
    assert np.isfinite(values[:, 240:]).all()
    first = np.isnan(values[:, 0])
    assert 0.28 < first.mean() < 0.42  # 35 % begin with missing values


def test_series_of_a_group_are_related_and_those_of_two_groups_are_not(drawn):
    def strength(pairs):
        both = [np.corrcoef(one[240:], two[240:])[0, 1] for one, two in pairs]
        return np.mean(np.abs(both))

    inside = strength((g[0], g[1]) for g in drawn if len(g) > 1)
    across = strength((a[0], b[0]) for a, b in zip(drawn, drawn[1:], strict=False))
    assert inside > across + 0.15


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31), length=st.integers(40, 500))
def test_a_base_series_is_finite_and_never_constant(seed, length):
    series = priors.base(np.random.default_rng(seed), length)
    assert series.shape == (length,) and np.isfinite(series).all()
    assert series.std() > 0


def test_noise_has_unit_deviation_and_the_memory_asked_for():
    noise = priors.noise(np.random.default_rng(0), 100_000, 0.6, 0.6)
    assert abs(noise.std() - 1) < 0.02
    assert abs(np.corrcoef(noise[1:], noise[:-1])[0, 1] - 0.6) < 0.01


def test_harmonics_repeat_after_their_period_and_have_unit_deviation():
    wave = priors.harmonics(np.random.default_rng(0), np.arange(96), 24, 3)
    np.testing.assert_allclose(wave[24:], wave[:-24], atol=1e-12)
    assert abs(wave.std() - 1) < 1e-12 and abs(wave.mean()) < 1e-12


def test_a_file_gives_the_groups_back_and_the_same_bytes_every_time(drawn, tmp_path):
    for name in ("a.nc", "b.nc"):
        priors.write(drawn, tmp_path / name)
    for one, two in zip(drawn, priors.read(tmp_path / "a.nc"), strict=True):
        np.testing.assert_array_equal(one, two)
    assert (tmp_path / "a.nc").read_bytes() == (tmp_path / "b.nc").read_bytes()


def test_a_damaged_file_is_one_clear_sentence(tmp_path):
    (tmp_path / "a.nc").write_bytes(b"PK\x03\x04 cut")
    with pytest.raises(BadInput, match=r"a\.nc cannot be read .*delete it and run"):
        priors.read(tmp_path / "a.nc")
