"""Collapse of a synthetic-trained run against its natural twin."""

import numpy as np
import pytest

from errortable import SPEC, STATISTICS, leveled, noisy, value
from seqshift.errors import BadInput
from seqshift.metrics.collapse import collapse


def shares(synthetic, natural, twin):
    scores, _ = collapse(synthetic, natural, twin, SPEC, STATISTICS)
    keys = {"metric": "collapse"}
    seed, corr = (value(scores, column=c, **keys) for c in ("seed", "corr"))
    return seed, corr, value(scores, metric="collapse_null", column="info")


def test_a_run_twice_as_bad_everywhere_has_collapsed_everywhere():
    natural = leveled({}, {})
    bad = leveled({"temporal_test": 2.0}, {}, modality="timegan")
    assert shares(bad, natural, natural) == (1.0, 1.0, 0.0)


@pytest.mark.parametrize(("factor", "share"), [(1.49, 0.0), (1.51, 1.0)])
def test_a_block_is_harmed_by_half_as_much_error_again(factor, share):
    natural = leveled({}, {})
    bad = leveled({"temporal_test": factor}, {}, modality="timegan")
    assert shares(bad, natural, natural) == (share, share, 0.0)


def test_the_share_counts_whole_blocks_of_half_an_id_block():
    natural = leveled({}, {})
    levels = {"temporal_test/crash": 3.0}
    bad = leveled(levels, {}, modality="timegan")
    # Days 300 to 339 of 640: two of 32 blocks of 20 days.
    assert shares(bad, natural, natural)[0] == pytest.approx(2 / 32)


def test_chance_is_what_two_natural_runs_do_to_each_other():
    natural = leveled({}, {})
    bad = leveled({"temporal_test": 2.0}, {}, modality="timegan")
    twin = leveled({"temporal_test/crash": 3.0}, {})
    seed, corr, null = shares(bad, natural, twin)
    assert (seed, corr) == (1.0, 1.0) and null == pytest.approx(1 / 16)
    seed, corr, null = shares(twin.assign(modality="timegan"), natural, twin)
    assert corr == 0 and seed == null


def test_twins_that_always_differ_leave_nothing_to_judge():
    natural = leveled({}, {})
    bad = leveled({"temporal_test": 2.0}, {}, modality="timegan")
    scores, resamples = collapse(bad, natural, bad, SPEC, STATISTICS)
    rows = scores[(scores["metric"] == "collapse") & (scores["column"] == "corr")]
    assert rows["value"].isna().all() and set(rows["status"]) == {"not_testable"}
    assert set(resamples["column"]) == {"seed"}


def test_resamples_are_shares_of_drawn_years():
    runs = [noisy(seed, modality=m) for seed, m in ((0, "timegan"), (1, "n"), (2, "n"))]
    scores, resamples = collapse(*runs, SPEC, STATISTICS)
    drawn = resamples[resamples["column"] == "seed"]["value"]
    assert len(drawn) == STATISTICS["resamples"]
    assert drawn.between(0, 1).all()
    assert set(resamples["blocks"]) == {3}  # 32 blocks, ten a year
    assert set(scores["modality"]) == {"timegan"}
    assert set(scores["entity"]) == {"E0", "E1", "E2", "E3"}


def test_runs_on_different_windows_are_refused():
    natural = noisy(0)
    with pytest.raises(BadInput, match="not forecast on the same windows"):
        collapse(noisy(1), natural.iloc[1:], natural, SPEC, STATISTICS)


def test_a_test_era_shorter_than_a_block_is_refused():
    frame = noisy(0)
    test = np.flatnonzero(frame["split"] == "temporal_test")
    days = frame["target_time"].iloc[test].sort_values().unique()[:15]
    short = frame[(frame["split"] != "temporal_test") | frame["target_time"].isin(days)]
    with pytest.raises(BadInput, match="15 days, fewer than a block of 20"):
        collapse(short, short, short, SPEC, STATISTICS)
