"""Shares of settings, on effects whose verdicts are known."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from errortable import STATISTICS
from seqshift.multiverse import verdicts
from seqshift.multiverse.effects import ERAS, EVERY, Cell
from seqshift.schemas.planning import SENSITIVITY
from seqshift.statistics.effects import infer

SETTINGS = STATISTICS | {
    "sensitivity": {
        "folds": 2,
        "thresholds": {"g_ratio": [1.3, 1.5, 2.0], "transfer_gap": [1.3, 1.5, 2.0]},
    }
}
KEY = ("market", "natural", "mlp", "temporal", "", "g_ratio")
NONE = pd.DataFrame(columns=["domain", "modality", "model"])


def cell(ratio: float, status: str = "ok", spread: float = 0.01, **columns) -> Cell:
    rng = np.random.default_rng(0)
    ratios = {"corr": ratio, "seed": ratio} | columns
    noise = spread * rng.normal(size=(3, 6))
    found = {
        name: infer(np.log(value) + noise, 1e-5, 6, 0.0)
        for name, value in ratios.items()
        if value
    }
    return Cell(found, status)


def cells(**changes) -> dict:
    """Return the same cell in every era and fold, but those that are changed."""
    names = (EVERY, "without fold 1", "without fold 2")
    places = {(era, name): {KEY: cell(1.7)} for era, name in product(ERAS, names)}
    for place, other in changes.get("at", {}).items():
        places[place] = {KEY: other}
    return places


def judge(places: dict, drift: pd.DataFrame = NONE) -> pd.DataFrame:
    return SENSITIVITY.validate(verdicts.table(places, drift, SETTINGS))


def pick(frame: pd.DataFrame, setting: str, level: str) -> pd.Series:
    rows = frame[(frame["setting"] == setting) & (frame["level"] == level)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_a_cell_between_two_thresholds_fails_under_those_below_it():
    frame = judge(cells())
    whole = pick(frame, "all", "all")
    assert whole["settings"] == 3 * 3 * 3 * 2 * 3 * 2
    assert whole["fails"] == pytest.approx(2 / 3)
    assert whole["does_not_fail"] == pytest.approx(1 / 3)
    assert whole["verdict"] == "fails" and whole["kept"] == whole["fails"]
    assert pick(frame, "threshold", "1.3")["fails"] == 1
    assert pick(frame, "threshold", "2")["does_not_fail"] == 1


def test_each_setting_moved_alone_has_a_row_of_one():
    frame = judge(cells())
    alone = frame[frame["setting"] != "all"]
    counts = alone.groupby("setting")["level"].nunique().to_dict()
    assert counts == {
        "threshold": 2, "test era": 2, "entities": 2,
        "variance": 1, "column": 2, "correction": 1,
    }  # fmt: skip
    assert (alone["settings"] == 1).all()
    assert alone["kept"].isin([0.0, 1.0]).all()


def test_one_era_or_fold_that_differs_is_shown_alone():
    other = ("as configured", "without fold 2")
    frame = judge(cells(at={other: cell(1.0)}))
    row = pick(frame, "entities", "without fold 2")
    assert row["does_not_fail"] == 1 and row["verdict"] == "fails"
    assert pick(frame, "entities", "without fold 1")["fails"] == 1


def test_both_columns_are_needed_and_one_is_enough_alone():
    places = {place: {KEY: cell(1.7, seed=1.0)} for place in cells()}
    frame = judge(places)
    assert pick(frame, "column", "corr")["fails"] == 1
    assert pick(frame, "column", "seed")["does_not_fail"] == 1
    assert pick(frame, "all", "all")["verdict"] == "does not fail"


def test_a_metric_of_one_column_has_break_even_as_its_bar():
    key = (*KEY[:-1], "loses_to_naive")
    frame = judge({place: {key: cell(1.2, seed=None)} for place in cells()})
    row = pick(frame, "all", "all")
    assert row["fails"] == 1, "no threshold of another metric moves it"


def test_without_a_status_ok_everything_is_undecided():
    frame = judge({place: {KEY: Cell({}, "low_n")} for place in cells()})
    assert (frame["undecided"] == 1).all() and (frame["kept"] == 1).all()


def test_the_window_alone_is_surer_than_periods():
    wide = infer(np.log(1.6) + np.zeros((3, 6)), 0.1, 6, 0.0)
    frame = judge({p: {KEY: Cell({"corr": wide, "seed": wide}, "ok")} for p in cells()})
    assert pick(frame, "all", "all")["verdict"] == "undecided"
    assert pick(frame, "variance", "p_window")["fails"] == 1


def drifts(**z: list[float]) -> pd.DataFrame:
    """Return DRIFT with the z of each of six entities, two seeds, by variant."""
    rows = [
        {"variant": name, "seed": seed, "entity": f"E{place}", "z": value}
        for name, values in z.items()
        for seed in range(2)
        for place, value in enumerate(np.add(values, 0.01 * seed))
    ]
    keys = dict(
        zip(("domain", "modality", "model", "axis", "slice"), KEY, strict=False)
    )
    return pd.DataFrame(rows).assign(**keys, status="ok")


def test_drift_is_judged_by_attribution_and_by_entities():
    far, near = [3, 4, 5, 3, 4, 5], [1, -1, 1, -1, 1, -1]
    frame = judge(cells(), drifts(**{"ig": far, "gradient-shap": near}))
    own = frame[frame["metric"] == "cos_drift"]
    assert pick(own, "all", "all")["settings"] == 2 * 3 * 2
    assert pick(own, "all", "all")["verdict"] == "fails"
    assert pick(own, "attribution", "gradient-shap")["undecided"] == 1
    assert pick(own, "entities", "without fold 1")["fails"] == 1


def test_drift_of_one_method_needs_no_column_of_variants():
    plain = drifts(ig=[3, 4, 5, 3, 4, 5]).drop(columns="variant")
    own = judge(cells(), plain)
    row = pick(own[own["metric"] == "cos_drift"], "all", "all")
    assert row["settings"] == 6 and row["fails"] == 1


def test_drift_of_runs_that_are_not_in_the_headline_is_left_out():
    other = drifts(ig=[3, 4, 5, 3, 4, 5]).assign(modality="mixup")
    assert "cos_drift" not in set(judge(cells(), other)["metric"])
