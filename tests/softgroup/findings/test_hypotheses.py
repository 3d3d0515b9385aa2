"""The tables of an invented study whose true gains are known."""

import numpy as np
import pytest

import softgroupstudy
import softgrouptables as made
from seqshift import storage
from seqshift.schemas import findings as schemas
from seqshift.schemas import softgroup
from seqshift.schemas.findings import CELL, CONTROLS, FAMILY, LEAKS, RECOVERY, TESTS
from seqshift.softgroup.findings import hypotheses, observations
from seqshift.softgroup.findings.comparisons import Pair
from seqshift.softgroup.findings.evidence import pick

LOSSES = {"losses": softgroup.LOSSES, "agreement": softgroup.AGREEMENT}
SCHEMAS = {
    "leak": softgroup.LEAK,
    "curve": softgroup.CURVE,
    "mass": softgroup.MASS,
    "similarity": softgroup.SIMILARITY,
    "agreement": softgroup.AGREEMENT,
    "family": FAMILY,
    "tests": TESTS,
    "gains": TESTS,
    "parts": TESTS,
    "controls": CONTROLS,
    "leaks": LEAKS,
    "recovery": RECOVERY,
    "claims": schemas.CLAIMS,
    "answers": schemas.ANSWERS,
}


@pytest.fixture(scope="module")
def study():
    return softgroupstudy.make()


def of(study, dataset: str, arm: str, role="gain", **where):
    asked = {"scope": "all", "metric": "sql", "role": role} | where
    rows = pick(study["tests"], dataset=dataset, arm=arm, **asked)
    assert len(rows) == 1
    return rows.iloc[0]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_table_is_such_as_its_schema_says(study, name, tmp_path):
    storage.validate(study[name], SCHEMAS[name], name)
    path = tmp_path / "table.csv"
    storage.write_csv(study[name], path, SCHEMAS[name])
    again = storage.read_csv(path, SCHEMAS[name])
    assert len(again) == len(study[name]) > 0


def test_invented_losses_are_such_as_the_pipeline_writes():
    cell = made.ETTH1 | {"seeds": [0]}
    losses = made.losses(cell, 0, {"hard_joint": 0.5})
    storage.validate(losses, softgroup.LOSSES, "losses")


def test_what_helps_is_found_and_what_does_nothing_is_equivalent(study):
    assert of(study, "eia930-hourly", "hard_right")["verdict"] == "benefit"
    assert of(study, "clusters", "hard_right")["verdict"] == "benefit"
    assert of(study, "clusters", "soft_single_selected")["verdict"] == "benefit"
    assert of(study, "clusters", "soft_single_corr-abs_binf")["verdict"] == "equivalent"
    # The true gain of the selected arm on ETTh1 is 0.1 %.
    row = of(study, "ett-h1", "soft_single_selected")
    assert row["verdict"] in ("equivalent", "undecided") and row["p"] > 0.01


def test_the_usual_test_finds_more_on_overlapping_windows(study):
    gains = pick(study["tests"], role="gain", scope="all", metric="sql")
    rows = gains[(gains["dataset"] == "ett-h1") & (gains["gain"] != 0)]
    assert (rows["pooled_p"] < 0.05).sum() > (rows["unit_p"] < 0.05).sum()
    assert (rows["n_eff"] < rows["units"]).mean() > 0.8


def test_the_usual_test_is_shown_where_parts_are_windows_alone(study):
    gains = pick(study["tests"], role="gain", scope="all", metric="sql")
    gains = gains[gains["gain"] != 0]
    assert pick(gains, dataset="ett-h1")["pooled_p"].notna().all()
    assert pick(gains, dataset="m4-hourly")["pooled_p"].notna().all()
    # A parent averages several series, so its windows are not in the table of units.
    assert pick(gains, dataset="eia930-hourly")["pooled_p"].isna().all()


def test_rows_of_series_that_move_together_name_the_reason():
    cell = made.M4 | {"seeds": [0]}
    about = made.about(cell)
    about["cluster"] = np.r_[np.arange(20), np.full(40, 20)]
    units = observations.averaged(
        made.losses(cell, 0, {"seed": 1.0}), about, "series", ["seed"]
    )
    pairs = [Pair("gain", "seed", "hard_single")]
    found = hypotheses.rows(units, pairs, cell, made.STATISTICS)
    notes = pick(found, metric="sql", band="").set_index("part")["note"]
    assert "2.2 effective clusters" in notes[""]
    assert "effective" not in notes["length class 1"]
    assert "1.0 effective clusters" in notes["length class 2"]
    assert found.loc[found["note"].str.contains("effective"), "p"].isna().all()


def test_the_declared_comparisons_are_one_family(study):
    tests = study["tests"]
    inside = tests[tests["family"] == "confirmatory"]
    planned = study["family"]
    here = planned[planned["status"] == "planned"]
    assert len(inside) == len(here)
    assert set(inside["metric"]) == {"sql"} and set(inside["scope"]) == {"all"}
    assert (inside["q"] >= inside["p"] - 1e-12).all()
    order = inside.sort_values("p")
    by_hand = (order["p"] * len(order) / np.arange(1, len(order) + 1))[::-1]
    np.testing.assert_allclose(order["q"][::-1], by_hand.cummin())


def test_an_exploratory_arm_is_not_corrected_with_the_declared_ones(study):
    tests = study["tests"]
    outside = tests[(tests["arm"] == "hard_random") & (tests["scope"] == "all")]
    assert set(outside["family"]) == {"exploratory"}


def test_beta_and_temperature_are_inverse(study):
    tests = study["tests"]
    known = tests[tests["beta"].notna() & np.isfinite(tests["beta"])]
    known = known[known["beta"] > 0]
    np.testing.assert_allclose(known["beta"] * known["temperature"], 1)
    assert (tests.loc[tests["arm"] == "seed", "beta"] == 5).all()
    assert tests.loc[tests["arm"] == "hard_joint", "beta"].isna().all()


def test_undecided_rows_state_what_could_have_been_found(study):
    open_ = study["tests"][study["tests"]["verdict"] == "undecided"]
    assert len(open_) and open_["mde"].notna().all()


def test_planned_rows_without_data_stand_in_the_table_of_gains(study):
    gains = study["gains"]
    lost = gains[gains["verdict"] == "not available"]
    declared = pick(study["family"], status="not available")
    assert set(lost["arm"]) == set(declared["arm"])
    assert set(lost["note"]) == {made.ETTH2["reason"]}
    assert set(study["parts"].loc[study["parts"]["units"] == 0, "dataset"]) == {
        "ett-h2"
    }


def test_no_arm_of_the_leak_is_in_a_table_of_arms(study):
    for name in ("tests", "gains", "parts", "controls", "recovery", "family"):
        assert not study[name]["arm"].str.startswith("leak").any(), name
    answers = study["answers"]
    assert not answers["arm"].str.startswith("leak").any()


def test_a_control_takes_away_what_is_not_due_to_similarity(study):
    rows = study["controls"]
    own = pick(rows, dataset="eia930-hourly", arm="soft_single_selected")
    dose = own[own["control"] == "ctrl_dose_selected"].iloc[0]
    assert dose["net"] == pytest.approx(dose["arm_gain"] - dose["control_gain"])
    assert dose["low"] < 0.5 * made.gains(made.EIA["hourly"])["hard_right"]
    assert dose["mass"] == pytest.approx(0.21)
    assert {"ctrl_shrink10", "ctrl_ma5", "ctrl_mix_selected"} <= set(own["control"])


def test_recovery_is_the_share_of_what_right_groups_gain(study):
    rows = pick(study["recovery"], dataset="clusters").set_index("arm")
    row = rows.loc["soft_single_selected"]
    assert row["recovery"] == pytest.approx(row["gain"] / row["right_gain"])
    assert row["low"] < 2 / 3 < row["high"] or abs(row["recovery"] - 2 / 3) < 0.2
    assert rows.loc["oracle", "recovery"] == pytest.approx(1, abs=0.2)


def test_nothing_is_recovered_where_right_groups_do_not_gain_for_certain(study):
    rows = pick(study["recovery"], dataset="ett-h1")
    assert rows["recovery"].isna().all() and (rows["reason"] != "").all()


def test_every_key_of_a_row_is_one_of_a_planned_cell(study):
    planned = {tuple(cell[name] for name in CELL) for cell in study["cells"]}
    for name in ("tests", "gains", "controls", "leaks"):
        found = set(study[name][[*CELL]].itertuples(index=False, name=None))
        assert found <= planned
