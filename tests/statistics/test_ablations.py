import numpy as np
import pandas as pd
import pytest
from scipy import stats

from seqshift.errors import BadInput
from seqshift.schemas.results import RESAMPLES, SCORES
from seqshift.statistics import ablations
from seqshift.statistics.effects import infer

STATISTICS = {"alpha": 0.05, "power": [0.8, 0.95]}
BASES = {"lstm-small": "lstm"}
SEEDS, ENTITIES, REPLICATES = 3, ["A", "B", "C", "D"], 60
METRICS = [("loses_to_naive_id", "info"), ("loses_to_naive", "corr")]
METRICS += [("g_ratio", "corr")]
RUN = {"domain": "energy", "modality": "natural", "axis": "temporal", "slice": ""}


def world(shift=0.0, noise=0.02, periods=0.3, seed=0, models=("lstm", "lstm-small")):
    """Return SCORES and RESAMPLES; seeds, entities and periods are shared by models."""
    rng = np.random.default_rng(seed)
    common = rng.normal(0, 0.3, (SEEDS, 1)) + rng.normal(0, 0.5, (1, len(ENTITIES)))
    time = rng.normal(0, periods, REPLICATES)
    scores, draws = [], []
    for number, model in enumerate(models):
        for metric, column in METRICS:
            own = common + number * shift + rng.normal(0, noise, common.shape)
            for at, values in enumerate(own):
                keys = RUN | {"model": model, "seed": at, "metric": metric}
                keys |= {"column": column}
                for entity, value in zip(ENTITIES, values, strict=True):
                    scores.append(keys | {"entity": entity, "value": value})
                # The weather of a replicate is the same for both models.
                drawn = values.mean() + time + rng.normal(0, 0.001, REPLICATES)
                frame = pd.DataFrame({"replicate": range(REPLICATES), "value": drawn})
                draws.append(frame.assign(**keys, blocks=6))
        for at in range(SEEDS):
            keys = RUN | {"model": model, "seed": at, "metric": "skill_train"}
            for entity in ENTITIES:
                row = {"entity": entity, "value": 0.5, "column": "info"}
                scores.append(keys | row)
    scores = pd.DataFrame(scores).assign(period="", count=99, status="ok")
    draws = pd.concat(draws, ignore_index=True)
    return scores[[*SCORES.columns]], draws[[*RESAMPLES.columns]]


def test_the_worlds_are_such_as_runs_leave_them():
    scores, draws = world()
    SCORES.validate(scores)
    RESAMPLES.validate(draws.astype({"replicate": "int64", "blocks": "int64"}))


def compared(*tables, bases=BASES):
    found = ablations.compare(*tables, bases, STATISTICS)
    return found.set_index(["variant", "measure"])


def test_differences_are_formed_first_so_shared_variance_cancels():
    scores, draws = world(shift=0.1)
    row = compared(scores, draws).loc["lstm-small", "rmse_test"]
    wide = scores[scores["metric"] == "loses_to_naive"].pivot(
        index=["seed", "entity"], columns="model", values="value"
    )
    diff = (wide["lstm-small"] - wide["lstm"]).unstack().to_numpy()
    mean = draws[draws["metric"] == "loses_to_naive"].pivot(
        index=["seed", "replicate"], columns="model", values="value"
    )
    moved = (mean["lstm-small"] - mean["lstm"]).groupby("replicate").mean()
    effect = infer(diff, moved.var(ddof=1), 6, 0.0)
    assert row["estimate"] == pytest.approx(np.exp(diff.mean()))
    expected = np.exp(effect.interval(0.05))
    np.testing.assert_allclose([row["low"], row["high"]], expected)
    two_sided = 2 * stats.t.sf(abs(effect.mean) / effect.error, effect.freedom)
    assert row["p"] == pytest.approx(two_sided)
    # Unpaired, seeds, entities and periods would hide a tenth.
    assert row["verdict"] == "worse" and row["high"] < 1.2


def test_a_harmless_ablation_is_undecided_and_a_useful_one_is_better():
    assert set(compared(*world())["verdict"]) == {"undecided"}
    assert set(compared(*world(shift=-0.2))["verdict"]) == {"better"}


def test_q_counts_the_tests_of_status_ok_alone():
    scores, draws = world(shift=0.03)
    found = compared(scores, draws)
    known = stats.false_discovery_control(found["p"])
    np.testing.assert_allclose(found["q"], known)
    lost = (scores["metric"] == "g_ratio") & (scores["model"] == "lstm")
    scores.loc[lost, "status"] = "low_n"
    found = compared(scores, draws)
    assert found.loc["lstm-small", "g_ratio"]["status"] == "low_n"
    assert np.isnan(found.loc["lstm-small", "g_ratio"]["q"])
    known = stats.false_discovery_control(found["p"].dropna())
    np.testing.assert_allclose(found["q"].dropna(), known)


def test_runs_judged_on_other_entities_have_no_common_periods():
    scores, draws = world(shift=0.3)
    lost = (scores["metric"] == "loses_to_naive") & (scores["model"] == "lstm")
    scores.loc[lost & (scores["entity"] == "A"), "status"] = "low_n"
    row = compared(scores, draws).loc["lstm-small", "rmse_test"]
    assert row["status"] == "not_testable" and row["entities"] == 3
    assert row["verdict"] == "undecided" and np.isnan(row["p"])
    assert row["estimate"] == pytest.approx(np.exp(0.3), rel=0.05)


def test_an_ablation_of_a_model_that_learnt_nothing_is_underfit():
    scores, draws = world(shift=0.3)
    skill = (scores["metric"] == "skill_train") & (scores["model"] == "lstm")
    scores.loc[skill, "value"] = -0.1
    found = compared(scores, draws)
    assert set(found["status"]) == {"underfit"}
    assert set(found["verdict"]) == {"undecided"}


def test_a_variant_that_is_its_base_differs_in_nothing():
    scores, draws = world(models=("lstm",))
    twins = [frame.assign(model="lstm-small") for frame in (scores, draws)]
    found = compared(pd.concat([scores, twins[0]]), pd.concat([draws, twins[1]]))
    assert set(found["estimate"]) == {1.0} and set(found["p"]) == {1.0}


def test_without_a_variant_there_is_one_sentence():
    with pytest.raises(BadInput, match="has no variant to compare"):
        ablations.compare(*world(), {}, STATISTICS)


@pytest.mark.parametrize("shift", [0.0, 0.1])
def test_the_test_holds_its_level_and_finds_what_it_says_it_can(shift):
    found = [compared(*world(shift, seed=seed)) for seed in range(12)]
    rows = pd.concat(found)
    rejected = (rows["p"] <= 0.05).mean()
    if shift == 0:
        assert rejected <= 0.15
    else:
        assert (rows["detectable"] < np.exp(shift)).mean() > 0.5
        assert rejected > 0.8
