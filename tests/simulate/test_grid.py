import numpy as np
import pandas as pd
import pytest

import gridworld
from seqshift import localdays
from seqshift.errors import BadInput
from seqshift.gridphysics import BASE_C
from seqshift.simulate import grid

FRAMES = ["load", "temp_mean", "temp_max", "solar_share"]


def degree_days(world):
    mean = world.temp_mean
    return (mean - BASE_C).clip(lower=0), (BASE_C - mean).clip(lower=0)


def expected(world):
    """Return the load of the equation without noise, as a share of the base."""
    truth = world.parameters
    cooling, heating = degree_days(world)
    days = world.days
    sun = np.maximum(np.cos(2 * np.pi * (days.dayofyear - 172) / 365), 0)
    level = 1 + truth["cooling"] * cooling + truth["heating"] * heating
    level = level.sub(0.07 * (days.dayofweek >= 5), axis=0)
    level = level.sub(0.10 * world.holiday, axis=0)
    return level - world.solar_share.mul(sun, axis=0)


def test_load_is_as_persistent_as_the_reference_world():
    worlds = [grid.make(gridworld.wide(seed=seed)) for seed in range(6)]
    persistence = [
        np.mean([w.load[name].autocorr(lag) for w in worlds for name in w.load])
        for lag in (1, 7)
    ]
    assert 0.70 < persistence[0] < 0.80
    assert 0.54 < persistence[1] < 0.67


def test_load_follows_its_equation_up_to_small_persistent_noise():
    world = grid.make(gridworld.wide())
    noise = world.load / world.parameters["base_mwh"] - expected(world)
    assert noise.std().between(0.018, 0.022).all()
    assert all(0.5 < noise[name].autocorr(1) < 0.7 for name in noise)
    assert abs(noise.to_numpy().mean()) < 0.002


def test_parameters_lie_in_their_ranges():
    truth = pd.concat([grid.make(gridworld.wide(seed=s)).parameters for s in range(9)])
    for name, (low, high) in {
        "mu": (8, 20),
        "amplitude": (8, 14),
        "cooling": (0.010, 0.022),
        "heating": (0.006, 0.014),
    }.items():
        assert truth[name].between(low, high).all()
        assert truth[name].max() - truth[name].min() > 0.7 * (high - low)
    assert 2.7 < np.log(truth["base_mwh"] / 1e3).mean() < 3.3
    assert 0.5 < np.log(truth["base_mwh"]).std() < 0.9


def test_the_same_seed_gives_the_same_world_and_another_seed_another():
    first, again = gridworld.world(), gridworld.world()
    other = gridworld.world(seed=5)
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(first, name), getattr(again, name))
    assert not first.load.equals(other.load)


@pytest.mark.parametrize("shift", grid.SHIFTS)
@pytest.mark.parametrize("trend", [False, True])
def test_train_and_validation_years_are_the_same_under_every_shift(shift, trend):
    plain = gridworld.world(trend=trend)
    shifted = gridworld.world(shift=shift, trend=trend)
    assert plain.test_start == pd.Timestamp("2017-01-01")
    before = plain.days < plain.test_start
    for name in FRAMES:
        left, right = getattr(plain, name), getattr(shifted, name)
        pd.testing.assert_frame_equal(left[before], right[before])
    changed = {"covariate", "both"} & {shift}
    temperature = plain.temp_mean[~before].equals(shifted.temp_mean[~before])
    assert temperature == (not changed)
    assert plain.load[~before].equals(shifted.load[~before]) == (shift == "none")


def test_a_concept_shift_changes_the_response_to_temperature_by_its_strength():
    plain, shifted = gridworld.world(), gridworld.world(shift="concept", strength=0.5)
    truth, (cooling, heating) = plain.parameters, degree_days(plain)
    change = 0.4 * truth["cooling"] * cooling - 0.3 * truth["heating"] * heating
    change = change.mul(plain.days >= plain.test_start, axis=0)
    difference = (shifted.load - plain.load) / truth["base_mwh"]
    np.testing.assert_allclose(difference, change, atol=1e-12)


def test_a_covariate_shift_warms_by_its_strength_and_keeps_the_response():
    plain, shifted = gridworld.world(), gridworld.world(shift="covariate", strength=0.5)
    test = plain.days >= plain.test_start
    mean = plain.temp_mean[test]
    warmer = 0.5 * (4 + 0.35 * (mean - plain.parameters["mu"]))
    np.testing.assert_allclose(shifted.temp_mean[test] - mean, warmer, atol=1e-9)
    noise = [w.load / w.parameters["base_mwh"] - expected(w) for w in (plain, shifted)]
    np.testing.assert_allclose(noise[0], noise[1], atol=1e-12)


def test_a_noise_shift_widens_the_noise_only():
    plain, shifted = gridworld.world(), gridworld.world(shift="noise")
    test = plain.days >= plain.test_start
    noise = [w.load / w.parameters["base_mwh"] - expected(w) for w in (plain, shifted)]
    np.testing.assert_allclose(2.5 * noise[0][test], noise[1][test], atol=1e-12)


def test_holidays_are_the_observed_federal_ones():
    holiday = gridworld.world().holiday
    assert holiday["2015-07-03"] == 1  # the fourth was a Saturday
    assert holiday["2015-07-04"] == 0
    assert holiday["2016-11-24"] == 1  # Thanksgiving
    assert holiday.groupby(holiday.index.year).sum().tolist() == [10, 10, 10]


def test_solar_is_small_and_constant_without_a_trend_and_grows_with_it():
    assert gridworld.world().solar_share.nunique().eq(1).all()
    share = grid.make(gridworld.wide(trend=True)).solar_share
    assert (share.diff().dropna() > 0).all(axis=None)
    assert (share.iloc[0] < 0.03).all() and (share.iloc[-1] > 0.07).all()


def test_the_strict_world_has_neither_shift_nor_trend():
    plain = gridworld.world(shift="none", trend=False)
    strict = gridworld.world(shift="strict", trend=True)
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(plain, name), getattr(strict, name))


def test_capacity_is_a_multiple_of_the_mean_load_of_the_first_year():
    world = gridworld.world(trend=True)
    mean = world.load.loc["2015"].sum() / 8760
    pd.testing.assert_series_equal(world.mean_mw(), mean)
    share = world.solar_share * world.mean_mw() / world.total_mw()
    pd.testing.assert_frame_equal(share, world.solar_share / 2)


def test_entities_of_a_state_are_joined():
    world = gridworld.world()
    load = world.of_states(world.load, "sum")
    assert load.columns.tolist() == ["OH", "TX"]
    np.testing.assert_allclose(load["TX"], world.load["COAST"] + world.load["EAST"])
    mean = world.of_states(world.temp_mean, "mean")
    np.testing.assert_allclose(mean["OH"], world.temp_mean["NORTH"])


def test_each_entity_has_its_local_days_where_time_zones_differ():
    zones = {"COAST": "America/Los_Angeles", "NORTH": "America/New_York"}
    world = gridworld.world(timezones=zones)
    zones["EAST"] = "America/Chicago"
    assert world.timezones == zones
    hourly = world.hourly()
    assert list(hourly) == list(world.load) and hourly.notna().all(axis=None)
    assert hourly.index.equals(
        pd.date_range("2015-01-01 06:00", "2018-01-01 08:00", freq="h")
    )
    for name, zone in zones.items():
        sums = hourly[name].groupby(localdays.day_of(hourly.index, zone)).sum()
        np.testing.assert_allclose(sums[world.days], world.load[name], rtol=1e-12)


def test_time_zones_of_all_entities_need_no_common_one():
    spec = gridworld.spec(timezones=dict.fromkeys(gridworld.NAMES, "America/Denver"))
    del spec["timezone"]
    assert set(grid.make(spec).timezones.values()) == {"America/Denver"}
    del spec["timezones"]["EAST"]
    with pytest.raises(BadInput, match="unknown timezone ''"):
        grid.make(spec)


def test_the_hours_of_a_local_day_sum_to_its_load():
    world = gridworld.world()
    hourly = world.hourly()
    days = localdays.day_of(hourly.index, world.timezone)
    counts = pd.Series(days).value_counts()
    assert counts["2016-03-13"] == 23 and counts["2016-11-06"] == 25
    sums = hourly.groupby(days).sum()
    np.testing.assert_allclose(sums.to_numpy(), world.load.to_numpy(), rtol=1e-12)
    assert (hourly > 0).all(axis=None)


@pytest.mark.parametrize("seed", range(4))
def test_the_hottest_world_stays_within_the_range_checks_of_weather(seed):
    world = grid.make(gridworld.wide(seed=seed, shift="covariate", trend=True))
    assert world.temp_mean.max().max() <= 60 and world.temp_max.max().max() <= 65
    assert (world.temp_mean <= world.temp_max).all(axis=None)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"shift": "drift"}, "unknown shift 'drift'.*covariate"),
        ({"strength": 1.5}, "strength of a world is 1.5"),
        ({"states": {"COAST": "TX"}}, "EAST has no state"),
        ({"timezone": "Texas"}, "unknown timezone 'Texas'"),
        ({"timezones": {"EAST": "Texas"}}, "unknown timezone 'Texas'"),
    ],
)
def test_a_wrong_spec_is_refused(change, words):
    with pytest.raises(BadInput, match=words):
        gridworld.world(**change)
