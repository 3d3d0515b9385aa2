"""Effects in other eras and without some entities, against scoring anew by hand."""

import numpy as np
import pandas as pd
import pytest

from errortable import SPEC, STATISTICS, noisy
from seqshift import storage
from seqshift.metrics.score import score
from seqshift.multiverse import effects
from seqshift.schemas.results import FORECASTS
from seqshift.statistics import cells as plain
from seqshift.statistics.effects import infer

TEST = ("2003-09-08", "2005-06-08")
DOMAIN = {"splits": SPEC["splits"] | {"test": list(TEST)}}
KEY = ("temporal", "", "g_ratio")
PLACE = ("as configured", effects.EVERY)


@pytest.fixture(scope="module")
def seeds():
    return [noisy(seed, shift=1.4, entities=5) for seed in range(2)]


@pytest.fixture(scope="module")
def found(seeds):
    rows = effects.collect(seeds, DOMAIN, STATISTICS, folds=3)
    return {(place, key): cell for place, key, cell in rows}


def by_hand(seeds, column="corr", leave=()):
    """Return the effect of G by the tables that the pipeline writes."""
    parts = [score(one, SPEC, STATISTICS) for one in seeds]
    scores, draws = (pd.concat(part) for part in zip(*parts, strict=True))
    chosen = (scores["metric"] == "g_ratio") & (scores["period"] == "")
    chosen &= (scores["column"] == column) & ~scores["entity"].isin(leave)
    own = (draws["metric"] == "g_ratio") & (draws["column"] == column)
    return infer(plain.matrix(scores[chosen]), *plain.over_time(draws[own]), 0.0)


@pytest.mark.parametrize("column", ["seed", "corr"])
def test_the_effect_as_configured_is_that_of_the_tables(found, seeds, column):
    cell = found[PLACE, KEY]
    assert cell.status == "ok"
    expected, own = by_hand(seeds, column), cell.effects[column]
    for name in ("mean", "error", "freedom", "window_error"):
        assert getattr(own, name) == pytest.approx(getattr(expected, name))


def test_a_fold_is_left_out_of_values_and_of_resamples(found, seeds):
    cell = found[("as configured", "without fold 1"), KEY]
    # Of five seen entities the first and the fourth; their rows cannot be dropped
    # from the forecasts without moving the others, so only means are compared.
    expected = by_hand(seeds, leave=("E0", "E3"))
    assert cell.effects["corr"].entities == 3
    assert cell.effects["corr"].mean == pytest.approx(expected.mean)
    assert cell.effects["corr"].error != pytest.approx(expected.error)


def test_a_later_start_is_scored_from_fewer_test_days(found, seeds):
    start = pd.Timestamp(TEST[0]) + pd.DateOffset(years=1)
    test = seeds[0]["split"].isin(effects.TEST)
    cut = [one[~test | (one["target_time"] >= start)] for one in seeds]
    expected = by_hand(cut)
    own = found[("a year later", effects.EVERY), KEY].effects["corr"]
    assert own.mean == pytest.approx(expected.mean)
    assert own.mean != pytest.approx(found[PLACE, KEY].effects["corr"].mean)


def test_metrics_of_the_train_era_do_not_move_with_the_test_era(found):
    key = ("spatial", "", "transfer_gap")
    later = found[("a year later", effects.EVERY), key].effects["seed"]
    assert later.mean == found[PLACE, key].effects["seed"].mean


def test_an_era_that_leaves_no_test_day_is_no_setting(seeds):
    short = [one[one["target_time"] < "2004-06-01"] for one in seeds]
    rows = effects.collect(short, DOMAIN, STATISTICS, folds=2)
    eras = {era for (era, _), _, _ in rows}
    assert "a year later" not in eras and "as configured" in eras


def test_statuses_are_those_of_the_table_of_tests():
    weak = [noisy(seed, skill=1.5) for seed in range(2)]
    rows = effects.collect(weak, DOMAIN, STATISTICS, folds=2)
    cells = {key: cell for place, key, cell in rows if place == PLACE}
    assert cells[KEY].status == "underfit"
    high = STATISTICS | {"min_windows": 10_000}
    rows = effects.collect(weak, DOMAIN, high, folds=2)
    assert {cell.status for _, _, cell in rows} == {"low_n"}


def test_runs_are_read_from_their_files(tmp_path, seeds, found, monkeypatch):
    monkeypatch.chdir(tmp_path)
    paths = [f"results/market/natural/mlp/seed={n}/forecasts.parquet" for n in (0, 1)]
    for path, frame in zip(paths, seeds, strict=True):
        storage.write_table(frame, path, FORECASTS)
    statistics = STATISTICS | {"sensitivity": {"folds": 3}}
    cells = effects.of_runs(paths, {"market": DOMAIN}, statistics)
    own = cells[PLACE]["market", "natural", "mlp", *KEY]
    assert own.effects["corr"].mean == found[PLACE, KEY].effects["corr"].mean
    assert np.isfinite(own.effects["corr"].error)
