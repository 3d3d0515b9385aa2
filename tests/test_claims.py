"""Claims judged by tables whose answers are known."""

import numpy as np
import pandas as pd
import pytest

from claimtexts import ABLATION, CONTRAST, GOOD
from errortable import SOUND, SPEC, STATISTICS, noisy
from seqshift import claims
from seqshift.metrics.score import score
from seqshift.schemas.planning import CLAIMS
from seqshift.statistics import tests as hypotheses

EMPTY = pd.DataFrame()


def tables(**models) -> dict[str, pd.DataFrame]:
    """Return the tables of runs of three seeds from keywords of `noisy` by model."""
    found = [
        score(noisy(seed, model=name, **how), SPEC, STATISTICS)
        for name, how in models.items()
        for seed in range(3)
    ]
    scores, resamples = (pd.concat(parts) for parts in zip(*found, strict=True))
    tests = hypotheses.test_hypotheses(scores, resamples, STATISTICS, [], SOUND)
    known = {"scores": scores, "resamples": resamples, "tests": tests}
    return known | {"ablations": EMPTY, "scaling": EMPTY}


def judge(found: dict, *registered: dict) -> pd.DataFrame:
    names = [claim | {"id": f"H{at}"} for at, claim in enumerate(registered)]
    return CLAIMS.validate(claims.judge(names, found, 0.05, "abc"))


def verdicts(names: list[str], status: list[str] | None = None) -> dict:
    """Return tables whose tests of G have these verdicts."""
    frame = pd.DataFrame({"verdict": names})
    frame["status"] = status or "ok"
    p = frame["verdict"].map({"fails": 0.01, "does not fail": 0.9, "undecided": 0.3})
    ok = frame["verdict"].map({"fails": 0.99, "does not fail": 0.02, "undecided": 0.6})
    frame = frame.assign(p=p, q=p, p_ok=ok, q_ok=ok, metric="g_ratio")
    frame = frame.assign(axis="temporal", family="all", modality="natural")
    return {"tests": frame, "scores": EMPTY, "ablations": EMPTY, "scaling": EMPTY}


@pytest.mark.parametrize(
    ("names", "some", "every"),
    [
        (["fails", "undecided"], "held", "undecided"),
        (["fails", "fails"], "held", "held"),
        (["fails", "does not fail"], "held", "failed"),
        (["does not fail", "undecided"], "undecided", "failed"),
        (["does not fail", "does not fail"], "failed", "failed"),
        (["undecided", "undecided"], "undecided", "undecided"),
    ],
)
def test_verdicts_are_counted_as_some_or_as_all(names, some, every):
    found = judge(verdicts(names), GOOD, GOOD | {"rows": "all"})
    assert list(found["verdict"]) == [some, every]


def test_a_test_without_a_verdict_keeps_all_from_being_shown():
    lost = verdicts(["fails", "undecided"], ["ok", "low_n"])
    row = judge(lost, GOOD | {"rows": "all"}).iloc[0]
    assert row["verdict"] == "undecided" and np.isnan(row["p"])
    assert "low_n 1" in row["reason"]
    assert (row["estimate"], row["low"], row["high"]) == (0.5, 0.5, 1.0)


def test_the_q_of_a_claim_about_some_is_the_smallest_of_its_family():
    row = judge(verdicts(["fails", "does not fail"]), GOOD).iloc[0]
    assert (row["p"], row["q"]) == (0.01, 0.01)
    assert (row["p_failed"], row["q_failed"]) == (0.99, 0.99)


def test_only_rows_of_the_stated_kind_count():
    found = verdicts(["fails", "fails"])
    found["tests"]["modality"] = ["mixup", "natural"]
    row = judge(found, GOOD | {"where": {"modality": "natural"}}).iloc[0]
    assert row["units"] == 1
    other = judge(found, GOOD | {"axis": "spatial"}).iloc[0]
    assert other["verdict"] == "undecided" and other["units"] == 0


@pytest.fixture(scope="module")
def runs():
    return tables(memory={"shift": 1.0}, mlp={"shift": 2.0})


@pytest.mark.parametrize(
    ("side", "threshold", "expected"),
    [("below", 1.0, "held"), ("above", 1.0, "failed"), ("above", 0.2, "held")],
)
def test_a_contrast_is_judged_on_its_side_of_the_threshold(
    runs, side, threshold, expected
):
    claim = CONTRAST | {"side": side, "threshold": threshold}
    row = judge(runs, claim).iloc[0]
    assert row["verdict"] == expected
    assert row["low"] < 0.5 < row["high"], "memory loses half of what the MLP loses"
    assert row["q"] == row["p"] and "market natural memory" in row["reason"]


def test_a_contrast_without_a_difference_stays_undecided():
    same = tables(memory={"shift": 1.5}, mlp={"shift": 1.5})
    row = judge(same, CONTRAST).iloc[0]
    assert row["verdict"] == "undecided"
    assert (row["estimate"], row["p"], row["p_failed"]) == (1, 1, 1)


def test_a_run_that_has_not_learnt_cannot_be_contrasted():
    weak = tables(memory={"shift": 1.0}, mlp={"shift": 2.0, "skill": 1.5})
    row = judge(weak, CONTRAST).iloc[0]
    assert row["verdict"] == "undecided" and "underfit" in row["reason"]


def test_a_model_that_was_not_run_leaves_its_claim_open(runs):
    row = judge(runs, CONTRAST | {"first": {"model": "lstm"}}).iloc[0]
    assert row["verdict"] == "undecided" and row["units"] == 0
    assert row["reason"].startswith("not testable")


def test_training_sets_are_contrasted_model_by_model(runs):
    natural = [noisy(seed) for seed in range(3)]
    other = [noisy(seed, shift=1.7, modality="mixup") for seed in range(3)]
    found = [score(one, SPEC, STATISTICS) for one in natural + other]
    scores, resamples = (pd.concat(parts) for parts in zip(*found, strict=True))
    claim = CONTRAST | {"first": {"modality": ["timegan", "mixup"]}, "side": "above"}
    claim |= {"second": {"modality": "natural"}, "metric": "loses_to_naive"}
    row = judge(runs | {"scores": scores, "resamples": resamples}, claim).iloc[0]
    assert row["verdict"] == "held" and row["units"] == 1
    assert row["estimate"] == pytest.approx(1.7, rel=0.05)


def ablations(rows: list[tuple]) -> dict:
    names = ("variant", "estimate", "p", "status")
    frame = pd.DataFrame(rows, columns=names).assign(domain="energy", base="b")
    frame = frame.assign(low=0.5, high=2.0, measure="g_ratio")
    return {"ablations": frame, "scores": EMPTY, "scaling": EMPTY, "tests": EMPTY}


def test_an_ablation_holds_only_if_every_variant_is_on_its_side():
    claim = ABLATION | {"variants": {"deep": "below", "flat": "above"}}
    good = [("deep", 0.8, 0.01, "ok"), ("flat", 1.2, 0.02, "ok")]
    row = judge(ablations(good), claim).iloc[0]
    assert row["verdict"] == "held" and row["p"] == pytest.approx(0.01)
    bad = [("deep", 1.3, 0.001, "ok"), ("flat", 1.2, 0.02, "ok")]
    row = judge(ablations(bad), claim).iloc[0]
    assert row["verdict"] == "failed" and row["p_failed"] == pytest.approx(0.001)
    lost = [("deep", 0.8, 0.01, "ok"), ("flat", 1.2, 0.02, "low_n")]
    row = judge(ablations(lost), claim).iloc[0]
    assert row["verdict"] == "undecided" and "flat against b (low_n)" in row["reason"]


def test_contrasts_and_ablations_are_corrected_together():
    claim = ABLATION | {"variants": {"deep": "below"}}
    rows = [("deep", 0.8, 0.08, "ok"), ("flat", 1.2, 0.9, "ok")]
    alone = judge(ablations(rows), claim).iloc[0]
    assert alone["verdict"] == "held" and alone["q"] == pytest.approx(0.04)
    other = ABLATION | {"variants": {"flat": "above"}}
    both = judge(ablations(rows), claim, other)
    assert both["q"].iloc[0] == pytest.approx(0.08)
    assert both["verdict"].iloc[0] == "undecided"


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.1, 0.5, "held"), (-0.1, 0.5, "undecided"), (-0.5, -0.1, "failed")],
)
def test_an_exponent_is_judged_by_its_interval(low, high, expected):
    claim = GOOD | {"test": "scaling", "rows": ["id_test"], "side": "above"}
    claim |= {"threshold": 0.0, "family": "none"}
    row = {"domain": "energy", "model": "lstm", "by": "time", "split": "id_test"}
    row |= {"form": "power", "exponent": 0.3}
    rows = [row | {"exponent_low": low, "exponent_high": high}]
    rows += [row | {"form": "floor", "exponent_low": -1.0, "exponent_high": -0.9}]
    found = judge({"scaling": pd.DataFrame(rows)}, claim).iloc[0]
    assert found["verdict"] == expected and np.isnan(found["p"])


def warnings(*states: str) -> dict:
    frame = pd.DataFrame({"part": ["i", "ii", "iii", "iv"], "outcome": states})
    frame = frame.assign(estimate=0.6, low=0.5, high=0.7, scope="all")
    # What one domain says counts in the part over all of them.
    return {"warning": pd.concat([frame, frame.assign(scope="a", outcome="failed")])}


def test_the_early_warning_holds_only_in_all_of_its_parts():
    claim = GOOD | {"test": "early-warning", "rows": ["i", "ii", "iii", "iv"]}
    claim |= {"family": "none"}
    for states, expected in (
        (("held",) * 4, "held"),
        (("held", "held", "failed", "held"), "failed"),
        (("held", "held", "not testable", "held"), "undecided"),
        (("failed", "not testable", "held", "held"), "failed"),
    ):
        assert judge(warnings(*states), claim)["verdict"].item() == expected
    row = judge({}, claim).iloc[0]
    assert row["verdict"] == "undecided" and row["reason"].startswith("not testable")
    first = judge(warnings("held", *["failed"] * 3), claim | {"rows": ["i"]})
    assert first["verdict"].item() == "held"


def test_one_run_that_fails_a_control_fails_its_claim():
    claim = GOOD | {"test": "controls", "rows": ["pooled"], "family": "none"}
    frame = pd.DataFrame({"control": ["pooled", "pooled", "within"]})
    frame = frame.assign(domain="energy", modality="natural", model="mlp")
    frame = frame.assign(value=0.001, low=0.0, high=0.002, passed=[True, True, False])
    frame["status"] = "ok"
    assert judge({"controls": frame}, claim)["verdict"].item() == "held"
    frame["passed"] = [True, False, True]
    assert judge({"controls": frame}, claim)["verdict"].item() == "failed"
    frame["status"], frame["passed"] = ["ok", "not_testable", "ok"], [True, False, True]
    row = judge({"controls": frame}, claim).iloc[0]
    assert row["verdict"] == "undecided" and "not_testable" in row["reason"]
