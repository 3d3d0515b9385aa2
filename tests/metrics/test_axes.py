"""The temporal and the spatial axis against explicit sums."""

import numpy as np
import pandas as pd
import pytest

from errortable import SPEC, STATISTICS, UNSEEN, leveled, noisy, value
from seqshift.metrics.score import score


def cell(frame, entity, split, id_dates=None):
    rows = frame[(frame["entity"] == entity) & (frame["split"] == split)]
    return rows if id_dates is None else rows[rows["id_dates"] == id_dates]


def mae(rows, name="forecast"):
    return (rows[name] - rows["actual"]).abs().mean()


def find(scores, **keys):
    keys = {"period": ""} | keys
    for name, wanted in keys.items():
        scores = scores[scores[name] == wanted]
    return scores.set_index("entity")["value"]


def test_losing_to_the_naive_is_measured_in_the_test_era():
    scores, _ = score(leveled({"temporal_test": 3.0}, {}), SPEC, STATISTICS)
    found = value(scores, metric="loses_to_naive", column="corr")
    assert found == pytest.approx(np.log(3))


def test_the_transfer_gap_equals_its_definition_on_the_rows():
    frame = noisy(0)
    scores, _ = score(frame, SPEC, STATISTICS)
    seen, unseen = ["E0", "E1", "E2", "E3"], ["E4", "E5"]
    home = np.mean([mae(cell(frame, e, "train")) for e in seen])
    same_days = np.mean(
        [
            np.log(mae(rows) / mae(rows, "naive"))
            for rows in (cell(frame, e, "id_test") for e in seen)
        ]
    )
    # The actual values have deviation one, so raw units are z-units.
    away = np.array([mae(cell(frame, e, "spatial_test")) for e in unseen])
    found = find(scores, metric="transfer_gap", column="seed")[unseen]
    assert found.mean() == pytest.approx(np.log(away.mean() / home), abs=1e-9)
    assert np.diff(found) == pytest.approx(np.diff(np.log(away)), abs=1e-9)
    for entity in unseen:
        rows = cell(frame, entity, "spatial_test", id_dates=True)
        expected = np.log(mae(rows) / mae(rows, "naive")) - same_days
        found = find(scores, metric="transfer_gap", column="corr")[entity]
        assert found == pytest.approx(expected)


def test_an_unseen_entity_with_few_windows_does_not_move_the_transfer_gap():
    frame = noisy(0)
    own = (frame["entity"] == "E5") & (frame["split"] == "spatial_test")
    few = frame.drop(frame.index[own][STATISTICS["min_windows"] - 1 :])
    without = frame[frame["entity"] != "E5"]
    keys = {"metric": "transfer_gap", "column": "seed", "status": "ok"}
    one, other = (find(score(f, SPEC, STATISTICS)[0], **keys) for f in (few, without))
    assert list(one.index) == list(other.index) == ["E4"]
    assert one["E4"] == pytest.approx(other["E4"])


def test_unseen_entities_enter_no_temporal_row_and_seen_ones_no_spatial_row():
    scores, _ = score(noisy(0), SPEC, STATISTICS)
    by_axis = scores.groupby("axis")["entity"].agg(set)
    assert by_axis["spatial"] == {"E4", "E5"}
    assert by_axis["temporal"] == by_axis["extreme"] == {"E0", "E1", "E2", "E3"}


def test_common_days_cancel_from_the_transfer_gap():
    frame = noisy(0, skill=0.5)
    seen = frame["entity"] == "E0"
    copy = frame[seen].copy()
    scores, resamples = score(_twin(frame, copy), SPEC, STATISTICS)
    assert find(scores, metric="transfer_gap", column="corr")["E9"] == pytest.approx(0)
    rows = resamples[resamples["axis"] == "spatial"]
    np.testing.assert_allclose(rows[rows["column"] == "corr"]["value"], 0, atol=1e-9)


def _twin(frame, copy):
    """Return the table of one seen entity and an unseen one with the same errors."""
    other = copy.assign(entity="E9", split=copy["split"].replace(UNSEEN))
    other = other[other["split"] != "unused"]
    return pd.concat([copy, other], ignore_index=True)


def test_information_rows_hold_raw_errors_naive_errors_and_skill():
    frame = noisy(0)
    scores, _ = score(frame, SPEC, STATISTICS)
    rows = cell(frame, "E2", "id_test")
    error = (rows["forecast"] - rows["actual"]) ** 2
    naive = (rows["naive"] - rows["actual"]) ** 2
    expected = {
        "rmse_id": np.sqrt(error.mean()),
        "mae_id": mae(rows),
        "rmse_naive_id": np.sqrt(naive.mean()),
        "mae_naive_id": mae(rows, "naive"),
        "skill_id": 1 - error.mean() / naive.mean(),
    }
    for metric, number in expected.items():
        found = find(scores, metric=metric, column="info", axis="temporal")["E2"]
        assert found == pytest.approx(number), metric


def test_information_of_unseen_entities_is_split_by_era():
    frame = noisy(0, shift=2.0)
    scores, _ = score(frame, SPEC, STATISTICS)
    for era, split, days in (
        ("train", "spatial_test", None),
        ("id", "spatial_test", True),
        ("test", "spatiotemporal_test", None),
    ):
        found = find(scores, metric=f"mae_{era}", column="info", axis="spatial")["E4"]
        assert found == pytest.approx(mae(cell(frame, "E4", split, days)))
