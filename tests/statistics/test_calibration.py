"""A quick run of the calibration: few replications, wide tolerances that can fail.

Tolerances are those of docs/calibration.md widened by three Monte-Carlo errors of the
replications here.
"""

import importlib.util
import math
from dataclasses import replace

import numpy as np
import pytest

from project import ROOT

PATH = ROOT / "benchmarks" / "calibration.py"


@pytest.fixture(scope="module")
def calibration():
    spec = importlib.util.spec_from_file_location("calibration", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def near(row) -> bool:
    """Tell whether a share lies in its band, give or take three errors of its count."""
    low, high = row.band
    slack = [3 * math.sqrt(end * (1 - end) / row.count) for end in row.band]
    return low - slack[0] <= row.share <= high + slack[1]


def rng(seed=0):
    return np.random.default_rng(seed)


def test_intervals_over_seeds_and_entities_cover(calibration):
    for shape in ((3, 5), (10, 43)):
        for row in calibration.seeds_and_entities(600, *shape, rng()):
            assert near(row), row


def test_one_seed_cannot_show_how_seeds_differ(calibration):
    known, hidden = (
        calibration.seeds_and_entities(600, 1, 8, rng(), by_seed)[0]
        for by_seed in (0.0, 0.2)
    )
    assert near(known), known
    assert not near(hidden), hidden


def test_intervals_over_date_blocks_cover(calibration):
    world = calibration.World(entities=4)
    for column in ("seed", "corr"):
        for row in calibration.date_blocks(world, column, 150, 200, rng()):
            assert near(row), row


def test_a_world_whose_periods_differ_more_than_its_blocks_show_is_found_out(
    calibration,
):
    # Half of the volatility of a period is invisible within it.
    world = replace(calibration.World(), persistence=0.9999, volatility=2.0)
    row = calibration.date_blocks(world, "seed", 150, 200, rng())[0]
    assert not near(row), row


def test_cos_drift_keeps_its_level_under_a_strict_null(calibration):
    for years in ((12, 4), (9, 5)):
        row = calibration.permutation_level(400, *years, rng())
        assert near(row), row


def test_families_without_a_true_failure_have_few_discoveries(calibration):
    for row in calibration.discovery(60, 30, rng()):
        assert near(row), row


def test_verdicts_are_seldom_wrong_and_often_right(calibration):
    for row in calibration.errors_of_verdicts(60, 30, rng()):
        assert near(row), row
        assert float(row.note.removeprefix("power ")) > 0.1, row


def test_the_page_states_counts_and_what_lies_outside(calibration):
    rows = [calibration.Row("a", "b", 0.5, 100, (0.92, 0.98))]
    assert (
        "| a | b | 0.500 ± 0.050 | 100 | 0.92 to 0.98 | **no** |"
        in calibration.page(rows)
    )
