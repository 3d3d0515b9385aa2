import numpy as np
import pandas as pd
import pytest

from seqshift import storage
from seqshift.errors import BadInput
from seqshift.softgroup.data import panels

SPEC = {
    "source": "s",
    "bounds": [100, 160, 240],
    "stride": 8,
    "context": 50,
    "season": 4,
}
GROUPS = {"right": np.array([0, 0, 1]), "joint": np.zeros(3, dtype=int)}
ATTRS = dict.fromkeys(panels.ATTRS, "")


def panel(steps=240):
    rng = np.random.default_rng(0)
    index = pd.date_range("2020-01-01", periods=steps, freq="h", unit="ns")
    return pd.DataFrame(rng.normal(5, 2, (steps, 3)), index, ["a", "b", "c"])


def cut(frame=None, split="test", horizon=16, **more):
    frame = panel() if frame is None else frame
    made = panels.cut(frame, SPEC, split, horizon, GROUPS, **more)
    return made.assign_attrs(ATTRS | made.attrs)


def test_a_context_ends_at_its_origin_and_the_target_follows():
    frame, made = panel(), cut()
    assert made["origin"].values[0] == 159 and made.sizes["origin"] == 9
    for place, origin in enumerate(made["origin"].values):
        seen = frame.iloc[origin - 49 : origin + 1].to_numpy(np.float32).T
        np.testing.assert_array_equal(made["context"].values[place], seen)
        ahead = frame.iloc[origin + 1 : origin + 17].to_numpy(np.float32).T
        np.testing.assert_array_equal(made["target"].values[place], ahead)
        assert made["origin_time"].values[place] == frame.index[origin]
    assert made["lag"].values[[0, -1]].tolist() == [-49, 0]
    assert made["step"].values[[0, -1]].tolist() == [1, 16]


def test_scales_know_the_rows_before_the_first_bound_only():
    frame, other = panel(), panel()
    other.iloc[100:] = 50 - other.iloc[100:]
    for name in ("scale", "mean", "sd"):
        found = cut(frame)[name].values
        np.testing.assert_array_equal(found, cut(other)[name].values)
    known = frame.iloc[:100]
    expected = known.diff(4).abs().mean().to_numpy()
    np.testing.assert_allclose(cut()["scale"].values, np.tile(expected, (9, 1)))
    sds = known.std(ddof=0).to_numpy()
    np.testing.assert_allclose(cut()["sd"].values[0], sds)


def test_contexts_do_not_change_with_what_follows_the_origin():
    frame, made = panel(), cut()
    for place in (0, 4, 8):
        origin = int(made["origin"][place])
        other = frame.copy()
        other.iloc[origin + 1 :] = 50 - other.iloc[origin + 1 :]
        again = cut(other)
        for name in ("context", "scale", "mean", "sd"):
            here = made[name].values[place]
            np.testing.assert_array_equal(here, again[name].values[place])
        assert not np.array_equal(made["target"][place], again["target"][place])


def test_a_target_that_misses_a_step_is_left_out_and_counted():
    frame = panel()
    frame.iloc[180, 1] = np.nan
    made = cut(frame)
    gone = np.isnan(made["target"].values).all(axis=2)
    assert made.attrs["dropped"] == gone.sum() == 2  # at 167 and 175
    assert made["origin"].values[gone.any(axis=1)].tolist() == [167, 175]
    assert not gone[:, [0, 2]].any()
    assert panels.check(made, "w") is made


def test_a_target_of_which_too_much_is_imputed_is_left_out():
    imputed = pd.DataFrame(0.0, panel().index, list("abc"))
    imputed.iloc[160:164, 2] = 1.0
    spec = SPEC | {"max_imputed": 0.2}
    made = panels.cut(panel(), spec, "test", 16, GROUPS, imputed)
    gone = np.isnan(made["target"].values).all(axis=2)
    assert np.argwhere(gone).tolist() == [[0, 2]]  # 4 of 16 steps
    spec = SPEC | {"max_imputed": 0.25}
    assert panels.cut(panel(), spec, "test", 16, GROUPS, imputed).attrs["dropped"] == 0


def test_contexts_and_scales_are_of_what_is_seen_and_targets_of_the_panel():
    seen = panel()
    seen.iloc[:170:2, 0] = np.nan
    made, whole = cut(seen=seen), cut()
    missing = np.isnan(made["context"].values).any(axis=2)
    assert missing[:, 0].tolist() == [True] * 8 + [False] and not missing[:, 1:].any()
    np.testing.assert_array_equal(made["target"].values, whole["target"].values)
    expected = seen.iloc[:100].diff(4).abs().mean().to_numpy()
    np.testing.assert_allclose(made["scale"].values[0], expected)


def test_a_file_gives_the_windows_back_and_the_same_bytes_every_time(tmp_path):
    for name in ("a.nc", "b.nc"):
        storage.write_array(cut(), tmp_path / name)
    again = panels.check(storage.read_array(tmp_path / "a.nc"), "a.nc")
    assert again.equals(cut())
    assert (tmp_path / "a.nc").read_bytes() == (tmp_path / "b.nc").read_bytes()


def test_a_panel_that_ends_before_its_bounds_is_refused():
    with pytest.raises(
        BadInput, match="source s gives 200 steps and bounds end at 240"
    ):
        cut(panel(200))


def altered(name, place, value):
    made = cut().copy(deep=True)
    made[name].values[place] = value
    return made


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (
            altered("context", (2, 1), np.nan),
            "b has no observed value in its context at",
        ),
        (
            altered("target", (0, 0, 3), np.nan),
            "a misses some steps of its target at or",
        ),
        (
            altered("scale", (8, 2), 0.0),
            "series c has no scale above zero at origin 223",
        ),
        (altered("scale", (8, 2), np.nan), "series c has no scale above zero"),
        (
            altered("target", (1, 2, 0), np.inf),
            "series c has an infinite value at origin",
        ),
        (cut().drop_vars("batch"), "batch should be int64 by origin, series"),
        (cut().assign(group=cut()["group"].astype("int32")), "group should be int64"),
        (cut().drop_attrs(), "lacks dataset"),
    ],
)
def test_windows_that_break_the_form_are_refused_with_their_place(made, words):
    with pytest.raises(BadInput, match=words) as caught:
        panels.check(made, "x.nc")
    assert str(caught.value).startswith("x.nc")


def test_shuffled_groups_have_the_same_sizes_and_follow_the_seed():
    groups = np.repeat([0, 1, 2], [5, 3, 9])
    found = panels.shuffled(groups, 0)
    assert np.bincount(found).tolist() == [5, 3, 9]
    assert not np.array_equal(found, groups)
    np.testing.assert_array_equal(found, panels.shuffled(groups, 0))
    assert not np.array_equal(found, panels.shuffled(groups, 1))


def test_labels_are_numbered_in_alphabetical_order():
    assert panels.numbered(["b", "a", "b", "c"]).tolist() == [1, 0, 1, 2]
