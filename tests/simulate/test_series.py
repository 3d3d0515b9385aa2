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
