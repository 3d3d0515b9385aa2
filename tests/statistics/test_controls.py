"""Every control, once as it must be and once as it must not."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from seqshift.schemas.controls import CONTROLS, CONTROLS_BY_NAME
from seqshift.statistics import controls
from trialtables import RULES

RUN = {"domain": "energy", "modality": "natural", "model": "mlp"}
SHAPE = (2, 8)  # seeds, entities
SHIFTS = {0.0: (0.002, 0.5), 0.5: (0.004, 0.3), 1.0: (0.01, 0.01), 2.0: (0.03, 0.01)}


def units(values, **fields) -> pd.DataFrame:
    """Return one row a seed and entity from an array (seed, entity) or a number."""
    table = np.broadcast_to(values, SHAPE)
    seed, entity = np.indices(SHAPE)
    names = [f"E{number}" for number in entity.ravel()]
    frame = pd.DataFrame({"seed": seed.ravel(), "entity": names})
    return frame.assign(value=table.ravel(), **(RUN | fields))


def uniform(seed=0):
    size = SHAPE[0] * SHAPE[1]
    order = np.random.default_rng(seed).permutation(size)
    return (order + 0.5) / size


def evidence(gap=1e-6, apart=0.5, labels=None, halves=None, shifts=SHIFTS, least=0.01):
    labels = uniform() if labels is None else labels
    halves = uniform(1) if halves is None else halves
    parts = [
        units(0.003, control="label-permutation", p=labels, least_p=least),
        units(0.003, control="id-id", p=halves, least_p=least),
        units(apart, control="randomised"),
        units(gap, control="completeness", entity="").drop_duplicates("seed"),
    ]
    parts[1]["value"] = shifts.get(0.0, (0.002, 0))[0]
    for amplitude, (value, p) in shifts.items():
        if amplitude:
            fields = {"amplitude": amplitude, "p": p, "least_p": least}
            parts.append(units(value, control="graded", **fields))
    frame = pd.concat(parts, ignore_index=True)
    return frame.assign(amplitude=frame.get("amplitude", 0.0)).fillna({"amplitude": 0})


def drift(**variants) -> pd.DataFrame:
    """Return DRIFT rows of variants, each (seed, entity) or a number."""
    spread = 1 + 0.1 * np.random.default_rng(0).normal(size=SHAPE)
    variants = {"ig": 0.03, "within": 0.03, "untrained": 0.06} | variants
    variants = {"pooled-exogenous": 0.002 * spread} | variants
    parts = [
        units(value, variant=name, axis="temporal", slice="", null_mean=0.0015)
        for name, value in variants.items()
    ]
    return pd.concat(parts, ignore_index=True).rename(columns={"value": "drift"})


def ranks(turn=0.02, seeds=2) -> pd.DataFrame:
    """Return shares of two cells; those of the second seed are turned by an angle."""
    rows = []
    for seed in range(seeds):
        for entity in range(SHAPE[1]):
            angle = np.pi / 4 + turn * seed
            for name, share in (("a", np.cos(angle)), ("b", np.sin(angle))):
                rows.append((seed, f"E{entity}", name, share))
    frame = pd.DataFrame(rows, columns=["seed", "entity", "name", "reference"])
    return frame.assign(level="cell", **RUN)


def judge(evidence=None, drift=None, ranks=None, rules=RULES):
    made = {"evidence": evidence, "drift": drift, "ranks": ranks}
    default = {name: globals()[name] for name in made}
    made = {n: default[n]() if one is None else one for n, one in made.items()}
    table = CONTROLS.validate(controls.judge(**made, rules=rules))
    assert table["control"].tolist() == list(CONTROLS_BY_NAME)
    return table.set_index("control")


def others_pass(table, *names):
    """Tell whether all controls that decide pass but these, which fail."""
    decided = table[table["status"] == "ok"]
    return set(decided.index[~decided["passed"]]) == set(names)


def test_a_sound_run_passes_every_control():
    table = judge()
    assert others_pass(table)
    assert (table["status"] == "ok").sum() == 6
    assert set(table.index[table["status"] == "informative"]) == {"within", "untrained"}
    assert controls.failed(table.reset_index()).empty


def test_the_pooled_shuffle_fails_if_drift_remains():
    table = judge(drift=drift(**{"pooled-exogenous": 0.02}))
    assert others_pass(table, "pooled")
    assert table.loc["pooled", "value"] == pytest.approx(0.0185)


def test_the_pooled_shuffle_fails_if_its_interval_reaches_the_margin():
    wide = np.tile(0.003 * np.random.default_rng(1).normal(size=8), (2, 1))
    wide += 0.0055 - wide.mean()
    table = judge(drift=drift(**{"pooled-exogenous": wide}))
    assert others_pass(table, "pooled")
    row = table.loc["pooled"]
    assert row["value"] < RULES["margin"] < row["high"]
    assert "its upper bound does not" in row["detail"]


def test_an_interval_wider_than_the_margin_tests_nothing():
    """No excess at all, but so noisy that it could not have been shown."""
    noise = 0.02 * np.random.default_rng(0).normal(size=SHAPE)
    noise += 0.0015 - noise.mean()
    table = judge(drift=drift(**{"pooled-exogenous": noise}))
    row = table.loc["pooled"]
    assert row["status"] == "not_testable" and not row["passed"]
    assert row["value"] == pytest.approx(0, abs=1e-12) and row["high"] > 0.005
    assert others_pass(table)


def test_a_wide_interval_above_the_margin_fails_all_the_same():
    noise = 0.02 * np.random.default_rng(0).normal(size=SHAPE)
    noise += 0.2 - noise.mean()
    assert others_pass(judge(drift=drift(**{"pooled-exogenous": noise})), "pooled")


def test_the_bound_of_the_pooled_shuffle_is_that_of_a_one_sided_t_test():
    values = 0.002 + 0.002 * np.random.default_rng(1).normal(size=(1, 8))
    own = drift(**{"pooled-exogenous": np.vstack([values, values])})
    one = own[own["seed"] == 0]
    row = judge(drift=one).loc["pooled"]
    test = stats.ttest_1samp(values[0] - 0.0015, RULES["margin"], alternative="less")
    high = test.confidence_interval(0.95).high
    assert row["high"] == pytest.approx(high)
    assert row["p"] == pytest.approx(test.pvalue)
    assert row["passed"] == (test.pvalue < 0.05)


def test_p_values_below_uniform_fail_the_permutation_of_labels():
    table = judge(evidence(labels=uniform() ** 4))
    assert others_pass(table, "label-permutation")
    row = table.loc["label-permutation"]
    reference = stats.kstest(uniform() ** 4, "uniform", alternative="greater")
    assert row["value"] == pytest.approx(reference.statistic)
    assert row["p"] == pytest.approx(reference.pvalue) and row["p"] < 0.01


def test_p_values_above_uniform_are_no_fault():
    assert judge(evidence(labels=uniform() ** 0.25)).loc["label-permutation", "passed"]


@pytest.mark.parametrize(("rejected", "passes"), [(3, True), (4, False)])
def test_id_id_may_reject_as_often_as_chance_does(rejected, passes):
    """Of 16 units the 99 % quantile at the level 0.05 is 3."""
    assert stats.binom.ppf(0.99, 16, 0.05) == 3
    p = np.where(np.arange(16) < rejected, 0.01, 0.6)
    table = judge(evidence(halves=p))
    assert table.loc["id-id", "passed"] == passes
    assert table.loc["id-id", "value"] == rejected / 16
    assert table.loc["graded", "passed"] == passes, "no shift is part of it"


@pytest.mark.parametrize(("count", "most"), [(32, 5), (64, 8)])
def test_the_bound_on_rejections_is_the_binomial_quantile(count, most):
    """Counts worked out by hand from the binomial distribution at level 0.05."""
    p = pd.DataFrame({"p": np.full(count, 0.5), "least_p": 0.01, "control": "id-id"})
    bound = controls.rejections.halves(p, RULES)["bound"]
    assert bound * count == pytest.approx(most)


def test_an_untrained_network_that_looks_trained_fails():
    assert others_pass(judge(evidence(apart=1e-4)), "randomised")


def test_the_untrained_network_must_be_further_than_the_seeds_are():
    near = 1 - np.cos(0.02)
    row = judge().loc["randomised"]
    assert row["bound"] == pytest.approx(3 * near)
    assert not judge(ranks=ranks(turn=0.7)).loc["randomised", "passed"]
    far = judge(evidence(apart=3.01 * near)).loc["randomised"]
    close = judge(evidence(apart=2.99 * near)).loc["randomised"]
    assert far["passed"] and not close["passed"]


def test_with_one_seed_nothing_tells_how_far_seeds_are_apart():
    row = judge(ranks=ranks(seeds=1)).loc["randomised"]
    assert row["status"] == "not_testable" and not row["passed"]
    assert "one seed" in row["detail"] and row["value"] == 0.5


@pytest.mark.parametrize(
    "shifts",
    [
        {0.5: (0.012, 0.3)},  # 1 gives no more drift than 0.5
        {1.0: (0.01, 0.2)},  # 1 is not found
        {2.0: (0.01, 0.01)},  # 2 gives no more than 1
    ],
)
def test_a_shift_that_is_not_graded_or_not_found_fails(shifts):
    assert others_pass(judge(evidence(shifts=SHIFTS | shifts)), "graded")


@pytest.mark.parametrize(("found", "passes"), [(13, True), (12, False)])
def test_the_shift_must_be_found_in_four_of_five_units(found, passes):
    p = np.where(np.arange(16) < found, 0.01, 0.4)
    table = judge(evidence(shifts=SHIFTS | {1.0: (0.01, p)}))
    assert table.loc["graded", "value"] == found / 16
    assert table.loc["graded", "passed"] == passes


def test_without_shifted_variants_grading_is_not_testable():
    row = judge(evidence(shifts={0.0: (0.002, 0.5)})).loc["graded"]
    assert row["status"] == "not_testable" and not row["passed"]


def test_too_few_years_for_the_smallest_p_value_are_not_testable():
    table = judge(evidence(least=1 / 15))
    names = ["label-permutation", "id-id", "graded"]
    assert set(table.loc[names, "status"]) == {"not_testable"}
    assert "smallest possible p is 0.067" in table.loc["id-id", "detail"]
    assert others_pass(table), "what cannot be tested has not failed"


@pytest.mark.parametrize("gap", [0.01, np.nan])
def test_a_gap_in_completeness_fails(gap):
    found = evidence()
    one = (found["control"] == "completeness") & (found["seed"] == 1)
    found.loc[one, "value"] = gap
    assert others_pass(judge(found), "completeness")


def test_the_literal_shuffle_and_the_untrained_network_never_decide():
    table = judge(drift=drift(within=0.9, untrained=0.9))
    assert others_pass(table)
    assert table.loc["within", "value"] == pytest.approx(30)
    assert "D 0.9000 against 0.0300" in table.loc["untrained", "detail"]


def test_the_ratio_of_the_untrained_network_is_computed_over_the_same_units():
    own = np.random.default_rng(0).gamma(5, 0.01, SHAPE)
    other = 2.5 * own
    other[0, 0] = np.nan
    row = judge(drift=drift(ig=own, untrained=other)).loc["untrained"]
    assert row["value"] == pytest.approx(2.5) and row["units"] == 15
    assert row["low"] == row["high"] == pytest.approx(2.5)
    assert "rank correlation over units 1.00" in row["detail"]


def test_a_run_without_variants_is_not_testable_and_not_invalid():
    own = drift()
    table = judge(drift=own[own["variant"] == "ig"])
    names = ["pooled", "within", "untrained"]
    assert set(table.loc[names, "status"]) == {"not_testable"}
    assert others_pass(table)


def test_each_run_is_judged_by_itself():
    good, bad = evidence(), evidence(gap=0.1, apart=0).assign(model="lstm")
    both = pd.concat([good, bad])
    own = pd.concat([drift(), drift().assign(model="lstm")])
    shares = pd.concat([ranks(), ranks().assign(model="lstm")])
    table = controls.judge(both, own, shares, RULES)
    assert controls.failed(table).to_dict() == {
        ("energy", "natural", "lstm"): "randomised+completeness"
    }
    tests = pd.DataFrame([RUN, RUN | {"model": "lstm"}, RUN | {"model": "naive"}])
    marked = controls.mark(tests, table)["controls"]
    assert marked.tolist() == ["", "randomised+completeness", ""]


@pytest.mark.parametrize("units", [8, 16, 40])
def test_sound_runs_rarely_fail_by_chance(units):
    """1,000 simulated runs of uniform p values: each bound fails about one in 100."""
    rng = np.random.default_rng(units)
    lost = {"label-permutation": 0, "id-id": 0}
    for _ in range(1000):
        frame = pd.DataFrame({"p": rng.uniform(size=units), "least_p": 0.001})
        one = controls.rejections.permuted(
            frame.assign(control="label-permutation"), RULES
        )
        two = controls.rejections.halves(frame.assign(control="id-id"), RULES)
        lost["label-permutation"] += not one["passed"]
        lost["id-id"] += not two["passed"]
    # 99.9 % of binomial counts at 1,000 runs and 0.01 lie at or below 21.
    assert max(lost.values()) <= 21
    assert lost["label-permutation"] >= 1
