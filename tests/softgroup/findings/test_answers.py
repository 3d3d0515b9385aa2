"""Every question and claim has a row for every planned data set."""

import pytest

import softgroupstudy
import softgrouptables as made
from seqshift.softgroup.findings import answers, seedclaims
from seqshift.softgroup.findings.evidence import data, pick


@pytest.fixture(scope="module")
def study():
    return softgroupstudy.make()


def planned(kinds, leak=False):
    cells = [cell for cell in softgroupstudy.CELLS if cell["kind"] in kinds]
    return {data(cell) for cell in cells if cell["leak"] or cell["reason"] or not leak}


@pytest.mark.parametrize("question", answers.QUESTIONS, ids=lambda one: one.id)
def test_every_question_is_answered_for_every_planned_data_set(study, question):
    rows = pick(study["answers"], id=question.id)
    run = rows[rows["backbone"] == "tiny"]
    if question.id == "E3":
        assert "eia930-hourly H=96" in set(run["data"])
    elif question.id != "E4":
        assert planned(question.kinds) <= set(run["data"])
    lost = run[run["data"] == "ett-h2 H=96"]
    if "ett" in question.kinds:
        assert lost["verdict"].tolist() == ["not available"]
    assert pick(rows, backbone="chronos-2")["verdict"].tolist() == ["not available"]
    assert (rows["text"] != "").all()


@pytest.mark.parametrize("claim", seedclaims.CLAIMED, ids=lambda one: one.id)
def test_every_claim_is_judged_for_every_planned_data_set(study, claim):
    rows = pick(study["claims"], id=claim.id)
    run = rows[rows["backbone"] == "tiny"]
    assert planned(claim.kinds, claim.leak) <= set(run["data"])
    away = pick(rows, backbone="chronos-2")
    assert away["verdict"].tolist() == ["not testable"] and away["text"].item()


def test_ids_are_those_of_the_plan(study):
    assert list(dict.fromkeys(study["answers"]["id"])) == [f"E{k}" for k in range(1, 9)]
    assert list(dict.fromkeys(study["claims"]["id"])) == [f"C{k}" for k in range(1, 10)]


def test_undecided_answers_state_what_could_have_been_found(study):
    open_ = pick(study["answers"], verdict="undecided")
    assert open_["mde_pct"].notna().all()


def test_on_simulated_data_the_claims_about_real_data_are_not_testable():
    claims = softgroupstudy.make(simulated=True)["claims"]
    first = claims[claims["id"].isin([f"C{k}" for k in range(1, 7)])]
    run = first[first["backbone"] == "tiny"]
    assert set(first["verdict"]) == {"not testable"}
    assert set(run.loc[run["n_seeds"] > 0, "text"]) == {"world=simulated"}
    rest = claims[claims["id"].isin(["C7", "C8", "C9"]) & (claims["n_seeds"] > 0)]
    assert {"refuted", "confirmed"} <= set(rest["verdict"])


def test_data_that_nobody_planned_are_named_as_the_reason():
    claims = softgroupstudy.make(simulated=True)["claims"]
    row = pick(claims, id="C1", backbone="tiny").iloc[0]
    assert row["verdict"] == "not testable" and "no data set" in row["text"]


def claim(study, name: str, dataset: str):
    return pick(study["claims"], id=name, data=f"{dataset} H=96").iloc[0]


def test_the_gain_of_mixed_origins_is_refuted_where_the_leak_explains_it(study):
    row = claim(study, "C2", "ett-h1")
    leak = study["leaks"][study["leaks"]["verdict"] != ""].iloc[0]
    expected = {"confirmed": "refuted", "refuted": "confirmed"}
    assert row["verdict"] == expected.get(leak["verdict"], leak["verdict"])
    assert row["ci_lo"] < row["estimate_pct"] < row["ci_hi"]


def test_a_larger_beta_is_stricter_so_the_sentence_is_reversed(study):
    rows = pick(study["claims"], id="C7", backbone="tiny")
    judged = rows[rows["verdict"] != "not testable"]
    assert len(judged) and set(judged["verdict"]) == {"refuted"}
    assert judged["text"].str.contains("reversed").all()


def test_smoothing_is_no_explanation_where_similarity_adds_to_the_gain(study):
    row = claim(study, "C8", "clusters")
    net = pick(study["controls"], dataset="clusters", arm="soft_single_selected")
    dose = pick(net, control="ctrl_dose_selected")["verdict"].item()
    assert row["verdict"] == ("refuted" if dose == "benefit" else "partly")
    none = claim(study, "C8", "ett-h1")
    assert none["verdict"] == "not testable" and "no benefit to explain" in none["text"]


def answer(study, name: str, label: str):
    return pick(study["answers"], id=name, data=label, backbone="tiny").iloc[0]


def test_the_best_beta_is_found_near_the_true_one(study):
    text = answer(study, "E2", "clusters H=96")["text"]
    assert "least loss at beta" in text and "sharpness" in text
    assert float(text.split("at beta ")[1].split(" ")[0]) in (1.0, 2.0, 5.0)


def test_soft_masks_mend_wrong_groups_where_they_truly_do(study):
    assert answer(study, "E8", "clusters H=96")["verdict"] == "benefit"
    assert answer(study, "E8", "eia930-hourly H=96")["verdict"] == "benefit"


def test_more_relation_goes_with_more_gain(study):
    row = answer(study, "E4", "all")
    assert row["estimate_pct"] > 0 and row["n_units"] == 4
    assert row["verdict"] in ("difference", "undecided")


def test_the_question_of_substance_is_judged_on_real_data_alone(study):
    row = answer(study, "E7", "all real data")
    assert row["verdict"] in ("yes", "no", "undecided") and row["world"] == "real"
    assert "clusters" not in row["text"]
    alone = softgroupstudy.make(simulated=True)["answers"]
    none = pick(alone, id="E7", data="all real data").iloc[0]
    assert none["verdict"] == "not testable" and "simulated" in none["text"]


def test_each_parent_that_benefits_is_named(study):
    row = answer(study, "E5", "eia930-hourly H=96")
    assert row["verdict"] == "benefit"
    assert all(parent in row["text"] for parent in made.PARENTS)


def test_the_gain_by_steps_has_a_slope_with_an_interval(study):
    text = answer(study, "E6", "ett-h1 H=96")["text"]
    assert "per 100 steps" in text and "MDE" in text and "1-24" in text
