"""The arena on constructed tables whose outcome is known."""

import numpy as np
import pytest

from arenatables import SPEC, constant, inverted, make, truth, useless
from seqshift.arena import alarms, judge
from seqshift.schemas.signals import SIGNALS_BY_NAME


@pytest.fixture(scope="module")
def cells():
    told = make(ndcg=inverted, dle=constant, untrained=truth)
    return judge.cells(judge.domains(*told), SPEC)


@pytest.fixture(scope="module")
def table(cells):
    found = judge.table(cells, SPEC)
    return found.set_index(["domain", "label", "lead", "signal"]).sort_index()


def test_a_perfect_an_inverted_a_useless_and_a_constant_signal(table):
    rows = table.loc["energy", "g-seed", 1]
    assert rows.loc["cos-drift", "auroc"] == 1
    assert rows.loc["cos-drift", "precision"] == 1
    assert rows.loc["cos-drift", "spearman"] == pytest.approx(1)
    assert rows.loc["ndcg", "auroc"] == 0
    assert rows.loc["ndcg", "spearman"] == pytest.approx(-1)
    assert rows.loc["ks", "auroc_low"] < 0.5 < rows.loc["ks", "auroc_high"]
    assert rows.loc["dle", "auroc"] == 0.5
    assert rows.loc["dle", "precision"] == pytest.approx(rows.loc["dle", "prevalence"])


def test_differences_are_paired(table):
    rows = table.loc["energy", "g-seed", 1]
    same = rows.loc["untrained", ["difference", "difference_low", "difference_high"]]
    np.testing.assert_allclose(same.astype(float), 0)
    assert rows.loc["ndcg", "difference"] == -1
    assert rows.loc["ndcg", "difference_high"] == -1


def test_the_truth_one_quarter_ahead_says_little_of_the_same_quarter(table):
    assert 0.3 < table.loc[("energy", "g-seed", 0, "cos-drift"), "auroc"] < 0.7


def test_a_signal_that_is_not_known_is_said_to_be(table):
    row = table.loc["energy", "g-seed", 1, "psi"]
    assert row["status"] == "not_testable" and "not known" in row["reason"]
    assert np.isnan(row["auroc"])


def test_the_row_over_all_domains_is_the_mean_of_theirs(table):
    names = ("energy", "finance")
    for measure in ("auroc", "precision", "spearman", "difference"):
        own = [table.loc[(name, "g-corr", 1, "ks"), measure] for name in names]
        found = table.loc[("all", "g-corr", 1, "ks"), measure]
        assert found == pytest.approx(np.mean(own))


def test_too_few_failures_are_not_testable_and_the_reason_is_given():
    told = make(domains=("energy",), fail=0.0)
    found = judge.table(judge.cells(judge.domains(*told), SPEC), SPEC)
    rows = found[(found["domain"] == "energy") & (found["label"] == "g-seed")]
    assert (rows["status"] == "not_testable").all()
    assert (rows["reason"] == "0 positives, fewer than 5").all()
    assert rows["auroc"].isna().all()
    assert (found.loc[found["domain"] == "all", "status"] == "not_testable").all()
    told = make(domains=("energy",), fail=1.0)
    found = judge.table(judge.cells(judge.domains(*told), SPEC), SPEC)
    assert "0 negatives, fewer than 5" in set(found["reason"])


def test_units_of_another_status_and_of_unskilled_models_are_left_out():
    signals, scores = make(domains=("energy",))
    whole = judge.domains(signals, scores)[0]
    weak = scores["entity"] == "E0"
    lost = scores.assign(status=scores["status"].mask(weak, "underfit"))
    found = judge.domains(signals, lost)[0]
    assert len(judge.pair(whole, "g-seed", 1, 1.5).positive) == 6 * 2 * 15
    assert len(judge.pair(found, "g-seed", 1, 1.5).positive) == 5 * 2 * 15
    held = scores["metric"] == "loses_to_naive_id"
    unskilled = scores.assign(value=scores["value"].mask(weak & held, 0.1))
    found = judge.domains(signals, unskilled)[0]
    assert len(judge.pair(found, "g-seed", 1, 1.5).positive) == 6 * 2 * 15
    assert len(judge.pair(found, "loses-to-naive", 1, 1.5).positive) == 5 * 2 * 15


def test_signals_are_compared_on_the_units_that_all_of_them_know():
    signals, scores = make(domains=("energy",), dle=useless)
    gone = (signals["signal"] == "dle") & (signals["entity"] == "E1")
    signals.loc[gone, "value"] = np.nan
    found = judge.pair(judge.domains(signals, scores)[0], "g-seed", 1, 1.5)
    assert len(found.positive) == 5 * 2 * 15
    known = ("cos-drift", "cos-drift-ratio", "ks", "dle")
    assert found.names == [name for name in SIGNALS_BY_NAME if name in known]


def test_the_last_g_is_no_warning_of_itself():
    signals, scores = make(domains=("energy",), **{"previous-g": truth})
    domain = judge.domains(signals, scores)[0]
    assert "previous-g" not in judge.pair(domain, "g-seed", 0, 1.5).names
    assert "previous-g" in judge.pair(domain, "g-seed", 1, 1.5).names


def test_a_lead_longer_than_the_era_leaves_no_unit():
    told = make(domains=("energy",), quarters=2)
    cell = judge.cell(judge.domains(*told)[0], "g-seed", 3, SPEC)
    assert cell.reason and not len(cell.units.positive)


def test_curves_start_at_zero_end_at_one_and_never_fall(cells):
    frame = judge.curves(cells)
    assert set(frame["lead"]) == {0, 1}
    for _, own in frame.groupby(["domain", "label", "lead", "signal"]):
        assert own["true_positives"].is_monotonic_increasing
        assert own["true_positives"].iloc[-1] == 1
    own = frame[(frame["signal"] == "cos-drift") & (frame["lead"] == 1)]
    assert (own["true_positives"] == 1).all()


def test_no_curve_without_a_tested_cell():
    told = make(domains=("energy",), fail=0.0)
    assert judge.curves(judge.cells(judge.domains(*told), SPEC)).empty


def test_the_limit_keeps_false_alarms_within_what_is_borne():
    values = np.arange(16.0)
    positive = np.zeros(16, bool)
    positive[-2:] = True
    limit = alarms.limit(values, positive, 1)  # 16 quarters: four false alarms
    assert (values[~positive] > limit).sum() == 4
    tied = alarms.limit(np.ones(16), positive, 1)
    assert not (np.ones(16) > tied).any()
    assert alarms.limit(values, ~np.zeros(16, bool), 1) == -np.inf


def test_a_perfect_signal_warns_a_quarter_ahead_and_never_misses(table):
    row = table.loc[("energy", "g-seed", 1, "cos-drift")]
    assert row["false_alarms"] <= 1
    assert row["never"] < 0.05
    assert row["lead_days"] >= 90


def test_lead_time_counts_from_alarm_to_failure_by_hand():
    told = make(domains=("energy",), entities=1, seeds=1, quarters=12, fail=0.0)
    signals, scores = told
    values = np.zeros(12)
    values[[2, 3]] = 5  # 2014Q3 and 2014Q4 alarm
    for name in ("cos-drift", "cos-drift-ratio", "ks"):
        signals.loc[signals["signal"] == name, "value"] = values
    failing = scores["period"] == "2015Q2"
    scores.loc[failing, "value"] = 1.0
    domain = judge.domains(signals, scores)[0]
    units = judge.pair(domain, "g-seed", 1, 1.5)
    found = alarms.alarms(units, units.values[:, 0], 1, domain, 1)
    assert found["lead_days"] == 31 + 30 + 31 + 31 + 28 + 31 + 30 + 31 + 30
    assert found["never"] == 0
    assert found["false_alarms"] == pytest.approx(4 * 2 / 11)
