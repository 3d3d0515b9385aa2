"""Claims about batches of mixed origins: each verdict by rows that are set by hand."""

import numpy as np
import pandas as pd
import pytest

import softgrouptables as made
from seqshift.softgroup.findings import leakclaims
from softgroupevidence import arm_row, evidence

CELL = made.ETTH1
KEYS = {name: CELL[name] for name in ("backbone", "dataset", "H")}
SIX = {"gain": 6.3, "low": 5.0, "high": 7.6}
ONE = {"gain": 1.5, "low": 1.1, "high": 1.9}
SMALL = {"gain": 0.3, "low": -0.1, "high": 1.0}


def leaks(whole: dict, past: dict, verdict: str, share=(0.6, 0.55, 0.65)):
    names = ("improved", "improved_low", "improved_high")
    rows = [
        {"variant": "all"} | whole | dict(zip(names, share, strict=True)),
        {"variant": "past"} | past,
        {"variant": "future-past", "gain": 1.0, "verdict": verdict, "text": "so it is"},
    ]
    about = KEYS | {"design": "block", "lead": 0, "blocks": 8, "seeds": 2}
    return pd.DataFrame([about | row for row in rows])


@pytest.mark.parametrize(
    ("whole", "past", "same", "leak", "verdict"),
    [
        (SIX, SIX, SMALL, "refuted", "confirmed"),
        (SIX, ONE, SIX, "refuted", "confirmed"),
        (SIX, ONE, ONE, "refuted", "partly"),
        (ONE, ONE, SIX, "refuted", "partly"),
        (SMALL, SMALL, {"gain": 3.0, "low": 2.0, "high": 4.0}, "refuted", "partly"),
        (SIX, ONE, SMALL, "confirmed", "refuted"),
        (SIX, ONE, SMALL, "partly", "partly"),
        (SMALL, SMALL, SMALL, "not testable", "not testable"),
    ],
)
def test_a_gain_of_six_percent_has_to_be_of_that_size(whole, past, same, leak, verdict):
    known = evidence(CELL, [arm_row(CELL, "seed", **same)],
                     leaks=leaks(whole, past, leak))  # fmt: skip
    found = leakclaims.gain(known, CELL)
    assert found["verdict"] == verdict, found["text"]


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.47, 0.55, "confirmed"),
        (0.4, 0.9, "not testable"),
        (0.3, 0.45, "refuted"),
        (0.56, 0.66, "partly"),
        (0.52, 0.58, "refuted"),
        (0.7, 0.8, "refuted"),
        (np.nan, np.nan, "not testable"),
    ],
)
def test_a_share_is_that_of_chance_only_if_it_is_known_well(low, high, verdict):
    known = evidence(CELL, [], leaks=leaks(SIX, ONE, "partly", (0.5, low, high)))
    found = leakclaims.improved(known, CELL)
    assert found["verdict"] == verdict, found["text"]


def curve(few: float, whole: float, drawn: list[float]) -> dict:
    points = [("first", 100, 0, few), ("first", 8400, 0, whole)]
    points += [("blocks", 105, at, gain) for at, gain in enumerate(drawn)]
    points.append(("blocks", 8400, 0, whole))
    names = ["sampling", "windows", "draw", "gain_pct"]
    rows = pd.DataFrame(points, columns=names).assign(arm="seed", **KEYS)
    empty = pd.DataFrame(columns=["backbone", "dataset", "H", "design"])
    known = evidence(CELL, [], curve=rows, leaks=empty)
    return leakclaims.small_samples(known, CELL)


@pytest.mark.parametrize(
    ("few", "whole", "drawn", "verdict", "words"),
    [
        (28.0, 6.0, [-20.0, 10.0, 30.0], "refuted", "chance"),
        (-5.3, -0.2, [-1.0, 1.0], "refuted", "does not fall"),
        (28.0, 6.0, [-2.0, 5.0, 9.0], "partly", "first windows gain more"),
        (28.0, 6.0, [20.0, 25.0, 31.0], "partly", "wherever they lie"),
        (np.nan, np.nan, [1.0, 2.0], "not testable", "not run"),
    ],
)
def test_first_windows_are_judged_by_random_blocks(few, whole, drawn, verdict, words):
    found = curve(few, whole, drawn)
    assert found["verdict"] == verdict and words in found["text"], found["text"]
