"""Paired contrasts of any cell against a plain paired computation."""

import numpy as np
import pandas as pd
import pytest

from errortable import SPEC, STATISTICS, noisy
from seqshift.metrics.score import score
from seqshift.statistics import contrasts

CELL = ("extreme", "heat", "robustness_delta", "corr")


@pytest.fixture(scope="module")
def parts():
    runs = [
        noisy(seed, model=name, shift=shift)
        for name, shift in (("mlp", 1.0), ("memory", 1.3))
        for seed in range(3)
    ]
    found = [score(run, SPEC, STATISTICS) for run in runs]
    scores, draws = (pd.concat(part) for part in zip(*found, strict=True))
    return scores, draws


def keys(cell=CELL):
    return [("market", "natural", name, *cell) for name in ("memory", "mlp")]


def test_the_difference_is_taken_first_in_every_cell(parts):
    scores, draws = parts
    effect, status = contrasts.paired(keys(), *contrasts.tables(scores, draws))
    names = ("axis", "slice", "metric", "column")
    chosen = (scores[list(names)] == CELL).all(axis=1) & (scores["period"] == "")
    wide = scores[chosen].pivot(
        index=["seed", "entity"], columns="model", values="value"
    )
    own = (draws[list(names)] == CELL).all(axis=1)
    moved = draws[own].pivot(
        index=["seed", "replicate"], columns="model", values="value"
    )
    moved = (moved["memory"] - moved["mlp"]).groupby("replicate").mean()
    assert status == "ok"
    assert effect.mean == pytest.approx((wide["memory"] - wide["mlp"]).mean())
    rest = effect.error**2 - effect.window_error**2
    assert rest == pytest.approx(moved.var(ddof=1))


def test_swapping_the_pair_turns_the_sign_alone(parts):
    tables = contrasts.tables(*parts)
    one, _ = contrasts.paired(keys(), *tables)
    other, _ = contrasts.paired(keys()[::-1], *tables)
    assert other.mean == pytest.approx(-one.mean)
    assert other.error == pytest.approx(one.error)
    assert other.above == pytest.approx(one.below)


def test_a_cell_that_a_run_lacks_has_no_effect(parts):
    tables = contrasts.tables(*parts)
    effect, status = contrasts.paired(keys(("extreme", "frost", *CELL[2:])), *tables)
    assert effect is None and status == "low_n"


def test_without_resamples_a_contrast_is_not_testable(parts):
    scores, draws = parts
    less = draws[draws["model"] != "mlp"]
    effect, status = contrasts.paired(keys(), *contrasts.tables(scores, less))
    assert status == "not_testable" and np.isnan(effect.above)
