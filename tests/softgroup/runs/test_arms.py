"""The arms of a data set."""

import math

import pytest

from seqshift.errors import BadInput
from seqshift.softgroup.runs import arms
from seqshift.softgroup.runs.arms import Rows

CLUSTERS = Rows(("right", "wrong", "joint"), "wrong", season=1, dated=False)
ETT = Rows(("level", "type", "random", "joint"), "level", season=24, dated=True)
M4 = Rows(("length", "random", "joint"), "", season=24, dated=False)
ALL = [0, 0.5, 1, 2, 5, 10, 20, 50, math.inf]
KINDS = "corr-abs corr-clip corr-affine cosine-abs dist".split()
FULL = {name: ALL for name in KINDS} | {"corrdiff-abs": [1, 2, 5]}
SET = {"single": FULL, "wrong": FULL, "controls": [1, 2, 5]}
SELECTED = {"single": "soft_single_corr-abs_b2", "level": "soft_level_dist_b5"}


def ids(rows, selected):
    return [arm.id for arm in arms.plan(SET, rows, selected)]


@pytest.mark.parametrize("rows", [CLUSTERS, ETT, M4])
def test_ids_are_unique_and_a_control_follows_the_arm_that_it_imitates(rows):
    found = ids(rows, {"single": "soft_single_corr-abs_b2"})
    assert len(found) == len(set(found))
    for arm in arms.plan(SET, rows, {"single": "soft_single_corr-abs_b2"}):
        if arm.control:
            assert found.index(arm.of) < found.index(arm.id)
        assert arm.base in found


def test_every_arm_of_a_full_set_is_there():
    found = set(ids(ETT, SELECTED))
    expected = {f"hard_{g}" for g in ("single", "level", "type", "random", "joint")}
    for groups in ("single", "level"):
        for kind in KINDS:
            expected |= {f"soft_{groups}_{kind}_b{beta:g}" for beta in ALL}
        expected |= {f"soft_{groups}_corrdiff-abs_b{beta}" for beta in (1, 2, 5)}
        expected.add(f"soft_{groups}_selected")
    for what in ("permute", "shuffle", "random", "dose", "mix"):
        expected |= {f"ctrl_{what}_{of}" for of in ("b1", "b2", "b5", "selected")}
    expected |= {"seed", "ctrl_shrink10", "ctrl_ma5", "ctrl_pastens"}
    assert found == expected


def test_true_groups_and_earlier_origins_are_used_where_they_are_known():
    one = {"single": "soft_single_corr-abs_b2"}
    assert "oracle" in ids(CLUSTERS, one) and "oracle" not in ids(ETT, one)
    assert "ctrl_pastens" not in ids(CLUSTERS, one) + ids(M4, one)
    assert not [name for name in ids(M4, one) if name.startswith("soft_level")]


def test_a_selected_arm_is_the_chosen_one_under_another_name():
    found = {arm.id: arm for arm in arms.plan(SET, ETT, SELECTED)}
    own, chosen = found["soft_level_selected"], found["soft_level_dist_b5"]
    assert (own.groups, own.kind, own.beta) == ("level", "dist", 5.0)
    assert own.how == chosen.how and own.on == chosen.on
    seed = found["seed"]
    assert (seed.groups, seed.kind, seed.how, seed.beta) == (
        "single",
        "corr",
        "affine",
        5,
    )


def test_differences_are_seasonal_where_there_is_a_season():
    assert arms.soft("single", "corrdiff-abs", 1, ETT).on == "seasonal_diff"
    assert arms.soft("single", "corrdiff-abs", 1, CLUSTERS).on == "diff"
    assert arms.soft("single", "corr-abs", 1, ETT).on == "level"


def test_validation_scores_no_check_and_no_control():
    found = arms.validated(SET, ETT)
    assert not [arm for arm in found if arm.beta in (0, math.inf) or arm.control]
    assert {"hard_single", "soft_level_dist_b5"} <= {arm.id for arm in found}


def test_an_unknown_similarity_is_refused():
    with pytest.raises(BadInput, match="unknown similarity .* 'mutual'"):
        arms.soft("single", "mutual", 1, ETT)


def test_a_control_of_an_arm_that_does_not_run_is_refused():
    few = SET | {"single": {"corr-abs": [1]}, "controls": [7]}
    with pytest.raises(BadInput, match="no arm soft_single_corr-abs_b7"):
        arms.plan(few, M4, {"single": "soft_single_corr-abs_b1"})
