"""Values on their way into the tables."""

from dataclasses import replace

import numpy as np

import errortable
from seqshift.metrics import entries, panel
from seqshift.schemas.results import RESAMPLES

VALUES = np.array([0.1, np.nan, np.nan, 0.3])
NONE = np.zeros(4, bool)


def test_too_few_windows_come_before_a_missing_value_and_that_before_underfit():
    counts = [np.array([50, 50, 5, 50])]
    underfit = np.array([True, True, True, False])
    found = entries.status(VALUES, counts, underfit, 20)
    assert found.tolist() == ["underfit", "not_testable", "low_n", "ok"]


def test_every_cell_of_a_ratio_needs_enough_windows():
    counts = [np.full(4, 50), np.array([50, 50, 50, 19])]
    assert entries.status(VALUES, counts, NONE, 20)[3] == "low_n"
    assert entries.status(VALUES, counts, NONE, 19)[3] == "ok"


def entry(values: np.ndarray, status: list[str], blocks: int) -> entries.Entry:
    rows = np.arange(len(values))
    count = np.full(len(values), 30)
    key = ("temporal", "", "", "g_ratio", "seed")
    return entries.Entry(*key, rows, values, count, np.array(status), blocks)


def test_resamples_average_over_usable_entities_and_leave_the_sample_out():
    run = panel.read(errortable.noisy(0))
    values = np.array([[9.0, 1.0, 2.0], [9.0, 3.0, np.nan], [9.0, 70.0, 70.0]])
    found = entry(values, ["ok", "underfit", "low_n"], 4)
    table = entries.resamples([found], run)
    assert table["value"].tolist() == [2.0, 2.0]
    assert table["replicate"].tolist() == [0, 1]
    assert table["blocks"].tolist() == [4, 4]


def test_entries_that_were_not_resampled_give_an_empty_valid_table():
    run = panel.read(errortable.noisy(0))
    found = entry(np.ones((2, 1)), ["ok", "ok"], 0)
    spoiled = replace(found, blocks=3, status=np.array(["low_n", "low_n"]))
    table = entries.resamples([found, spoiled], run)
    assert table.empty
    RESAMPLES.validate(table)


def test_scores_carry_the_keys_of_the_run_and_the_value_of_the_sample():
    run = panel.read(errortable.noisy(0, model="lstm"))
    values = np.array([[9.0, 1.0], [8.0, 1.0]])
    table = entries.scores([entry(values, ["ok", "ok"], 3)], run)
    assert table["value"].tolist() == [9.0, 8.0]
    assert table["entity"].tolist() == ["E0", "E1"]
    assert set(table["model"]) == {"lstm"}
