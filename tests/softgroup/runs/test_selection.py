"""The selection of soft arms on validation windows."""

import numpy as np
import pandas as pd
import pytest

from seqshift.errors import BadInput
from seqshift.softgroup.runs import arms, losses, selection
from softwindows import forecasts, windows

ROWS = arms.Rows(("right", "wrong", "joint"), "wrong", season=1, dated=False)
SET = {"single": {"corr-abs": [1, 2], "dist": [0, 5]}, "wrong": {"corr-abs": [1]}}
CANDIDATES = arms.candidates(SET, ROWS)


def table(sql: dict, seed=0, split="val") -> pd.DataFrame:
    """Return a table of two windows in two bands whose mean SQL is given."""
    rows = [
        {
            "arm": arm,
            "leak": 0,
            "split": split,
            "seed": seed,
            "sql": value + shift,
            "n_steps": steps,
        }
        for arm, value in sql.items()
        for steps, shift in ((24, 1.0), (8, -3.0))
    ]
    return pd.DataFrame(rows)


def equal(**changes):
    every = dict.fromkeys([arm.id for arm in CANDIDATES], 1.0)
    return table(every | changes)


def test_the_least_mean_over_seeds_is_selected():
    first = equal(**{"soft_single_dist_b5": 0.2, "soft_single_corr-abs_b1": 0.5})
    second = equal(**{"soft_single_dist_b5": 0.9, "soft_single_corr-abs_b1": 0.5})
    second["seed"] = 1
    found = selection.select(pd.concat([first, second]), CANDIDATES)
    assert selection.selected(found) == {
        "single": "soft_single_corr-abs_b1",
        "wrong": "soft_wrong_corr-abs_b1",
    }
    assert found["single"]["sql"]["soft_single_dist_b5"] == pytest.approx(0.55)
    assert found["single"]["best"] == {
        "corr-abs": "soft_single_corr-abs_b1",
        "dist": "soft_single_dist_b5",
    }


def test_checks_and_hard_arms_are_not_selected():
    best = equal()
    free = table({"hard_joint": 0.0, "soft_single_dist_b0": 0.0})
    found = selection.select(pd.concat([best, free]), CANDIDATES)
    assert found["single"]["selected"] == "soft_single_corr-abs_b1"  # first of equals


@pytest.mark.parametrize("change", [{"split": "test"}, {"leak": 1}])
def test_rows_of_the_test_era_or_of_a_leak_are_refused(change):
    with pytest.raises(BadInput, match="validation windows alone"):
        selection.select(equal().assign(**change), CANDIDATES)


def test_a_candidate_without_a_loss_is_named():
    part = table({"soft_single_corr-abs_b1": 1.0})
    with pytest.raises(BadInput, match="soft_single_corr-abs_b2"):
        selection.select(part, CANDIDATES)


def test_the_test_windows_do_not_change_what_is_selected():
    data = windows(split="validation")
    frames = []
    for seed, arm in enumerate(CANDIDATES):
        about = {"backbone": "b", "seed": 0, "arm": arm.id, "leak": 0}
        measured = losses.measure(forecasts(data, seed), data)
        frames.append(losses.table(measured, data, about))
    found = selection.select(pd.concat(frames), CANDIDATES)
    whole = {
        arm.id: losses.mean_sql(f).iloc[0]
        for arm, f in zip(CANDIDATES, frames, strict=True)
    }
    singles = [a.id for a in CANDIDATES if a.groups == "single" and arms.selectable(a)]
    assert found["single"]["selected"] == min(singles, key=whole.get)
    assert np.isclose(found["single"]["sql"][singles[0]], whole[singles[0]])
