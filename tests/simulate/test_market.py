import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal, assert_series_equal

from seqshift.errors import BadInput
from seqshift.simulate import market

SPEC = {
    "kind": "market",
    "seed": 0,
    "entities": list("ABCDEFGH"),
    "start": "2003-01-01",
    "train_years": 8,
    "val_years": 2,
    "test_years": 4,
    "shift": "none",
    "strength": 1.0,
    "trend": False,
    "crises": [
        {"start": "2008-12-31", "days": 60},
        {"start": "2014-03-15", "days": 50},
    ],
}
SHIFTED = ("covariate", "concept", "both", "noise")


@pytest.fixture(scope="module")
def worlds():
    """Return four seeds of the world without shift."""
    return [market.make(SPEC | {"seed": seed}) for seed in range(4)]


@pytest.fixture(scope="module")
def shifted():
    """Return the first world under every shift."""
    return {shift: market.make(SPEC | {"shift": shift}) for shift in market.SHIFTS}


def upper(matrix):
    return matrix[np.triu_indices(len(matrix), 1)]


def test_the_sessions_are_those_of_the_exchange(worlds):
    sessions = worlds[0].sessions
    assert sessions[0] == pd.Timestamp("2003-01-02")
    assert sessions[-1] == pd.Timestamp("2016-12-30")
    assert worlds[0].shift_start == pd.Timestamp("2013-01-01")
    assert (sessions.dayofweek < 5).all()
    assert pd.Timestamp("2003-07-04") not in sessions
    assert pd.Timestamp("2003-10-13") in sessions  # a federal holiday only
    assert 251 < len(sessions) / 14 < 253


def test_returns_look_like_those_of_shares(worlds):
    returns = [world.returns for world in worlds]
    volatility = [r.std().mean() * np.sqrt(252) for r in returns]
    kurtosis = [r.kurt().mean() for r in returns]
    clustering = [r.abs().apply(lambda s: s.autocorr(1)).mean() for r in returns]
    crossing = [upper(r.corr().to_numpy()).mean() for r in returns]
    assert 0.20 < np.mean(volatility) < 0.30
    assert 2.0 < np.median(kurtosis) < 12.0
    assert 0.15 < np.mean(clustering) < 0.35
    assert 0.50 < np.mean(crossing) < 0.68


def test_the_index_shows_the_volatility(worlds):
    assert 18.0 < np.mean([world.vix.mean() for world in worlds]) < 23.0
    for world in worlds:
        ratio = np.log(world.vix / (100 * world.sigma * np.sqrt(252)))
        assert abs(ratio.std() - 0.05) < 0.003


def test_the_drift_is_the_stated_function_of_the_past(worlds):
    world = worlds[0]
    premium = 0.25 * (world.vix / 1900 - 0.0084)
    drift = (-0.30 * world.returns).add(premium, axis=0).shift(1)
    assert_frame_equal(drift.iloc[1:], world.drift.iloc[1:])
    share = world.drift.var() / world.returns.var()
    assert share.between(0.06, 0.12).all()


def test_a_crisis_raises_volatility_from_its_first_day():
    calm = market.make(SPEC | {"crises": []})
    crisis = market.make(SPEC | {"crises": [{"start": "2008-12-31", "days": 60}]})
    first = crisis.sessions.searchsorted(pd.Timestamp("2008-12-31"))
    ratio = (crisis.sigma / calm.sigma).to_numpy()
    assert (ratio[:first] == 1).all()
    assert (np.diff(ratio[first : first + 30]) > 0).all()
    # calm level 0, crash 1.5: 60 sessions close 84 % of the gap
    assert 1.5 < ratio[first + 59] <= np.exp(1.5 * (1 - 0.97**60)) + 1e-9
    assert ratio[first + 60] < ratio[first + 59]


def test_the_same_spec_gives_the_same_world():
    assert_frame_equal(market.make(SPEC).returns, market.make(SPEC).returns)
    other = market.make(SPEC | {"seed": 1}).returns
    assert not np.allclose(other, market.make(SPEC).returns)


@pytest.mark.parametrize("shift", SHIFTED)
def test_train_and_validation_do_not_depend_on_the_shift(shifted, shift):
    plain, world = shifted["none"], shifted[shift]
    before = plain.sessions < plain.shift_start
    assert_frame_equal(world.returns[before], plain.returns[before], check_exact=True)
    assert_series_equal(world.vix[before], plain.vix[before], check_exact=True)
    assert not np.allclose(world.returns[~before], plain.returns[~before])


@pytest.mark.parametrize("shift", SHIFTED)
def test_strength_zero_is_no_shift(shifted, shift):
    world = market.make(SPEC | {"shift": shift, "strength": 0.0})
    assert_frame_equal(world.returns, shifted["none"].returns, check_exact=True)
    assert_series_equal(world.vix, shifted["none"].vix, check_exact=True)


def test_the_first_years_do_not_depend_on_the_length_of_the_test_era(shifted):
    longer = market.make(SPEC | {"test_years": 7}).returns
    plain = shifted["none"].returns
    assert_frame_equal(longer[: len(plain)], plain, check_exact=True)


@pytest.mark.parametrize("strength", [0.5, 1.0])
def test_a_covariate_shift_raises_volatility_and_index_alike(shifted, strength):
    world = market.make(SPEC | {"shift": "covariate", "strength": strength})
    late = world.sessions >= world.shift_start + pd.DateOffset(years=1)
    for name in ("vix", "sigma"):
        rise = np.log(getattr(world, name) / getattr(shifted["none"], name))
        assert np.allclose(rise[late], 0.45 * strength, atol=1e-3)


@pytest.mark.parametrize(("strength", "sign"), [(0.25, 0.5), (0.5, 0.0), (1.0, -1.0)])
def test_a_concept_shift_turns_the_drift(shifted, strength, sign):
    world = market.make(SPEC | {"shift": "concept", "strength": strength})
    premium = 0.25 * (world.vix / 1900 - 0.0084)
    drift = sign * (-0.30 * world.returns).add(premium, axis=0).shift(1)
    late = world.sessions >= world.shift_start
    assert np.allclose(world.drift[late], drift[late])
    assert_series_equal(world.vix, shifted["none"].vix, check_exact=True)


def test_a_noise_shift_leaves_the_index_unchanged(shifted):
    world, plain = shifted["noise"], shifted["none"]
    late = world.sessions >= world.shift_start
    noise = (world.returns - world.drift)[late]
    assert np.allclose(noise, 1.6 * (plain.returns - plain.drift)[late])
    assert_series_equal(world.vix, plain.vix, check_exact=True)


def test_both_joins_covariate_and_concept(shifted):
    world = shifted["both"]
    assert_series_equal(world.vix, shifted["covariate"].vix, check_exact=True)
    late = world.sessions > world.shift_start
    noise, twin = (w.returns - w.drift for w in (world, shifted["covariate"]))
    assert np.allclose(noise[late], twin[late])
    assert not np.allclose(world.drift[late], shifted["covariate"].drift[late])


def test_a_strict_null_has_neither_shift_nor_crises(shifted):
    strict = market.make(SPEC | {"shift": "strict"})
    calm = market.make(SPEC | {"crises": []})
    assert_frame_equal(strict.returns, calm.returns, check_exact=True)
    assert_series_equal(strict.vix, calm.vix, check_exact=True)
    assert not np.allclose(strict.vix, shifted["none"].vix)


def test_members_of_a_sector_move_together_and_are_as_volatile_as_before(worlds):
    sectors = {name: "one" for name in "ABC"} | {name: "two" for name in "DEF"}
    split = [market.make(SPEC | {"seed": n, "sectors": sectors}) for n in range(4)]
    kinds = {"A": 0, "B": 0, "C": 0, "D": 1, "E": 1, "F": 1, "G": 2, "H": 3}
    same = np.equal.outer([*kinds.values()], [*kinds.values()])
    pairs = np.triu_indices(8, 1)
    crossing = np.mean([w.returns.corr().to_numpy()[pairs] for w in split], 0)
    inside, outside = crossing[same[pairs]].mean(), crossing[~same[pairs]].mean()
    # weight 0.4 squared over the variance of a shock, 0.75^2 1.1^2 + 0.66^2
    assert 0.09 < inside - outside < 0.19
    for old, new in zip(worlds, split, strict=True):
        assert_series_equal(old.beta, new.beta)
        assert_series_equal(old.returns["G"], new.returns["G"], check_exact=True)
        assert np.allclose(new.returns.std() / old.returns.std(), 1, atol=0.08)


def test_bars_have_the_true_returns_and_dividends(worlds):
    for name, bars in worlds[0].bars():
        returns = np.log(bars["close_adj"]).diff().iloc[1:]
        assert np.allclose(returns, worlds[0].returns[name].iloc[1:])
        assert (bars["low"] <= bars[["open", "close"]].min(axis=1)).all()
        assert (bars["high"] >= bars[["open", "close"]].max(axis=1)).all()
        assert bars["volume"].gt(0).all()
        factor = bars["close_adj"] / bars["close"]
        paid = np.flatnonzero(factor.diff() > 1e-9)
        assert np.allclose(factor.iloc[paid] / factor.iloc[paid - 1].array, 1 / 0.996)
        assert (paid % 63 == 0).all() and len(paid) == (len(bars) - 1) // 63


def test_a_wrong_spec_is_refused():
    with pytest.raises(BadInput, match="E9 has a sector but is no entity"):
        market.make(SPEC | {"sectors": {"E9": "one"}})
    with pytest.raises(BadInput, match="covariate, noise, none, strict"):
        market.make(SPEC | {"shift": "sudden"})
    with pytest.raises(BadInput, match="strength 1.5"):
        market.make(SPEC | {"strength": 1.5})
