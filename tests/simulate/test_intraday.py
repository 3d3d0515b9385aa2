import numpy as np
import pandas as pd
import pytest

from seqshift.errors import BadInput
from seqshift.simulate import intraday

SPEC = {
    "kind": "intraday",
    "seed": 3,
    "entities": ["BTCUSDT", "ETHUSDT"],
    "start": "2024-01-01",
    "days": 60,
    "test_days": 20,
    "shift": "none",
    "strength": 1.0,
}


def variances(world):
    """Return the variance of bar returns of all entities, before and in the test."""
    returns = np.log(world.bars["close"]).diff().iloc[1:]
    late = returns.index >= world.test_start
    return (returns[~late] ** 2).to_numpy().mean(), (
        returns[late] ** 2
    ).to_numpy().mean()


def roll(log_prices):
    """Return the half spread of Roll (1984) from successive trades."""
    changes = np.diff(log_prices.ravel())
    return np.sqrt(-np.cov(changes[1:], changes[:-1])[0, 1])


def test_bars_are_the_extremes_and_ends_of_their_trades():
    world = intraday.make(SPEC)
    assert len(world.times) == 60 * intraday.BARS
    prices = np.exp(intraday.trades(SPEC, "ETHUSDT"))
    assert prices.shape == (len(world.times), intraday.TRADES)
    truth = [prices[:, 0], prices.max(1), prices.min(1), prices[:, -1]]
    for key, values in zip(intraday.PRICES, truth, strict=True):
        np.testing.assert_array_equal(world.bars[key]["ETHUSDT"], values)
    assert (world.bars["volume"] > 0).all(axis=None)


def test_volatility_is_u_shaped_over_the_day():
    world = intraday.make(SPEC)
    returns = np.log(world.bars["close"]).diff().iloc[1:]
    hour = returns.index.hour
    found = np.sqrt((returns**2).groupby(hour).mean().mean(axis=1))
    truth = np.sqrt((world.volatility**2).groupby(world.times.hour).mean())
    np.testing.assert_allclose(found, truth, rtol=0.15)
    assert found.idxmin() in range(9, 15)
    assert truth.loc[0] / truth.loc[12] == pytest.approx(1 + intraday.DEPTH, rel=0.1)
    whole = (world.volatility**2).groupby(world.times.normalize()).sum()
    assert np.sqrt(whole).median() == pytest.approx(intraday.SIGMA, rel=0.2)


def test_shocks_of_trades_have_the_tails_of_four_degrees_of_freedom():
    trades = intraday.trades(SPEC, "BTCUSDT")
    scale = intraday.make(SPEC).volatility.to_numpy() / np.sqrt(intraday.TRADES)
    steps = np.diff(trades, axis=1) / scale[:, None]
    # 5 deviations: .0021 of t with 4 degrees scaled to unit variance, 6e-7 of normal.
    assert np.mean(np.abs(steps) > 5) == pytest.approx(0.0025, abs=0.0008)


def test_the_known_half_spread_is_recovered():
    world = intraday.make(SPEC)
    assert (world.half_spread == intraday.HALF_SPREAD).all()
    found = np.mean([roll(intraday.trades(SPEC, name)) for name in SPEC["entities"]])
    assert found == pytest.approx(1.5e-4, rel=0.05)


def test_a_bar_takes_back_a_tenth_of_the_surprise_before():
    spec = SPEC | {"shift": "concept", "entities": list("ABCDEFGH")}
    moves = {False: [], True: []}
    late = intraday.make(spec).times >= pd.Timestamp("2024-02-10")
    for name in spec["entities"]:
        returns = np.diff(intraday.trades(spec, name)[:, -1])
        for era in (False, True):
            part = returns[late[1:] == era]
            moves[era].append(np.corrcoef(part[1:], part[:-1])[0, 1])
    assert np.mean(moves[False]) == pytest.approx(-0.10, abs=0.02)
    assert np.mean(moves[True]) == pytest.approx(0.10, abs=0.025)


@pytest.mark.parametrize("strength", [0.5, 1.0])
def test_a_covariate_shift_raises_variance_by_what_it_states(strength):
    calm = intraday.make(SPEC)
    wild = intraday.make(SPEC | {"shift": "covariate", "strength": strength})
    ratio = np.exp(2 * intraday.LEVEL_SHIFT * strength)
    late = calm.times >= calm.test_start
    truth = (wild.volatility / calm.volatility) ** 2
    np.testing.assert_allclose(truth[late], ratio)
    np.testing.assert_allclose(truth[~late], 1)
    before, after = zip(variances(calm), variances(wild), strict=True)
    assert before[0] == before[1]
    assert after[1] / after[0] == pytest.approx(ratio, rel=0.05)


def test_a_noise_shift_widens_the_spread_alone():
    spec = SPEC | {"shift": "noise"}
    calm, noisy = intraday.make(SPEC), intraday.make(spec)
    pd.testing.assert_series_equal(calm.volatility, noisy.volatility)
    late = noisy.times >= noisy.test_start
    found = roll(intraday.trades(spec, "BTCUSDT")[late])
    assert found == pytest.approx(1.6 * intraday.HALF_SPREAD, rel=0.05)


def test_worlds_that_differ_in_the_shift_are_equal_before_it():
    calm = intraday.make(SPEC)
    early = calm.times < calm.test_start
    assert calm.test_start == pd.Timestamp("2024-02-10")
    for shift in ("covariate", "concept", "both", "noise"):
        other = intraday.make(SPEC | {"shift": shift})
        for key in intraday.PRICES:
            assert calm.bars[key][early].equals(other.bars[key][early]), shift
            assert not calm.bars[key].equals(other.bars[key]), shift
    strict = intraday.make(SPEC | {"shift": "strict"})
    assert strict.bars["close"].equals(calm.bars["close"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"shift": "moon"}, "unknown shift 'moon'"),
        ({"strength": 2.0}, "choose 0 to 1"),
        ({"test_days": 60}, "60 days cannot have 60 test days; choose fewer"),
    ],
)
def test_an_impossible_world_is_refused(change, words):
    with pytest.raises(BadInput, match=words):
        intraday.make(SPEC | change)
