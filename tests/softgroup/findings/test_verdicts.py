"""Verdicts of differences whose truth is known."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import softgrouptables as made
from seqshift.softgroup.findings import verdicts
from seqshift.statistics.means import Mean

ALPHA = made.STATISTICS["alpha"]
ORIGINS = {"unit": "origin", "H": 96, "stride": 24, "calendar": True}
SERIES = {"unit": "series", "H": 48, "stride": 1, "calendar": False}


def frame(count: int, clusters=None, strata="") -> pd.DataFrame:
    names = np.arange(count) if clusters is None else clusters
    return pd.DataFrame({"unit": range(count), "cluster": names, "stratum": strata})


def losses(gain: float, seeds=5, units=117, noise=1.0, spread=0.1, rng=0):
    """Return losses of base and arm, (1, seed, unit); the gain is in %."""
    draw = np.random.default_rng(rng)
    base = np.exp(0.2 * draw.standard_normal(units)) * np.ones((1, seeds, 1))
    own = gain + spread * draw.standard_normal((1, seeds, 1))
    parts = draw.standard_normal((1, 1, units + 3))
    shared = sum(parts[..., k : k + units] for k in range(4)) / 2  # overlap of 4
    return base, base * (1 - (own + noise * shared) / 100)


def judged(base, arm, cell=ORIGINS, units=None) -> dict:
    own = frame(base.shape[2]) if units is None else units
    plan = verdicts.design(own, cell, made.STATISTICS)
    row = verdicts.judge(base, arm, plan).assign(q=lambda rows: rows["p"])
    return row.assign(verdict=verdicts.decide(row, ALPHA)).iloc[0].to_dict()


def test_an_arm_that_helps_by_two_percent_is_a_benefit():
    row = judged(*losses(2.0))
    assert row["verdict"] == "benefit" and row["low"] < 2 < row["high"]
    assert judged(*losses(-2.0))["verdict"] == "harm"


def test_an_arm_that_does_nothing_is_equivalent():
    row = judged(*losses(0.0))
    assert row["verdict"] == "equivalent" and row["tost_p"] < ALPHA


def test_noise_leaves_a_gain_undecided_and_states_what_could_be_found():
    row = judged(*losses(0.8, noise=8.0))
    assert row["verdict"] == "undecided" and row["mde"] > 1


def test_a_gain_shown_to_be_small_is_equivalent_even_if_it_is_certain():
    row = judged(*losses(0.2, noise=0.05, spread=0.01))
    assert row["p"] < 0.001 and row["verdict"] == "equivalent"


def test_arms_that_are_equal_to_the_last_bit_are_equivalent():
    base, _ = losses(0.0)
    row = judged(base, base.copy())
    assert row["gain"] == 0 and row["p"] == 1 and row["verdict"] == "equivalent"


def test_too_few_origins_are_not_testable():
    assert judged(*losses(2.0, units=3))["verdict"] == "not testable"


def test_gains_are_percent_of_the_mean_loss_of_the_base():
    base = np.array([[[1.0, 3.0, 2.0, 2.0]]])
    arm = base - 0.1
    assert judged(base, arm)["gain"] == pytest.approx(5.0)
    assert judged(base, arm)["base_loss"] == 2


def test_the_wider_interval_of_units_and_seeds_is_reported_and_decides():
    base, arm = losses(1.5, noise=0.05, spread=1.5)
    row = judged(base, arm)
    means = 100 * (base - arm).mean(2)[0] / base.mean()
    known = stats.ttest_1samp(means, 0)
    assert row["unit_high"] - row["unit_low"] < row["high"] - row["low"]
    assert (row["low"], row["high"]) == pytest.approx(
        tuple(known.confidence_interval())
    )
    assert row["p"] == pytest.approx(known.pvalue) and row["unit_p"] < row["p"]
    assert row["seed_sd"] == pytest.approx(means.std(ddof=1))


def test_fewer_than_five_seeds_give_no_interval_of_their_own():
    base, arm = losses(1.5, seeds=4, noise=0.05, spread=1.5)
    row = judged(base, arm)
    assert (row["low"], row["high"]) == (row["unit_low"], row["unit_high"])
    one = judged(*losses(1.5, seeds=1))
    assert np.isnan(one["seed_sd"]) and np.isfinite(one["low"])


def test_replicates_are_judged_by_a_paired_t_test():
    base, arm = losses(1.0, seeds=1, units=40)
    row = judged(base, arm, {"unit": "replicate", "H": 96, "stride": 1})
    known = stats.ttest_1samp(100 * (base - arm)[0, 0] / base.mean(), 0)
    assert row["p"] == pytest.approx(known.pvalue)
    assert row["overlap"] == 1 and np.isnan(row["bartlett_p"])


def test_series_that_move_together_count_once():
    draw = np.random.default_rng(0)
    base = np.ones((1, 1, 60))
    shared = np.repeat(draw.standard_normal(15), 4)  # four series move as one
    arm = base * (1 - (1 + shared) / 100)
    cell = {"unit": "series", "H": 48, "stride": 1}
    strata = np.repeat(["a", "b"], [20, 40])
    apart = judged(base, arm, cell, frame(60, None, strata))
    together = judged(base, arm, cell, frame(60, np.arange(60) // 4, strata))
    assert together["high"] - together["low"] > 1.5 * (apart["high"] - apart["low"])
    alone = judged(base, arm, cell, frame(60, np.zeros(60, int), "a"))
    assert alone["verdict"] == "not testable"


def test_overlap_is_taken_into_account():
    base, arm = losses(0.0, seeds=1)
    overlapping = judged(base, arm)
    apart = judged(base, arm, ORIGINS | {"stride": 96})
    assert overlapping["overlap"] == 4 and apart["overlap"] == 1
    assert overlapping["n_eff"] < 117 and overlapping["acf"] > 0.4


def remark(count: int, cell=ORIGINS, clusters=None) -> str:
    plan = verdicts.design(frame(count, clusters), cell, made.STATISTICS)
    return verdicts.remark(cell, plan)


def test_remarks_name_a_short_series_and_an_unknown_calendar():
    assert "bootstrap" in remark(52)
    assert remark(117) == ""
    assert "fewer than 4" in remark(3)
    assert "leakage cannot be excluded" in remark(414, SERIES)


def test_series_of_which_one_cluster_holds_half_are_not_testable():
    base, arm = losses(2.0, units=60)
    most = np.r_[np.zeros(31, int), np.arange(1, 30)]
    few = np.repeat([0, 1, 2], 20)
    for labels, count, share in ((most, "3.6", "52%"), (few, "3.0", "33%")):
        row = judged(base, arm, SERIES, frame(60, labels))
        assert row["verdict"] == "not testable" and np.isnan(row["p"])
        said = remark(60, SERIES, labels)
        assert f"{count} effective clusters" in said and share in said
    five = np.repeat(np.arange(5), 12)
    assert judged(base, arm, SERIES, frame(60, five))["verdict"] != "not testable"
    assert "effective" not in remark(60, SERIES, five)


def test_a_cluster_that_lies_in_two_strata_is_one():
    five, strata = np.tile(np.arange(5), 12), np.repeat(["a", "b"], 30)
    plan = verdicts.design(frame(60, five, strata), SERIES, made.STATISTICS)
    assert plan.freedom == pytest.approx(3)
    apart = np.where(strata == "a", five, five + 5)
    plan = verdicts.design(frame(60, apart, strata), SERIES, made.STATISTICS)
    assert plan.freedom == pytest.approx(8)


def test_clusters_of_unequal_size_hardly_reject_a_true_null_too_often():
    sizes = np.r_[150, 70, 40, 20, np.ones(80, int)]
    labels = np.repeat(np.arange(len(sizes)), sizes)
    plan = verdicts.design(frame(len(labels), labels), SERIES, made.STATISTICS)
    draw = np.random.default_rng(0)
    shared = draw.standard_normal((2000, len(sizes)))[:, labels]
    mean = plan.mean(shared + 0.5 * draw.standard_normal(shared.shape))
    counted = Mean(mean.mean, mean.error, len(sizes) - 1)
    assert (counted.p < 0.05).mean() > 0.12
    assert (mean.p < 0.05).mean() < 0.08
