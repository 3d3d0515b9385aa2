"""Which arms are compared, and what for."""

import softgrouptables as made
from seqshift.softgroup.findings import comparisons

ARMS = made.agreement(made.ETTH1, 0, made.gains(made.ETTH1))
BEST = made.best(made.ETTH1)


def of(role: str, wrong: str = "level", best=BEST) -> set[tuple[str, str]]:
    found = comparisons.pairs(ARMS, best, wrong)
    return {(pair.arm, pair.base) for pair in found if pair.role == role}


def test_every_arm_is_compared_with_single_series_once():
    found = of("gain")
    assert {arm for arm, _ in found} == set(ARMS["arm"]) - {"hard_single"}
    assert {base for _, base in found} == {"hard_single"}


def test_controls_are_rivals_of_the_arm_that_they_imitate():
    found = of("net")
    assert ("soft_single_selected", "ctrl_dose_selected") in found
    assert ("soft_single_corr-abs_b2", "ctrl_permute_b2") in found
    assert ("soft_single_selected", "ctrl_shrink10") in found
    assert not [arm for arm, _ in found if arm == "hard_single"]


def test_soft_masks_on_wrong_groups_are_compared_with_hard_ones():
    found = of("repair")
    assert ("soft_level_selected", "hard_level") in found
    assert {base for _, base in found} == {"hard_level"}
    assert not of("repair", wrong="")


def test_kinds_are_compared_at_the_betas_that_validation_chose():
    found = of("kind")
    assert {base for _, base in found} == {"soft_single_corr-abs_b2"}
    assert {arm for arm, _ in found} == set(BEST.values()) - {"soft_single_corr-abs_b2"}
    assert not of("kind", best={"dist": "soft_single_dist_b1"})
