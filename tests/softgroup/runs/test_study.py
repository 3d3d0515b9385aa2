"""All arms of a data set: each is scored in its order, each mask forecast once."""

import math

import numpy as np
import pytest

from seqshift.schemas.softgroup import AGREEMENT, LOSSES
from seqshift.softgroup.runs import arms, controls, losses, study
from seqshift.softgroup.runs.forecaster import Forecaster
from softmodels import pipeline
from softwindows import windows

SET = {
    "single": {"corr-abs": [0, 1, 2, math.inf], "corr-affine": [5], "dist": [1]},
    "wrong": {"corr-abs": [1]},
    "controls": [1],
}
SELECTED = {"single": "soft_single_corr-abs_b2", "wrong": "soft_wrong_corr-abs_b1"}
RUN = {"backbone": "nano", "seed": 0}


class Counted(Forecaster):
    """A forecaster that writes down what it forecasts."""

    def __init__(self, *args):
        super().__init__(*args)
        self.asked = []

    def forecast(self, arm, level=math.nan):
        self.asked.append(arm.id)
        return super().forecast(arm, level)


@pytest.fixture(scope="module")
def data():
    return windows(origins=4, lags=64, horizon=30)


@pytest.fixture(scope="module")
def forecaster(data):
    return Counted(pipeline(context=64), data, 96, 16, 0)


@pytest.fixture(scope="module")
def plan(data):
    return arms.plan(SET, study.rows_of(data, 16), SELECTED)


@pytest.fixture(scope="module")
def found(forecaster, plan):
    return study.tables(study.Study(forecaster, forecaster, 1e-3), plan, RUN)


def values(frame, arm):
    return frame.loc[frame["arm"] == arm, ["sql", "mase", "mae_z"]].to_numpy()


def test_every_arm_has_all_its_rows(found, plan):
    table, facts = LOSSES.validate(found[0]), AGREEMENT.validate(found[1])
    assert facts["arm"].tolist() == [arm.id for arm in plan]
    assert (table.groupby("arm").size() == 4 * 6 * 2).all()
    assert set(table["leak"]) == {0}


def test_a_mask_is_forecast_once(found, forecaster):
    asked = forecaster.asked
    for again in ("soft_single_corr-abs_binf", "seed", "oracle", "soft_wrong_selected"):
        assert again not in asked
    assert "soft_single_corr-abs_b0" not in asked  # all similarities are positive
    table = found[0]
    assert (values(table, "seed") == values(table, "soft_single_corr-affine_b5")).all()
    assert (
        values(table, "soft_single_corr-abs_binf") == values(table, "hard_single")
    ).all()


def test_losses_are_those_of_the_forecasts(found, forecaster, data, plan):
    arm = next(arm for arm in plan if arm.id == "soft_wrong_corr-abs_b1")
    measured = losses.measure(forecaster.forecast(arm), data)
    assert (values(found[0], arm.id)[:, 0] == measured[1].ravel()).all()


def test_a_mix_has_its_weight_and_the_losses_of_its_formula(found, forecaster, plan):
    table, facts = found
    known = {arm.id: arm for arm in plan}
    soft, hard, joint = (
        forecaster.forecast(known[name])
        for name in ("soft_single_corr-abs_b1", "hard_single", "hard_joint")
    )
    share = controls.weight(soft, hard, joint, forecaster.windows["scale"].values)
    weight = facts.set_index("arm").loc["ctrl_mix_b1", "weight"]
    assert weight == pytest.approx(share.mean())
    mixed = controls.mix(hard, joint, share)
    measured = losses.measure(mixed, forecaster.windows)
    np.testing.assert_allclose(
        values(table, "ctrl_mix_b1")[:, 0], measured[1].ravel(), rtol=1e-6
    )


def test_facts_name_the_beta_the_temperature_and_the_dose(found):
    facts = found[1].set_index("arm")
    assert facts.loc["soft_single_corr-abs_b2", "temperature"] == 0.5
    assert facts.loc["soft_single_corr-abs_b0", "temperature"] == math.inf
    assert facts.loc["hard_single", "agreement"] == pytest.approx(1)
    assert np.isnan(facts.loc["hard_single", "beta"])
    dose = facts.loc["ctrl_dose_b1"]
    assert 0 < dose["level"] < 1 and 0 < dose["mass"] < 1
    assert dose["of"] == "soft_single_corr-abs_b1"
    assert facts["rows"].unique().tolist() == [24]


def test_a_season_longer_than_the_context_allows_is_none(data):
    assert study.rows_of(data, 16).season == 4
    assert study.rows_of(data.assign_attrs(season=60), 16).season == 1
    assert study.rows_of(data, 16).dated
    assert not study.rows_of(windows(dated=False), 16).dated
