"""The verdict table on tables of known ratios."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from errortable import RUN, SOUND, STATISTICS
from seqshift.errors import BadInput
from seqshift.schemas.results import RESAMPLES, SCORES, TESTS
from seqshift.statistics import tests as hypotheses
from seqshift.statistics.effects import infer

KEY = {"axis": "temporal", "slice": "", "metric": "g_ratio"}
GOOD = {"skill_train": 0.5, "skill_id": 0.4}
BASELINES = ["naive", "ridge"]


def rows(values: dict, skills: dict = GOOD, status: str = "ok", **keys):
    """Return SCORES from (seed, entity) arrays of logs by column."""
    keys = RUN | KEY | {"period": "", "count": 500, "status": status} | keys
    found = []
    for column, table in values.items():
        for seed, line in enumerate(table):
            names = [f"E{number}" for number in range(len(line))]
            fields = {"entity": names, "value": line, "column": column, "seed": seed}
            found.append(pd.DataFrame(fields).assign(**(keys | {"seed": seed})))
    for metric, skill in skills.items():
        fields = {"metric": metric, "column": "info", "value": skill}
        fields |= {"axis": "temporal", "slice": "", "status": "ok"}
        one = found[0].iloc[:1].assign(**fields)
        found.append(one)
    return SCORES.validate(pd.concat(found)[list(SCORES.columns)])


def draws(values: dict, blocks: int = 6, seed: int = 0, **keys):
    """Return RESAMPLES of one run from an array of replicates by column."""
    found = []
    for column, line in values.items():
        fields = {"replicate": np.arange(len(line)), "value": line, "column": column}
        fixed = RUN | KEY | {"seed": seed, "blocks": blocks} | keys
        found.append(pd.DataFrame(fields).assign(**fixed))
    return RESAMPLES.validate(pd.concat(found)[list(RESAMPLES.columns)])


def table(center: float, seed: int = 0, spread: float = 0.02, shape=(3, 6)):
    return np.log(center) + spread * np.random.default_rng(seed).normal(size=shape)


def steady(*columns):
    return draws({column: np.zeros(20) for column in columns})


def judge(scores, resamples):
    tests = hypotheses.test_hypotheses(scores, resamples, STATISTICS, BASELINES, SOUND)
    found = TESTS.validate(tests)
    return found.iloc[0] if len(found) == 1 else found


def verdict(seed: float, corr: float, **keys):
    scores = rows({"seed": table(seed), "corr": table(corr, 1)}, **keys)
    return judge(scores, steady("seed", "corr"))


def test_a_run_fails_only_if_both_columns_exceed_the_threshold():
    assert verdict(2.0, 2.0)["verdict"] == "fails"
    assert verdict(2.0, 1.0)["verdict"] == "does not fail"
    assert verdict(1.0, 2.0)["verdict"] == "does not fail"
    assert verdict(2.0, 1.5)["verdict"] == "undecided"
    assert verdict(1.0, 1.0)["verdict"] == "does not fail"


def test_the_row_holds_what_infer_says_of_each_column():
    values = {"seed": table(1.8), "corr": table(1.6, 1)}
    noise = {c: 0.01 * np.random.default_rng(3).normal(size=50) for c in values}
    row = judge(rows(values), draws(noise))
    for column, suffix in (("seed", "_seed"), ("corr", "")):
        variance = noise[column].var(ddof=1)
        effect = infer(values[column], variance, 6, np.log(1.5))
        assert row[f"p_{column}"] == pytest.approx(effect.above)
        assert row[f"estimate{suffix}"] == pytest.approx(np.exp(effect.mean))
        bounds = [row[f"low{suffix}"], row[f"high{suffix}"]]
        assert bounds == pytest.approx(np.exp(effect.interval(0.05)))
    assert row["p"] == max(row["p_seed"], row["p_corr"])
    assert row["threshold"] == 1.5 and row["blocks"] == 6
    assert (row["seeds"], row["entities"]) == (3, 6)


def test_swapped_columns_would_be_seen():
    row = verdict(3.0, 1.0)
    assert row["estimate_seed"] == pytest.approx(3, rel=0.05)
    assert row["estimate"] == pytest.approx(1, rel=0.05)
    assert row["p_seed"] < 0.01 < 0.99 < row["p_corr"]


def test_the_time_variance_is_that_of_the_mean_over_seeds():
    values = {"seed": table(1.8), "corr": table(1.8, 1)}
    rng = np.random.default_rng(0)
    lines = rng.normal(size=(3, 50))
    parts = [
        draws({c: lines[s] for c in values}, seed=s, blocks=4 + s) for s in range(3)
    ]
    row = judge(rows(values), pd.concat(parts))
    effect = infer(values["corr"], lines.mean(axis=0).var(ddof=1), 4, np.log(1.5))
    assert row["p_corr"] == pytest.approx(effect.above)
    assert row["blocks"] == 4


def test_the_detectable_effect_is_that_of_the_less_certain_column():
    values = {"seed": table(1.8), "corr": table(1.6, 1, spread=0.3)}
    row = judge(rows(values), steady(*values))
    effect = infer(values["corr"], 0.0, 6, np.log(1.5))
    assert row["detectable"] == pytest.approx(np.exp(effect.detectable(0.05, 0.8)))
    assert row["detectable_high"] > row["detectable"] > 1.5


def test_an_entity_that_one_seed_cannot_judge_is_left_out():
    values = table(2.0)
    scores = rows({"seed": values, "corr": values})
    lost = (scores["entity"] == "E2") & (scores["seed"] == 1)
    scores.loc[lost & (scores["column"] != "info"), "status"] = "low_n"
    row = judge(scores, steady("seed", "corr"))
    kept = np.delete(values, 2, axis=1)
    assert row["entities"] == 5
    assert row["estimate"] == pytest.approx(np.exp(kept.mean()))
    assert row["status"] == "ok"


def test_a_run_without_skill_in_train_is_undecided():
    row = verdict(3.0, 3.0, skills=GOOD | {"skill_train": -0.1})
    assert (row["status"], row["verdict"]) == ("underfit", "undecided")
    assert np.isnan(row["q"]) and row["p"] < 0.01


def test_a_cell_with_few_windows_is_undecided():
    row = verdict(3.0, 3.0, status="low_n")
    assert (row["status"], row["verdict"]) == ("low_n", "undecided")
    assert np.isnan(row["p"]) and row["entities"] == 0


def test_one_entity_or_one_block_of_days_is_not_testable():
    values = {c: table(3.0, shape=(3, 1)) for c in ("seed", "corr")}
    row = judge(rows(values), steady(*values))
    assert (row["status"], row["verdict"]) == ("not_testable", "undecided")
    values = {c: table(3.0) for c in ("seed", "corr")}
    row = judge(rows(values), draws({c: np.zeros(9) for c in values}, blocks=1))
    assert (row["status"], row["verdict"]) == ("not_testable", "undecided")
    assert row["p_window"] < 0.01


def test_a_missing_column_is_not_testable_and_does_not_decide_alone():
    values = {"seed": table(3.0), "corr": np.full((3, 6), np.nan)}
    scores = rows(values)
    scores.loc[scores["column"] == "corr", "status"] = "not_testable"
    row = judge(scores, steady("seed"))
    assert (row["status"], row["verdict"]) == ("not_testable", "undecided")
    assert np.isnan(row["p"]) and row["p_seed"] < 0.01


def test_losing_to_the_naive_is_judged_by_its_one_column_against_one():
    lost = rows({"corr": table(1.2)}, metric="loses_to_naive")
    row = judge(lost, draws({"corr": np.zeros(9)}, metric="loses_to_naive"))
    assert row["verdict"] == "fails" and row["threshold"] == 1
    assert row["p"] == row["p_corr"] and np.isnan(row["p_seed"])
    kept = rows({"corr": table(0.8)}, metric="loses_to_naive")
    row = judge(kept, draws({"corr": np.zeros(9)}, metric="loses_to_naive"))
    assert row["verdict"] == "does not fail"


def test_a_run_that_never_had_skill_cannot_lose_it():
    skills = GOOD | {"skill_id": -0.1}
    scores = rows({"corr": table(1.2)}, skills, metric="loses_to_naive")
    row = judge(scores, draws({"corr": np.zeros(9)}, metric="loses_to_naive"))
    assert (row["status"], row["verdict"]) == ("underfit", "undecided")


def test_collapse_is_a_share_and_needs_a_threshold_of_its_own():
    share = {c: np.full((3, 6), 0.9) for c in ("seed", "corr")}
    scores = rows(share, GOOD | {"skill_train": -1.0}, metric="collapse")
    resamples = draws({c: np.zeros(9) for c in share}, metric="collapse")
    with pytest.raises(BadInput, match="no metric of the scores has a threshold"):
        judge(scores, resamples)
    bound = STATISTICS | {"thresholds": {"collapse": 0.5}}
    row = hypotheses.test_hypotheses(scores, resamples, bound, [], SOUND).iloc[0]
    assert row["estimate"] == pytest.approx(0.9) and row["verdict"] == "fails"


def test_q_values_are_adjusted_over_the_table_and_within_each_metric():
    parts, more = [], []
    for number, (model, metric) in enumerate(
        [("a", "g_ratio"), ("b", "g_ratio"), ("c", "transfer_gap"), ("d", "g_ratio")]
    ):
        values = {c: table(1.53, number, 0.05) for c in ("seed", "corr")}
        skills = GOOD | {"skill_train": -1.0} if model == "d" else GOOD
        parts.append(rows(values, skills, model=model, metric=metric))
        zeros = {c: np.zeros(9) for c in values}
        more.append(draws(zeros, model=model, metric=metric))
    found = judge(pd.concat(parts), pd.concat(more)).set_index("model")
    order = found.loc[["a", "b", "c"], "p"].sort_values()
    steps = order.to_numpy() * 3 / np.array([1, 2, 3])
    expected = np.minimum.accumulate(steps[::-1])[::-1]
    np.testing.assert_allclose(found.loc[order.index, "q"], expected)
    assert found.loc["c", "q_metric"] == found.loc["c", "p"]
    assert np.isnan(found.loc["d", ["q", "q_metric", "q_ok"]].astype(float)).all()


def test_modalities_of_a_second_family_change_no_q_value_of_the_first():
    parts, more = {"natural": [], "mixup": []}, {"natural": [], "mixup": []}
    for modality in parts:
        for number, metric in enumerate(["g_ratio", "g_ratio", "transfer_gap"]):
            keys = {"modality": modality, "model": "abc"[number], "metric": metric}
            center = 1.53 if modality == "natural" else 1.6
            values = {c: table(center, number, 0.05) for c in ("seed", "corr")}
            parts[modality].append(rows(values, **keys))
            zeros = {c: np.zeros(9) for c in values}
            more[modality].append(draws(zeros, **keys))
    both = judge(*(pd.concat([*t["natural"], *t["mixup"]]) for t in (parts, more)))
    names = {"natural": "all", "mixup": "secondary"}
    assert list(both["family"]) == [names[one] for one in both["modality"]]
    for modality in parts:
        alone = judge(pd.concat(parts[modality]), pd.concat(more[modality]))
        part = both[both["modality"] == modality].reset_index(drop=True)
        pd.testing.assert_frame_equal(part, alone)
        assert (part["q"] > part["p"]).any() and (part["q_metric"] > part["p"]).any()


def test_quarters_and_information_are_not_tested():
    values = {c: table(2.0) for c in ("seed", "corr")}
    extra = rows(values, {}, period="2018Q3")
    found = judge(pd.concat([rows(values), extra]), steady(*values))
    assert found["metric"] == "g_ratio"


def test_a_baseline_is_judged_by_its_entities_outside_the_headline_family():
    values = {c: table(2.0, n, 0.05, (1, 6)) for n, c in enumerate(("seed", "corr"))}
    keys = {"model": "ridge"}
    own = judge(rows(values, **keys), draws({c: np.zeros(9) for c in values}, **keys))
    assert own["family"] == "secondary" and own["status"] == "ok"
    assert (own["seeds"], own["entities"]) == (1, 6)
    assert own["verdict"] == "fails"
    line = values["corr"][0]
    error = line.std(ddof=1) / np.sqrt(6)
    above = stats.t.sf((line.mean() - np.log(1.5)) / error, 5)
    assert own["p_corr"] == pytest.approx(above)
    assert own["low"] == pytest.approx(
        np.exp(line.mean() - stats.t.ppf(0.975, 5) * error)
    )


def test_a_baseline_moves_no_verdict_of_a_model():
    values = {c: table(1.53, 2, 0.05) for c in ("seed", "corr")}
    zeros = {c: np.zeros(9) for c in values}
    alone = judge(rows(values), draws(zeros))
    keys = {"model": "ridge"}
    both = judge(
        pd.concat([rows(values), rows(values, **keys)]),
        pd.concat([draws(zeros), draws(zeros, **keys)]),
    )
    first = both[both["model"] == alone["model"]].iloc[0]
    pd.testing.assert_series_equal(first, alone, check_names=False)
    assert set(both["family"]) == {"all", "secondary"}


def test_a_baseline_that_equals_the_naive_forecast_gets_no_verdict():
    values = {c: table(2.0) for c in ("seed", "corr")}
    equal = {"skill_train": 0.0, "skill_id": 0.0}
    row = judge(rows(values, equal), steady(*values))
    assert row["status"] == "underfit" and row["verdict"] == "undecided"


def test_values_that_hold_under_any_dependence_stand_beside_and_decide_nothing():
    models = [f"m{number}" for number in range(8)]
    parts = [
        rows({"seed": table(1.65, 2 * at, 0.08), "corr": table(1.65, 2 * at + 1, 0.08)},
             model=name)
        for at, name in enumerate(models)
    ]  # fmt: skip
    steady_ = [steady("seed", "corr").assign(model=name) for name in models]
    found = judge(pd.concat(parts), pd.concat(steady_))
    for q, by, p in (("q", "q_by", "p"), ("q_ok", "q_ok_by", "p_ok")):
        expected = multipletests(found[p], method="fdr_by")[1]
        np.testing.assert_allclose(found[by], expected)
        assert (found[by] >= found[q] - 1e-12).all()
    differs = (found["q"] <= 0.05) & (found["q_by"] > 0.05)
    assert differs.any(), "the draw is meant to hold such a row"
    assert (found.loc[differs, "verdict"] == "fails").all()
