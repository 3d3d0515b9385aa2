"""Peak errors on extreme days."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errortable import SPEC, STATISTICS, leveled, noisy, value
from seqshift.metrics.extremes import peak_ratio
from seqshift.metrics.score import score


def delta(frame, name, column):
    scores, _ = score(frame, SPEC, STATISTICS)
    keys = {"metric": "robustness_delta", "axis": "extreme", "slice": name}
    return np.exp(value(scores, column=column, **keys))


LEVELS = {
    "extreme_holdout/crash": 3.0,
    "id_test": 2.0,
    "temporal_test/crash": 5.0,
    "temporal_test/heat": 7.0,
}


@pytest.mark.parametrize(
    ("name", "expected"), [("crash-train", 1.5), ("crash-test", 5.0), ("heat", 7.0)]
)
def test_each_slice_is_compared_with_its_own_normal_days(name, expected):
    frame = leveled(LEVELS, {"train": 1.0})
    assert delta(frame, name, "seed") == pytest.approx(expected)
    assert delta(frame, name, "corr") == pytest.approx(expected)


def test_days_that_are_hard_for_the_naive_too_are_corrected_away():
    frame = leveled(LEVELS, LEVELS)
    assert delta(frame, "heat", "seed") == pytest.approx(7)
    assert delta(frame, "heat", "corr") == pytest.approx(1)


def test_a_slice_that_is_absent_has_no_rows():
    frame = noisy(0)
    frame["slice"] = frame["slice"].replace("heat", "")
    scores, resamples = score(frame, SPEC, STATISTICS)
    for table in (scores, resamples):
        found = set(table.loc[table["axis"] == "extreme", "slice"])
        assert found == {"crash-train", "crash-test"}


def test_p95_rows_equal_the_percentiles_of_the_days():
    frame = noisy(0)
    scores, _ = score(frame, SPEC, STATISTICS)
    mine = frame[(frame["entity"] == "E1") & (frame["split"] == "temporal_test")]
    error = (mine["forecast"] - mine["actual"]).abs()
    naive = (mine["naive"] - mine["actual"]).abs()
    expected = {
        "p95_extreme": np.percentile(error[mine["slice"] == "heat"], 95),
        "p95_normal": np.percentile(error[mine["slice"] == ""], 95),
        "p95_naive_extreme": np.percentile(naive[mine["slice"] == "heat"], 95),
        "p95_naive_normal": np.percentile(naive[mine["slice"] == ""], 95),
    }
    rows = scores[(scores["entity"] == "E1") & (scores["slice"] == "heat")]
    found = rows.set_index("metric")["value"]
    for metric, number in expected.items():
        assert found[metric] == pytest.approx(number), metric


def test_a_crash_is_drawn_in_blocks_of_a_quarter_of_its_days():
    spec = {"splits": {"block": 10, "year": 100}}
    _, table = score(noisy(0), spec, STATISTICS)
    rows = table[(table["slice"] == "crash-test") & (table["column"] == "seed")]
    assert rows["blocks"].unique().tolist() == [4]
    assert rows["value"].std() > 0


SMALL = st.lists(st.integers(1, 30), min_size=1, max_size=7)


@settings(max_examples=40, deadline=None)
@given(SMALL, st.integers(1, 3))
def test_the_peak_ratio_averages_over_all_equally_large_sets_of_normal_days(rest, size):
    normal = np.array([float(x) for x in rest] + [2.0, 3.0, 5.0])
    extreme = np.arange(1.0, size + 1)
    logs = [np.log(max(chosen)) for chosen in combinations(normal, size)]
    expected = np.log(extreme.max()) - np.mean(logs)
    assert peak_ratio(extreme, normal) == pytest.approx(expected, abs=1e-9)


def test_more_normal_days_do_not_bias_the_peak_ratio():
    rng = np.random.default_rng(0)
    draws = [
        peak_ratio(np.abs(rng.normal(size=30)), np.abs(rng.normal(size=days)))
        for days in (100, 1500)
        for _ in range(300)
    ]
    assert np.mean(draws[:300]) == pytest.approx(0, abs=0.06)
    assert np.mean(draws[300:]) == pytest.approx(0, abs=0.06)


def test_fewer_normal_than_extreme_days_have_no_peak_ratio():
    assert np.isnan(peak_ratio(np.ones(3), np.ones(2)))
    assert np.isnan(peak_ratio(np.array([]), np.ones(2)))
