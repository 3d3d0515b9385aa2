import functools

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import worlds
from seqshift import scaling, splits, storage, trainset, windows
from seqshift.errors import BadInput

SEEN = ["AA", "BB", "CC"]
FUTURE = ["target_1", "naive_1", "load", "temp_mean", "is_holiday"]


@pytest.fixture
def roles(features, spec):
    return splits.roles(splits.make(features, spec), features)


@pytest.fixture
def scaler(features, roles, spec):
    return scaling.fit_scaler(features, roles, spec)


@pytest.fixture
def everything(features, roles, spec, scaler):
    return windows.cut(features, roles, spec, scaler, SEEN, splits.EVALUATED)


def test_rows_are_the_lags_before_the_target_and_led_rows_one_day_later(
    everything, features, scaler
):
    cut, frame = everything
    row = 1234
    entity, date = frame.loc[row, "entity"], frame.loc[row, "date"]
    own = features[features["entity"] == entity].set_index("date")
    days = pd.date_range(date - pd.Timedelta(days=14), periods=14)
    mean, deviation = scaler["own"]["load"][entity]
    load = (own.loc[days, "load"].to_numpy() - mean) / deviation
    np.testing.assert_allclose(cut.x[row, :, 0], load, rtol=1e-5, atol=1e-6)
    led = own.loc[days + pd.Timedelta(days=1), "is_holiday"].to_numpy()
    np.testing.assert_array_equal(cut.x[row, :, 2], led)
    assert cut.date[row] == (date - pd.Timestamp("1970-01-01")).days
    assert frame.loc[row, "origin"] == date - pd.Timedelta(days=1)


def test_calendar_fields_are_those_of_pandas():
    days = pd.date_range("1999-12-25", "2005-01-05")
    fields = windows.calendar((days - pd.Timestamp(0)).days.to_numpy(np.int32))
    np.testing.assert_array_equal(fields[:, 0], 0)
    np.testing.assert_array_equal(fields[:, 1], days.dayofweek)
    np.testing.assert_array_equal(fields[:, 2], days.day)
    np.testing.assert_array_equal(fields[:, 3], days.dayofyear)


def test_unseen_entities_have_the_unknown_id(everything):
    cut, frame = everything
    np.testing.assert_array_equal(cut.entity == 0, frame["entity"] == "DD")
    assert set(cut.entity) == {0, 1, 2, 3}


def test_a_hole_leaves_no_window_across_it(features, spec, roles, scaler):
    gap = features["date"].eq("2005-06-15")
    kept = features[~gap]
    _, frame = windows.cut(kept, roles[~gap], spec, scaler, SEEN, splits.EVALUATED)
    after = pd.date_range("2005-06-15", "2005-06-29")
    assert not frame["date"].isin(after).any()
    assert frame["date"].isin([pd.Timestamp("2005-06-30")]).any()


def test_a_batch_holds_the_windows_as_tensors(everything):
    cut, _ = everything
    batch = cut.batch(np.array([5, 7]))
    assert batch.x.shape == (2, 14, 3)
    assert batch.valid.all()
    assert batch.calendar.shape == (2, 14, 4)
    assert batch.target.dtype == torch.float32
    np.testing.assert_array_equal(batch.group, cut.date[[5, 7]])


def test_no_window_is_one_clear_sentence(features, roles, spec, scaler):
    with pytest.raises(BadInput, match="no window has a target day with role none"):
        windows.cut(features, roles, spec, scaler, SEEN, ["none"])


def test_a_training_set_read_back_is_the_same(everything, tmp_path):
    cut, _ = everything
    path = tmp_path / "train.parquet"
    trainset.write(cut, ["load", "temp_mean", "is_holiday"], path)
    back = trainset.read(path)
    assert storage.count_rows(path) == len(back)
    for name in ("x", "day", "entity", "date", "target"):
        np.testing.assert_array_equal(getattr(back, name), getattr(cut, name))
    first = path.read_bytes()
    trainset.write(back, ["load", "temp_mean", "is_holiday"], path)
    assert path.read_bytes() == first


def test_a_training_set_with_a_missing_value_is_refused(everything, tmp_path):
    cut, _ = everything
    cut.x[3, 2, 1] = np.nan
    trainset.write(cut, ["load", "temp_mean", "is_holiday"], tmp_path / "t.parquet")
    with pytest.raises(BadInput, match="not finite"):
        trainset.read(tmp_path / "t.parquet")


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_no_value_after_an_origin_reaches_a_window(data):
    features, spec, roles, scaler, before, frame = _world()
    row = data.draw(st.integers(0, len(frame) - 1))
    column = data.draw(st.sampled_from(FUTURE))
    target_day = frame.loc[row, "date"]
    led = column in spec["led"]
    later = features["date"] > target_day if led else features["date"] >= target_day
    changed = features.copy()
    changed.loc[later, column] += 1e3
    after, again = windows.cut(changed, roles, spec, scaler, SEEN, splits.EVALUATED)
    assert again.loc[row, "date"] == target_day
    np.testing.assert_array_equal(after.x[row], before.x[row])
    np.testing.assert_array_equal(after.day[row], before.day[row])
    if column != "target_1":
        assert after.target[row] == before.target[row]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_values_outside_the_train_era_change_no_scaler(seed):
    features, spec, roles, scaler, _, _ = _world()
    draw = np.random.default_rng(seed)
    outside = features.index[~roles["role"].isin(["train", "spatial_test"])]
    chosen = draw.choice(outside, size=50)
    changed = features.copy()
    changed.loc[chosen, FUTURE] = draw.normal(scale=1e4, size=(50, len(FUTURE)))
    assert scaling.fit_scaler(changed, roles, spec) == scaler


@functools.cache
def _world():
    features, spec = worlds.small_features(), worlds.small_spec()
    roles = splits.roles(splits.make(features, spec), features)
    scaler = scaling.fit_scaler(features, roles, spec)
    cut, frame = windows.cut(features, roles, spec, scaler, SEEN, splits.EVALUATED)
    return features, spec, roles, scaler, cut, frame
