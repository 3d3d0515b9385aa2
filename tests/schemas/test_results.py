"""What the schemas of the result tables accept and refuse."""

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest

import errortable
from seqshift import storage
from seqshift.schemas import results

NAMES = "FORECASTS HISTORY HISTORIES SCORES RESAMPLES DRIFT RANKS TESTS".split()
SCHEMAS = [getattr(results, name) for name in [*NAMES, "QUALITY", "COVERAGE"]]
BROKEN = pa.errors.SchemaError


def quality(**fields) -> pd.DataFrame:
    row = {"source": "vix", "entity": "all", "year": 2001, "rule": "", "action": ""}
    return pd.DataFrame([row | {"rows": 3, "checked": 3} | fields])


def coverage(**fields) -> pd.DataFrame:
    row = {"entity": "AMD", "era": "val", "expected": 4, "missing": 1, "repaired": 0.5}
    row |= {"share": 0.375, "excluded": True, "reason": ""}
    return pd.DataFrame([row | fields])


def verdicts() -> pd.DataFrame:
    row = {name: 0.5 for name in results.TESTS.columns}
    row |= {"domain": "d", "modality": "m", "model": "n", "axis": "temporal"}
    row |= {
        "slice": "",
        "controls": "pooled",
        "metric": "g_ratio",
        "verdict": "fails",
        "status": "ok",
    }
    row |= {
        "family": "all",
        "seeds": 3,
        "entities": 4,
        "blocks": 5,
        "threshold": 2,
        "q": np.nan,
    }
    return pd.DataFrame([row])


@pytest.mark.parametrize("schema", SCHEMAS)
def test_an_unknown_column_is_refused(schema):
    assert schema.strict is True


@pytest.mark.parametrize("schema", SCHEMAS)
def test_keys_are_columns_of_the_table(schema):
    assert set(schema.unique) <= set(schema.columns)


def test_a_repeated_window_is_refused():
    frame = errortable.noisy(0)
    results.FORECASTS.validate(frame)
    with pytest.raises(BROKEN):
        results.FORECASTS.validate(pd.concat([frame, frame[5:6]], ignore_index=True))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("split", "tset"),
        ("slice", "flood"),
        ("horizon", 0),
        ("quantile", 1.5),
        ("seed", -1),
        ("entity", ""),
    ],
)
def test_a_forecast_outside_its_range_is_refused(column, value):
    frame = errortable.noisy(0)
    frame[column] = value
    with pytest.raises(BROKEN):
        results.FORECASTS.validate(frame)


def test_numbers_given_as_text_are_refused():
    frame = errortable.noisy(0)
    with pytest.raises(BROKEN):
        results.FORECASTS.validate(frame.assign(forecast=frame["forecast"].astype(str)))


def test_empty_text_survives_csv(tmp_path):
    path = tmp_path / "coverage.csv"
    storage.write_csv(coverage(), path, results.COVERAGE)
    back = storage.read_csv(path, results.COVERAGE)
    pd.testing.assert_frame_equal(back, results.COVERAGE.validate(coverage()))
    assert back["reason"].item() == "" and back["excluded"].item()


@pytest.mark.parametrize("fields", [{"action": "mended"}, {"rows": -1}, {"year": 1.5}])
def test_a_count_of_quality_outside_its_range_is_refused(fields):
    results.QUALITY.validate(quality(rule="E12", action="repaired"))
    with pytest.raises(BROKEN):
        results.QUALITY.validate(quality(**fields))


def test_an_unknown_era_is_refused():
    with pytest.raises(BROKEN):
        results.COVERAGE.validate(coverage(era="gap"))


def test_whole_and_missing_numbers_survive_csv(tmp_path):
    path = tmp_path / "tests.csv"
    storage.write_csv(verdicts(), path, results.TESTS)
    back = storage.read_csv(path, results.TESTS)
    assert back["threshold"].dtype == "float64" and np.isnan(back["q"].item())
    pd.testing.assert_frame_equal(back, results.TESTS.validate(verdicts()))


def test_the_columns_about_not_failing_may_be_absent():
    results.TESTS.validate(verdicts().drop(columns=["p_ok", "q_ok", "detectable_high"]))
    with pytest.raises(BROKEN):
        results.TESTS.validate(verdicts().drop(columns=["p_corr"]))


def test_a_count_that_is_not_whole_is_refused():
    frame = quality().assign(rows=1.5)
    with pytest.raises(BROKEN):
        results.QUALITY.validate(frame)
