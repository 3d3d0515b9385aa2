import numpy as np
import pandas as pd

from seqshift.simulate import series

SPEC = {
    "kind": "series",
    "seed": 5,
    "entities": ["A", "B"],
    "start": "2016-07-01",
    "days": 140,
}


def test_the_cycles_have_the_amplitudes_that_the_world_states():
    world = series.make(SPEC)
    hour = np.arange(len(world.values))[:, None] / np.array([24, 168])
    waves = [np.cos(2 * np.pi * hour), np.sin(2 * np.pi * hour)]
    design = np.hstack([np.ones((len(hour), 1)), *waves])
    fit = np.linalg.lstsq(design, world.values.to_numpy(), rcond=None)[0]
    found = np.hypot(fit[1:3], fit[3:5])  # (daily weekly, series)
    truth = world.parameters[["daily", "weekly"]].to_numpy().T
    np.testing.assert_allclose(found, truth, atol=0.25)
    np.testing.assert_allclose(fit[0], world.parameters["level"], atol=0.4)


def test_the_noise_has_unit_deviation_and_memory():
    world = series.make(SPEC | {"days": 700})
    rest = world.values - world.values.shift(168)
    assert (rest.std() / np.sqrt(2)).between(0.9, 1.1).all()
    for name in rest:
        assert abs(rest[name].autocorr(1) - series.MEMORY) < 0.05


def test_a_series_does_not_depend_on_the_ones_after_it():
    alone = series.make(SPEC | {"entities": ["A"]})
    pd.testing.assert_series_equal(series.make(SPEC).values["A"], alone.values["A"])
    assert (alone.values["A"] > 0).all()


def test_the_seed_decides():
    first, again = series.make(SPEC), series.make(SPEC)
    pd.testing.assert_frame_equal(first.values, again.values)
    assert not first.values.equals(series.make(SPEC | {"seed": 6}).values)


def test_series_of_a_sector_share_phase_and_course_and_others_stay_as_they_are():
    sectors = {"A": "x", "B": "x"}
    spec = SPEC | {"entities": ["A", "B", "C"], "days": 700}
    world = series.make(spec | {"sectors": sectors})
    plain = series.make(spec)
    pd.testing.assert_series_equal(world.values["C"], plain.values["C"])
    phases = world.parameters["phase"]
    assert phases["A"] == phases["B"] != phases["C"]
    rest = (world.values - world.values.shift(168)).dropna()
    # differences have twice the variance: of noise 1 and of a course 9, which is shared
    assert abs(rest["A"].corr(rest["B"]) - 9 / 10) < 0.05
    assert abs(rest["A"].corr(rest["C"])) < 0.2
    assert abs((rest["A"] - rest["B"]).std() - 2) < 0.1


def test_a_sector_does_not_depend_on_its_other_series():
    spec = SPEC | {"entities": ["A", "B"], "sectors": {"A": "x", "B": "x"}}
    both, alone = series.make(spec), series.make(spec | {"entities": ["A"]})
    pd.testing.assert_series_equal(both.values["A"], alone.values["A"])


def test_values_serve_as_the_load_of_hours():
    world = series.make(SPEC)
    assert world.hourly().index.name == "utc_end"
    pd.testing.assert_frame_equal(world.hourly(), world.values, check_names=False)
