"""The metrics show the known truth of simulated worlds (one seed, eight entities)."""

from truth import outcome, trial


def test_without_a_shift_nothing_fails_and_attributions_stay():
    calm = outcome("grid", "none")
    assert 0.9 < calm.ratios["seed"] < 1.15
    assert 0.8 < calm.ratios["corr"] < 1.25
    assert calm.mean_drift < 0.004
    assert calm.rejected <= 0.25
    assert calm.ratios["skill_test"] > 0.7


def test_a_covariate_shift_drifts_but_does_no_harm():
    shifted = outcome("grid", "covariate")
    assert shifted.ratios["seed"] < 1.5
    assert shifted.ratios["corr"] < 1.1
    assert shifted.mean_drift > 0.01
    assert (shifted.drift["drift"] > shifted.drift["null_mean"]).all()
    assert shifted.rejected >= 0.5


def test_a_concept_shift_fails_and_drifts_less_than_a_covariate_shift():
    shifted = outcome("grid", "concept")
    assert shifted.ratios["seed"] > 1.7
    assert shifted.ratios["corr"] > 1.3
    assert shifted.ratios["norm"] > 1.5
    assert shifted.mean_drift < outcome("grid", "covariate").mean_drift


def test_noise_fails_in_the_corrected_column_too():
    shifted = outcome("grid", "noise")
    assert shifted.ratios["seed"] > 1.8
    assert shifted.ratios["corr"] > 1.2


def test_a_quiet_market_gives_no_failure():
    calm = outcome("market", "none")
    assert 0.9 < calm.ratios["corr"] < 1.15
    assert calm.rejected <= 0.25


def test_higher_volatility_alarms_the_first_metric_but_not_the_corrected_one():
    shifted = outcome("market", "covariate")
    assert shifted.ratios["seed"] > 1.3
    assert shifted.ratios["corr"] < 1.15
    assert shifted.mean_drift > outcome("market", "none").mean_drift
    assert shifted.rejected >= 0.5


def test_a_turned_signal_fails_against_naive_without_drift():
    shifted = outcome("market", "concept")
    assert shifted.ratios["corr"] > 1.1
    assert shifted.ratios["skill_test"] < 0
    assert shifted.mean_drift < outcome("market", "covariate").mean_drift


def test_a_covariate_shift_passes_the_pooled_shuffle_but_not_the_literal_one():
    """One bank for both eras removes the drift; a shuffle within each leaves it."""
    found = trial("grid", "covariate")
    decided = found[found["status"] == "ok"]
    assert decided["passed"].all(), decided["detail"].to_dict()
    assert set(decided.index) >= {"pooled", "id-id", "graded", "label-permutation"}
    assert found.loc["pooled", "high"] < 0.005
    assert 0.6 < found.loc["within", "value"] < 1.4


def test_an_untrained_network_drifts_about_as_much():
    found = trial("grid", "covariate").loc["untrained"]
    assert 0.7 < found["value"] < 3
    assert found["status"] == "informative"


def test_with_one_seed_the_untrained_network_is_far_but_not_testable():
    found = trial("grid", "covariate").loc["randomised"]
    assert found["status"] == "not_testable" and found["value"] > 0.4
