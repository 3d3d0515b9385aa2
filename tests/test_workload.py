"""What a job has to do, from the configuration alone."""

import pytest

import smallcost
from seqshift import eras, forecasting, workload
from smallcost import DOMAIN, run


def domain(**rule) -> dict:
    return DOMAIN | {"attribution": DOMAIN["attribution"] | rule}


@pytest.fixture
def config():
    return smallcost.config()


def test_days_of_an_era_lose_lags_blocks_crises_and_embargoes():
    days = eras.days_of(DOMAIN)
    whole = round(1461 * 365 / 365.25)  # 2001 to 2004
    held = 4 * 40 + 30  # a tenth of four years are four blocks
    assert days.held == held
    assert days.train == whole - 14 - held - 2 * 14 * 5
    assert (days.val, days.test) == (365 - 14, 365 - 14)


@pytest.mark.parametrize(
    ("rule", "passes"),
    [("train", 10), ("tune", 15), ("forecast", 1), ("attribute", 1)],
)
def test_passes_are_epochs_of_all_trials(config, rule, passes):
    assert workload.expected(config, rule, run()).passes == passes


def test_a_training_sees_the_train_days_and_measures_the_validation_days(config):
    days, work = eras.days_of(DOMAIN), workload.expected(config, "train", run())
    assert (work.windows, work.held) == (3 * days.train, 3 * days.val)
    tenth = workload.expected(config, "train", run(modality="tenth"))
    assert (tenth.windows, tenth.held) == (round(0.3 * days.train), 3 * days.val)


def test_a_cross_entity_model_forecasts_the_seen_entities_twice(config):
    days = eras.days_of(DOMAIN)
    away = days.train + days.held + days.test
    home = 3 * (away + days.val)
    assert workload.expected(config, "forecast", run()).windows == home + away
    twice = workload.expected(config, "forecast", run("cross")).windows
    assert twice == 2 * home + away


# Four train years, one test year for the seen; windows a year and heat days: 4, 4.
EXPLAINED = 3 * 5 * (4 + 4) + 1 * 4 * (4 + 4)


def test_points_are_those_of_the_paths_to_windows_of_years_and_slices(config):
    found = workload.expected(config, "attribute", run()).windows
    assert found == EXPLAINED * (50 + 1)


@pytest.mark.parametrize(
    ("name", "years", "points"),
    [
        ("gradient-shap", 5, 50),  # of the seen entities, whole years alone
        ("untrained", 5, 9 + 1),
        ("pooled", 5, 9 + 1),
        ("shift-2", 2, 9 + 1),  # every second train year
    ],
)
def test_a_variant_adds_its_points(config, name, years, points):
    config["domains"]["energy"] = domain(variants=[name])
    found = workload.expected(config, "attribute", run()).windows
    assert found == EXPLAINED * (50 + 1) + 3 * years * 4 * points


def test_a_cross_entity_model_explains_all_entities_of_a_date(config):
    config["domains"]["energy"] = domain(variants=["untrained"])
    found = workload.expected(config, "attribute", run("cross")).windows
    assert found == 4 * 5 * (4 + 4) * (50 + 1) + 4 * 5 * 4 * (9 + 1)


def test_operations_of_a_training_are_three_forwards_and_one_of_the_held(config):
    window = 2 * ((14 * (2 + 4) + 2) * 8 + 8 * 2)
    work = workload.Work("train", 300, 100, 7)
    found = workload.operations(config, work, run())
    assert found == (7 * (3 * 300 + 100) * window, 7 * 2)


def test_operations_of_a_gradient_are_two_forwards_a_point(config):
    window = 2 * ((14 * (2 + 4) + 2) * 8 + 8 * 2)
    work = workload.Work("attribute", 5_000, 0, 1)
    found = workload.operations(config, work, run())
    assert found == (2 * 5_000 * window, 5)


def test_slots_are_projected_once_a_batch(config):
    one = workload.operations(config, workload.Work("forecast", 1, 0, 1), run("memory"))
    two = workload.operations(config, workload.Work("forecast", 2, 0, 1), run("memory"))
    projections = 2 * 2 * (2 * 4 * 8 * 8)  # keys and values of 4 slots in two blocks
    assert 2 * one[0] - two[0] == projections


def test_a_forecast_goes_through_in_batches_of_the_stated_size(config):
    assert workload.ROWS == forecasting.ROWS
    work = workload.Work("forecast", 2 * workload.ROWS + 1, 0, 1)
    assert workload.operations(config, work, run())[1] == 3


def test_a_kind_without_a_closed_form_has_no_operations(config):
    work = workload.expected(config, "train", run("gru"))
    assert workload.operations(config, work, run("gru")) is None


def test_a_study_of_widths_takes_what_a_study_of_each_takes(config):
    config["models"]["memory"] = config["models"]["memory"] | {"width": 8}
    config["tuning"]["widths"] = {"memory": [8, 16]}
    found = workload.expected(config, "tune_width", run(model="memory"))
    assert found.passes == 2 * config["tuning"]["epochs"]
    each = workload.Work("tune", found.windows, found.held, config["tuning"]["epochs"])
    parts = []
    for width in (8, 16):
        spec = config["models"]["memory"] | {"width": width}
        other = config | {"models": config["models"] | {"memory": spec}}
        parts.append(workload.operations(other, each, run(model="memory")))
    whole = workload.operations(config, found, run(model="memory"))
    assert whole == tuple(map(sum, zip(*parts, strict=True)))
    assert parts[0] < parts[1]
