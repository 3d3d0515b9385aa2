"""Gains against the number of windows."""

import numpy as np
import pytest
from scipy import stats

from seqshift.schemas.softgroup import CURVE
from seqshift.softgroup.runs import curve, losses
from seqshift.softgroup.runs.arms import Arm
from seqshift.softgroup.runs.forecaster import Forecaster
from seqshift.statistics import overlap
from softmodels import pipeline
from softwindows import forecasts, windows

SPEC = {"sizes": [10, 25, 60, 9999], "draws": 3, "seed": 0}
DRAW = np.random.default_rng(3)
BASE = DRAW.uniform(1, 2, size=(40, 4))
OWN = BASE - DRAW.normal(0.1, 0.5, size=(40, 4))


def test_the_first_windows_run_variable_by_variable():
    ten, fifty, every = curve.first(BASE, OWN, [10, 50])
    apart = (BASE - OWN)[:10, 0]
    assert ten["gain_pct"] == pytest.approx(100 * apart.mean() / BASE[:10, 0].mean())
    low, high = stats.t.interval(0.95, 9, apart.mean(), stats.sem(apart))
    assert ten["low"] == pytest.approx(100 * low / BASE[:10, 0].mean())
    assert ten["high"] == pytest.approx(100 * high / BASE[:10, 0].mean())
    assert ten["naive_t"] == pytest.approx(stats.ttest_1samp(apart, 0).statistic)
    both = np.r_[(BASE - OWN)[:, 0], (BASE - OWN)[:10, 1]]
    assert fifty["naive_t"] == pytest.approx(stats.ttest_1samp(both, 0).statistic)
    assert (every["windows"], every["origins"]) == (160, 40)


def test_stretches_are_of_whole_origins_and_judged_by_overlap():
    found = curve.stretches(BASE, OWN, SPEC, horizon=5)
    assert [point["origins"] for point in found] == [3] * 3 + [7] * 3 + [15] * 3 + [40]
    assert found[0]["windows"] == 12
    whole = found[-1]
    estimate = overlap.ewc((BASE - OWN).mean(1), 5)
    low, high = estimate.interval()
    assert whole["gain_pct"] == pytest.approx(100 * (BASE - OWN).mean() / BASE.mean())
    assert whole["low"] == pytest.approx(100 * low / BASE.mean())
    assert whole["high"] == pytest.approx(100 * high / BASE.mean())


def test_the_loss_of_a_window_is_its_sql():
    data = windows()
    quantiles = forecasts(data)
    measured = losses.measure(quantiles, data)
    sql, steps = measured[1], np.array([24, 6])
    expected = (sql * steps).sum(-1) / 30
    np.testing.assert_allclose(curve.window_losses(quantiles, data), expected)


def test_the_table_has_every_arm_and_size():
    data = windows(origins=20, lags=64, horizon=16, stride=1)
    forecaster = Forecaster(pipeline(context=64), data, 96, 16, 0)
    arms = [Arm("hard_joint", "joint"), Arm("hard_right", "right")]
    found = curve.trace(forecaster, arms, SPEC, {"backbone": "b", "seed": 0})
    CURVE.validate(found)
    counts = found.groupby(["arm", "sampling"]).size().unstack()
    assert (counts["first"] == 4).all()  # 10, 25, 60 and all 120 windows
    assert (counts["blocks"] == 10).all()
