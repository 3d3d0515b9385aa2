"""Rank change, mass and classifier of attributions."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

import attributions
from seqshift.drift.explained import read
from seqshift.signals import explanations


@given(st.lists(st.integers(1, 99), min_size=2, max_size=8, unique=True), st.randoms())
def test_rank_change_is_one_minus_the_ndcg_of_scikit_learn(values, random):
    reference = np.array(values, float)
    window = reference.copy()
    random.shuffle(window)
    want = 1 - ndcg_score(reference[None], window[None])
    assert explanations.ndcg(reference, window) == pytest.approx(want)
    assert 0 <= explanations.ndcg(reference, window) < 1


def test_rank_change_by_hand():
    reference, window = np.array([3.0, 2.0, 1.0]), np.array([1.0, 2.0, 3.0])
    weight = 1 / np.log2([2, 3, 4])
    want = 1 - (weight @ [1, 2, 3]) / (weight @ [3, 2, 1])
    assert explanations.ndcg(reference, window) == pytest.approx(want)
    assert explanations.ndcg(reference, reference * 7) == 0
    assert explanations.ndcg(np.zeros(3), window) == 0


def test_mass_is_a_log_ratio_and_missing_without_attributions():
    assert explanations.mass(np.ones(4), np.full(4, 2.0)) == pytest.approx(np.log(2))
    assert np.isnan(explanations.mass(np.zeros(4), np.ones(4)))


def test_a_quarter_is_compared_with_quarters_of_its_season():
    before, after = (
        np.array([[1.0, 0.0], [2.0, 0.0]]),
        np.array([[0.0, 3.0], [0.0, 6.0]]),
    )
    made = attributions.two_sides(before, after, entities=1)
    # The first quarter of every train year already looks like the test era.
    early = (made["quarter"] == 1) & (made["role"][0] == "reference")
    made["magnitude"][0, 0, early.to_numpy()] = after
    found = explanations.averaged(read(made))
    wide = found.pivot(index="period", columns="signal", values="value")
    first = wide.index.str.endswith("Q1")
    np.testing.assert_allclose(wide.loc[first, ["ndcg", "mass"]], 0, atol=1e-12)
    lost = 1 - 1 / np.log2(3)
    np.testing.assert_allclose(wide.loc[~first, "ndcg"], lost)
    np.testing.assert_allclose(wide.loc[~first, "mass"], np.log(3))


def single(move: float) -> xr.Dataset:
    """Return attributions of windows of two entities, of which E1 moves later."""
    days = pd.date_range("2010-01-01", "2015-12-31", freq="4D")
    rng = np.random.default_rng(0)
    parts = []
    for entity, shift in (("E0", 0.0), ("E1", move)):
        late = days.year >= 2014
        values = rng.normal(size=(len(days), 2)) + np.where(late, shift, 0)[:, None]
        role = np.where(late, "test", "reference")
        parts.append((np.repeat(entity, len(days)), days, role, values))
    entity, date, role, values = (
        np.concatenate(part) for part in zip(*parts, strict=True)
    )
    return xr.Dataset(
        {"explained": (("sample", "feature"), values)},
        coords={
            "sample_entity": ("sample", entity),
            "sample_date": ("sample", date),
            "sample_role": ("sample", role),
        },
    )


def test_the_classifier_sees_the_entity_that_moved():
    found = explanations.classified(single(move=4.0), 5)
    assert set(found["period"]) == {
        f"{y}Q{q}" for y in (2014, 2015) for q in range(1, 5)
    }
    means = found.groupby("entity")["value"].mean()
    assert means["E1"] > 0.95
    assert 0.3 < means["E0"] < 0.7
