"""Forecasts of arms: batches of several units, equal masks, doses."""

import math

import numpy as np
import pytest
import torch

from seqshift.softgroup.runs import units
from seqshift.softgroup.runs.arms import Arm
from seqshift.softgroup.runs.forecaster import Forecaster, subset
from softmodels import pipeline
from softwindows import windows

SOFT = Arm("soft", "single", "corr", "abs", "level", 2.0)
SINGLE, JOINT = Arm("hard_single"), Arm("hard_joint", "joint")


@pytest.fixture(scope="module")
def model():
    return pipeline(context=64)


@pytest.fixture(scope="module")
def data():
    made = windows(origins=5, lags=80, horizon=30)  # longer than the model reads
    made["context"][1, 2, :60] = np.nan
    return made


def build(model, data, rows=96, seed=0):
    return Forecaster(model, data, rows, 16, seed)


@pytest.fixture(scope="module")
def forecaster(model, data):
    return build(model, data)


@pytest.mark.parametrize("arm", [SINGLE, JOINT, SOFT, Arm("hard_right", "right")])
def test_packed_origins_are_forecast_as_on_their_own(model, data, forecaster, arm):
    alone = build(model, data, rows=1)
    assert len(alone.batches) == 5 and len(forecaster.batches) == 1
    np.testing.assert_allclose(
        forecaster.forecast(arm), alone.forecast(arm), rtol=1e-4, atol=1e-5
    )


def test_rows_of_one_origin_and_different_numbers_do_not_share(model, data):
    split = data.copy(deep=True)
    split["batch"][:, 3:] = 1
    changed = split.copy(deep=True)
    changed["context"][:, 3:] = 50 - changed["context"][:, 3:]
    before, after = (build(model, one).forecast(JOINT) for one in (split, changed))
    assert (before[:, :3] == after[:, :3]).all()
    assert (before[:, 3:] != after[:, 3:]).any()


def test_units_are_packed_whole_and_in_order(data):
    found = units.units(data)
    assert [unit.origin for unit in found] == list(range(5))
    packed = units.pack(data, found, 13)
    assert [len(batch.x) for batch in packed] == [12, 12, 6]
    assert [len(batch.x) for batch in units.pack(data, found, 2)] == [6] * 5
    one = units.composition(packed)
    assert (one["batches"], one["units"], one["rows"]) == (3, 2, 12)
    assert one["row_order"] != units.composition(packed[::-1])["row_order"]


def test_groups_are_those_of_a_unit(data):
    batch = units.pack(data, units.units(data), 12)[0]
    ids = batch.groups(data["group"].sel(grouping="right").values)
    assert ids.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert batch.groups(None).unique().numel() == 12


def test_equal_masks_have_one_digest(forecaster):
    digest = forecaster.digest
    infinite = Arm("", "single", "corr", "abs", "level", math.inf)
    oracle = Arm("oracle", kind="oracle", beta=1.0)
    assert digest(infinite) == digest(SINGLE)
    assert digest(oracle) == digest(Arm("", "right"))
    assert len({digest(arm) for arm in (SINGLE, JOINT, SOFT, oracle)}) == 4


def test_the_oracle_forecasts_what_the_right_groups_do(forecaster):
    oracle = forecaster.forecast(Arm("oracle", kind="oracle", beta=1.0))
    assert (oracle == forecaster.forecast(Arm("hard_right", "right"))).all()


@pytest.mark.parametrize("beta", [0.5, 2.0, 5.0])
def test_a_dose_has_the_mass_of_the_arm_that_it_imitates(forecaster, beta):
    arm = Arm("", "single", "corr", "abs", "level", beta, control="dose")
    level, wanted = forecaster.dose(arm, 1e-3)
    soft = Arm("", "single", "corr", "abs", "level", beta)
    assert wanted == pytest.approx(forecaster.mass(soft).mean())
    assert abs(forecaster.mass(arm, level).mean() - wanted) <= 1e-3
    assert 0 < level < 1


def test_mass_falls_with_beta_from_joint_to_none(forecaster):
    betas = [0.0, 0.5, 1.0, 2.0, 5.0, 20.0]
    found = [
        forecaster.mass(Arm("", "single", "corr", "abs", "level", beta)).mean()
        for beta in betas
    ]
    assert (np.diff(found) < 0).all()
    assert forecaster.mass(SINGLE).max() == 0


@pytest.mark.parametrize("control", ["permute", "shuffle", "random"])
def test_random_controls_are_the_same_for_every_backbone(data, control):
    arm = Arm("", "single", "corr", "abs", "level", 1.0, control=control)
    first, second = (build(pipeline(seed=s), data) for s in (0, 1))
    assert first.digest(arm) == second.digest(arm)
    assert first.digest(arm) != build(pipeline(), data, seed=1).digest(arm)


def test_permuting_keeps_the_values_of_each_unit(forecaster):
    plain, mixed = (
        next(forecaster.shared(Arm("", "single", "corr", "abs", "level", 1.0, control)))
        for control in ("", "permute")
    )
    for _, place in plain.batch.blocks():
        a, b = plain.S[place, place], mixed.S[place, place]
        assert torch.equal(a.flatten().sort().values, b.flatten().sort().values)
        assert torch.equal(b.diagonal(), torch.ones(6, dtype=torch.float64))
        assert not torch.equal(a, b)


def test_a_long_horizon_is_forecast_in_smaller_batches(model, data):
    assert len(build(model, windows(origins=5, horizon=40)).batches) == 5
    assert len(build(model, windows(origins=5, horizon=30)).batches) == 1


def test_a_subset_is_spread_over_all_origins(data):
    origins = data["origin"].values
    assert subset(data, 3)["origin"].values.tolist() == origins[[0, 2, 4]].tolist()
    assert subset(data, 99).sizes["origin"] == 5
