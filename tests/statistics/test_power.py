"""Seeds that are needed, against the science behind the plan and by simulation."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import planningtables
from seqshift.errors import BadInput
from seqshift.schemas.planning import POWER
from seqshift.statistics import power as pw
from seqshift.statistics.effects import infer

STATISTICS = planningtables.STATISTICS
CELL = {"domain": "energy", "modality": "natural", "model": "mlp", "axis": "temporal"}
CELL |= {"slice": "", "metric": "g_ratio", "column": "corr"}


def scores(values: np.ndarray) -> pd.DataFrame:
    """Return SCORES of one cell from (seed, entity)."""
    frame = pd.DataFrame(values).stack().rename_axis(["seed", "entity"])
    frame = frame.rename("value").reset_index().astype({"entity": str})
    return frame.assign(**CELL, period="", status="ok", count=50)


def draws(values: list[float], seeds: int = 3, blocks: int = 6) -> pd.DataFrame:
    one = pd.DataFrame({"replicate": range(len(values)), "value": values})
    frames = [one.assign(seed=seed) for seed in range(seeds)]
    return pd.concat(frames).assign(**CELL, blocks=blocks)


def plan(values, noise=(0.0, 0.0, 0.0)) -> pd.DataFrame:
    return pw.plan(scores(values), draws(list(noise)), STATISTICS, [])


@pytest.mark.parametrize(
    ("sides", "needs"), [(1, [4, 5, 9, 14, 29, 50]), (2, [4, 6, 11, 17, 35, 60])]
)
def test_the_seeds_needed_are_those_of_the_textbook(sides, needs):
    sigmas = [0.03, 0.05, 0.075, 0.10, 0.15, 0.20]
    assert [pw.needed(s, 0.95, 1.1, 0.05, sides) for s in sigmas] == needs


def test_ten_seeds_need_a_deviation_of_at_most_8_or_7_percent():
    assert pw.largest(10, 0.95, 1.1, 0.05, 1) == pytest.approx(0.0843, abs=1e-4)
    assert pw.largest(10, 0.95, 1.1, 0.05, 2) == pytest.approx(0.0741, abs=1e-4)


def test_three_seeds_leave_a_deviation_open_between_half_and_six_times():
    low, high, upper = pw.limits(1.0, 3, (0.025, 0.975, 0.8))
    assert (low, high) == pytest.approx((0.52, 6.28), abs=0.01)
    assert upper == pytest.approx(2.117, abs=1e-3)


@settings(max_examples=30, deadline=None)
@given(
    st.floats(0.02, 0.4),
    st.floats(0.6, 0.97),
    st.floats(1.03, 1.5),
    st.sampled_from([1, 2]),
)
def test_one_seed_fewer_than_needed_has_too_little_power(sigma, target, ratio, sides):
    count = pw.needed(sigma, target, ratio, 0.05, sides)
    assert pw.power(sigma, count, ratio, 0.05, sides) >= target
    if count > 2:
        assert pw.power(sigma, count - 1, ratio, 0.05, sides) < target


@pytest.mark.parametrize("sides", [1, 2])
def test_the_power_is_that_of_simulated_t_tests(sides):
    rng = np.random.default_rng(sides)
    values = rng.normal(np.log(1.1), 0.1, (4000, 8))
    side = "greater" if sides == 1 else "two-sided"
    p = stats.ttest_1samp(values, 0, axis=1, alternative=side).pvalue
    expected = (p <= 0.05).mean()
    assert pw.power(0.1, 8, 1.1, 0.05, sides) == pytest.approx(expected, abs=0.03)


def test_power_stays_a_number_where_a_tail_cannot_be_computed():
    assert pw.power(0.005, 9, 1.1, 0.05, 2) == pytest.approx(1)
    assert pw.power(0.0, 9, 1.1, 0.05, 2) == 1
    assert np.isnan(pw.power(np.nan, 9, 1.1, 0.05, 1))
    assert pw.needed(1e6, 0.95, 1.1, 0.05, 1) == np.inf
    assert np.isnan(pw.needed(np.nan, 0.95, 1.1, 0.05, 1))


def test_the_deviation_is_that_of_the_means_of_seeds():
    values = np.random.default_rng(0).normal(0, 0.1, (3, 5))
    frame = plan(values)
    row = POWER.validate(frame).iloc[0]
    sigma = values.mean(axis=1).std(ddof=1)
    assert row["sigma"] == pytest.approx(sigma)
    assert row["sigma_upper"] == pytest.approx(sigma * 2.117, rel=1e-3)
    assert row["needed_high"] == pw.needed(sigma, 0.95, 1.1, 0.05, 1)
    assert list(frame["sides"]) == [1, 2]
    assert (frame["seeds"] == 3).all() and (frame["entities"] == 5).all()


def test_entities_and_days_are_what_seeds_cannot_shrink():
    rng = np.random.default_rng(1)
    values = rng.normal(0, 0.3, (1, 6)) + rng.normal(0, 0.02, (3, 1))
    noise = [0.0, 0.1, 0.2]
    row = plan(values, noise).iloc[0]
    effect = infer(values, np.var(noise, ddof=1), 6, 0.0)
    rest = effect.error**2 - row["sigma"] ** 2 / 3
    assert row["fixed_error"] ** 2 == pytest.approx(rest)
    share = rest / (rest + row["sigma"] ** 2 / 10)
    assert row["fixed_share"] == pytest.approx(share)
    assert row["fixed_share"] > 0.95 > 0.5 > row["power_total"]


def test_the_power_of_an_unconditional_claim_is_bounded_by_what_stays():
    # Ten or a hundred seeds with a standard error of 0.05 that no seed shrinks.
    for count, expected in ((10, 0.53), (100, 0.60)):
        variance = 0.05**2 + 0.0741**2 / count
        assert pw._known(variance, 1.1, 0.05, 1) == pytest.approx(expected, abs=0.01)


def test_one_pilot_seed_plans_nothing_and_no_pilot_seed_is_refused():
    one = scores(np.ones((1, 4)))
    row = pw.plan(one, draws([0, 0], 1), STATISTICS, []).iloc[0]
    assert np.isnan(
        row[["sigma", "needed", "power", "fixed_share"]].astype(float)
    ).all()
    far = scores(np.ones((2, 4))).assign(seed=7)
    with pytest.raises(BadInput, match=r"power_plan\.seeds"):
        pw.plan(far, draws([0, 0]), STATISTICS, [])


def test_baselines_have_no_seeds_to_plan():
    both = [scores(np.ones((2, 4))), scores(np.ones((2, 4))).assign(model="ridge")]
    found = pw.plan(pd.concat(both), draws([0, 0]), STATISTICS, ["ridge"])
    assert set(found["model"]) == {"mlp"}
