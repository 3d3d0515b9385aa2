"""The scores of one run on tables of known errors."""

import numpy as np
import pandas as pd
import pytest

from errortable import SPEC, STATISTICS, leveled, noisy, value
from seqshift.errors import BadInput
from seqshift.metrics.score import score
from seqshift.schemas.results import FORECASTS, RESAMPLES, SCORES


def ratio(frame: pd.DataFrame, column: str, metric: str = "g_ratio", **keys) -> float:
    scores, _ = score(frame, SPEC, STATISTICS)
    return np.exp(value(scores, metric=metric, column=column, **keys))


def test_the_tables_satisfy_their_schemas():
    frame = FORECASTS.validate(noisy(0))
    scores, resamples = score(frame, SPEC, STATISTICS)
    SCORES.validate(scores)
    RESAMPLES.validate(resamples)
    assert set(resamples["replicate"]) == set(range(STATISTICS["resamples"]))


def test_errors_that_double_from_train_to_test_give_a_ratio_of_two():
    frame = leveled({"temporal_test": 2.0}, {}, unseen=("U",))
    assert ratio(frame, "seed") == pytest.approx(2)
    assert ratio(frame, "corr") == pytest.approx(2)
    assert ratio(frame, "info", "g_norm") == pytest.approx(2)


def test_a_more_volatile_test_era_raises_the_seed_column_alone():
    harder = {"temporal_test": 2.0}
    frame = leveled({"temporal_test": 1.0, "train": 0.5, "id_test": 0.5}, harder)
    assert ratio(frame, "seed") == pytest.approx(2)
    assert ratio(frame, "corr") == pytest.approx(1)


def test_an_overfit_run_is_told_from_a_shifted_one_by_its_columns():
    overfit = leveled({"train": 0.5}, {})
    assert ratio(overfit, "seed") == pytest.approx(2)
    assert ratio(overfit, "corr") == pytest.approx(1)


def test_swapped_columns_would_be_seen():
    frame = leveled({"train": 0.25, "id_test": 0.5, "temporal_test": 1.0}, {})
    assert [ratio(frame, c) for c in ("seed", "corr")] == pytest.approx([4, 2])
    gap = {"metric": "transfer_gap", "axis": "spatial"}
    frame = leveled({"id_test": 2.0}, {}, unseen=("U",))
    away = frame["entity"] == "U"
    error = (frame["forecast"] - frame["actual"]) * 3
    frame.loc[away, "forecast"] = (frame["actual"] + error)[away]
    frame.loc[away, "naive"] += 2 * (frame["naive"] - frame["actual"])[away]
    assert ratio(frame, "corr", **gap) == pytest.approx(1)
    assert ratio(frame, "seed", **gap) > 2.9


def test_the_naive_run_has_a_corrected_ratio_of_exactly_one_in_every_resample():
    run = noisy(0, harder=4.0)
    run = run.assign(model="naive", forecast=run["naive"])
    assert (run["model"] == "naive").all()
    scores, resamples = score(run, SPEC, STATISTICS)
    for table in (scores, resamples):
        rows = table[(table["column"] == "corr") & (table["metric"] != "transfer_gap")]
        # A resample without a heat day has no value.
        assert len(rows) and (rows["value"].dropna() == 0).all()
        assert rows["value"].notna().mean() > 0.9
    raw = scores[(scores["column"] == "seed") & (scores["metric"] == "g_ratio")]
    assert (raw["value"] > np.log(2)).all()


def test_quarters_of_the_test_era_are_ratios_of_their_own_days():
    frame = noisy(0)
    scores, _ = score(frame, SPEC, STATISTICS)
    error = (frame["forecast"] - frame["actual"]) ** 2
    key = (frame["entity"] == "E1") & (frame["split"] == "temporal_test")
    quarter = frame["target_time"].dt.to_period("Q").astype(str)
    period = quarter[key].iloc[200]
    train = error[(frame["entity"] == "E1") & (frame["split"] == "train")].mean()
    expected = 0.5 * np.log(error[key & (quarter == period)].mean() / train)
    rows = scores[(scores["entity"] == "E1") & (scores["column"] == "seed")]
    row = rows[rows["period"] == period].iloc[0]
    assert row["value"] == pytest.approx(expected)
    assert row["count"] == (key & (quarter == period)).sum()


def test_quarters_cover_the_test_days_once():
    scores, _ = score(noisy(0), SPEC, STATISTICS)
    rows = scores[(scores["entity"] == "E0") & (scores["metric"] == "g_ratio")]
    rows = rows[rows["column"] == "corr"]
    whole = rows.loc[rows["period"] == "", "count"].item()
    assert rows.loc[rows["period"] != "", "count"].sum() == whole == 640


def test_a_change_of_unit_of_one_entity_changes_no_ratio():
    frame = noisy(0)
    other = frame.copy()
    scaled = other["entity"].isin(["E1", "E5"])
    other.loc[scaled, ["forecast", "actual", "naive"]] *= 1000
    tables = [score(f, SPEC, STATISTICS) for f in (frame, other)]
    for one, two in zip(*tables, strict=True):
        ratios = one["column"] != "info"
        np.testing.assert_allclose(
            one["value"][ratios], two["value"][ratios], atol=1e-9
        )


def test_the_names_and_order_of_entities_do_not_matter():
    frame = noisy(0)
    names = {"E0": "Z", "E1": "Y", "E2": "X", "E3": "W", "E4": "V", "E5": "U"}
    other = frame.assign(entity=frame["entity"].map(names))
    tables = [score(f, SPEC, STATISTICS) for f in (frame, other)]
    one, two = (table[0] for table in tables)
    one = one.assign(entity=one["entity"].map(names))
    keys = ["entity", "axis", "slice", "period", "metric", "column"]
    one, two = (t.set_index(keys)["value"].sort_index() for t in (one, two))
    pd.testing.assert_series_equal(one, two)
    one, two = (table[1]["value"] for table in tables)
    np.testing.assert_allclose(one, two, atol=1e-12)


def test_a_run_without_skill_in_train_is_underfit():
    scores, _ = score(noisy(0, skill=1.2), SPEC, STATISTICS)
    assert set(scores.loc[scores["column"] != "info", "status"]) == {"underfit"}
    scores, _ = score(noisy(0, skill=0.5), SPEC, STATISTICS)
    rows = scores[(scores["column"] != "info") & (scores["period"] == "")]
    assert set(rows["status"]) == {"ok"}


def test_cells_with_few_windows_are_marked_and_not_resampled():
    frame = noisy(0)
    few = (frame["entity"] == "E0") & (frame["split"] == "id_test")
    frame = frame.drop(frame.index[few][19:])
    scores, resamples = score(frame, SPEC, STATISTICS)
    rows = scores[(scores["entity"] == "E0") & (scores["period"] == "")]
    rows = rows[rows["metric"] == "g_ratio"].set_index("column")["status"]
    assert rows.to_dict() == {"seed": "ok", "corr": "low_n"}
    without = frame[frame["entity"] != "E0"]
    _, expected = score(without, SPEC, STATISTICS)
    keys = {"metric": "g_ratio", "column": "corr"}
    both = [
        t[(t[list(keys)] == pd.Series(keys)).all(axis=1)] for t in (resamples, expected)
    ]
    np.testing.assert_allclose(both[0]["value"], both[1]["value"], atol=1e-12)


def test_a_train_error_of_nearly_zero_is_a_fault_not_a_fit():
    frame = leveled({"train": 1e-4}, {})
    scores, _ = score(frame, SPEC, STATISTICS)
    rows = scores[(scores["metric"] == "g_ratio") & (scores["column"] == "seed")]
    assert rows["value"].isna().all()
    assert set(rows["status"]) <= {"not_testable", "low_n"}


def test_the_scale_is_that_of_the_table_whatever_else_is_passed():
    given = score(noisy(0), SPEC | {"scale": {"E0": 1.0}}, STATISTICS)
    found = score(noisy(0), SPEC, STATISTICS)
    for one, other in zip(given, found, strict=True):
        pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_scoring_needs_three_settings_of_the_statistics():
    needed = {key: STATISTICS[key] for key in ("resamples", "seed", "min_windows")}
    given = score(noisy(0), SPEC, needed)
    found = score(noisy(0), SPEC, STATISTICS)
    for one, other in zip(given, found, strict=True):
        pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_a_missing_role_is_refused():
    frame = noisy(0)
    with pytest.raises(BadInput, match="no window of the role id_test"):
        score(frame[frame["split"] != "id_test"], SPEC, STATISTICS)


def test_a_domain_without_unseen_entities_has_no_spatial_rows():
    scores, resamples = score(noisy(0, unseen=0), SPEC, STATISTICS)
    assert "spatial" not in set(scores["axis"]) | set(resamples["axis"])


def test_the_same_input_gives_the_same_bytes():
    tables = [score(noisy(0), SPEC, STATISTICS) for _ in range(2)]
    for one, two in zip(*tables, strict=True):
        pd.testing.assert_frame_equal(one, two, check_exact=True)
