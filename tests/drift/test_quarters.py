"""Cos-Drift of quarters against train quarters of their season."""

import numpy as np
import pytest
from scipy.spatial.distance import cosine

from attributions import SPEC, dataset, random_run, random_values, sides
from seqshift.drift.explained import read
from seqshift.drift.quarters import quarters
from seqshift.schemas.controls import QUARTERS


def seasonal(seed, entities=2, years=8):
    """Return quarters that differ by season, and by chance."""
    rng = np.random.default_rng(seed)
    base = rng.gamma(3, size=(1, 1, 4, 2, 3))
    return base * rng.gamma(50, 1 / 50, size=(entities, years, 4, 2, 3))


def run(values, reference=6, **more):
    years = values.shape[1]
    role = [sides(reference, years - reference)] * len(values)
    return quarters(read(dataset(values, role, **more)), SPEC)


def at(found, period, entity="E0", variant="ig"):
    rows = found.set_index(["entity", "period", "variant"])
    return rows.loc[(entity, period, variant)]


def test_a_test_quarter_is_compared_with_the_mean_of_the_train_years():
    values = seasonal(0)
    flat = values.reshape(2, 8, 4, -1)
    train = flat[1, :6].mean(axis=1)  # (year, cell): quarters have equal counts
    row = at(run(values), "2007Q3", "E1")
    own = cosine(train.mean(axis=0), flat[1, 7, 2])
    null = [
        cosine(np.delete(train, y, axis=0).mean(axis=0), flat[1, y, 2])
        for y in range(6)
    ]
    assert row["drift"] == pytest.approx(own)
    assert row["null_mean"] == pytest.approx(np.mean(null))
    assert row["null_sd"] == pytest.approx(np.std(null, ddof=1))
    assert row["z"] == pytest.approx((own - np.mean(null)) / np.std(null, ddof=1))
    assert row["windows"] == 16 and row["role"] == "test"


def test_a_train_quarter_is_compared_without_its_own_year_on_either_side():
    values = seasonal(0)
    flat = values.reshape(2, 8, 4, -1)
    train = flat[0, :6].mean(axis=1)
    row = at(run(values), "2002Q1")
    distance = [
        cosine(np.delete(train, y, axis=0).mean(axis=0), flat[0, y, 0])
        for y in range(6)
    ]
    assert row["role"] == "reference"
    assert row["drift"] == pytest.approx(distance[2])
    assert row["null_mean"] == pytest.approx(np.mean(np.delete(distance, 2)))


def test_the_season_is_no_drift():
    found = run(seasonal(1, entities=20))
    test = found[found["role"] == "test"]
    assert test["drift"].mean() > 0.02, "seasons differ from the mean of the year"
    assert abs(test["z"].median()) < 1


def test_a_quarter_that_turns_stands_out_of_its_season_alone():
    values = seasonal(2)
    values[:, 6, 1] = values[:, 6, 1][..., ::-1]
    found = run(values)
    assert at(found, "2006Q2")["z"] > 5
    assert abs(at(found, "2006Q1")["z"]) < 5
    assert abs(at(found, "2007Q2")["z"]) < 5


def test_every_variant_with_quarters_has_its_rows_and_others_have_none():
    values = random_values(0)
    names = ("untrained", "gradient-shap", "within", "pooled")
    found = quarters(
        read(random_run(0, unseen=1, others={
            name: random_values(0, entities=5) for name in names
        })), SPEC
    )  # fmt: skip
    QUARTERS.validate(found)
    assert set(found["variant"]) == {"ig", "untrained", "gradient-shap"}
    assert set(found["entity"]) == {"E0", "E1", "E2", "E3"}, "unseen have no reference"
    assert len(found) == 3 * 4 * values.shape[1] * 4


def test_one_train_year_leaves_no_null():
    found = run(seasonal(0, years=3), reference=1)
    test = found[found["role"] == "test"]
    assert test["drift"].notna().all()
    assert test[["null_mean", "null_sd", "z"]].isna().all(axis=None)
    train = found[found["role"] == "reference"]
    assert train["drift"].isna().all()


def test_quarters_without_windows_are_absent():
    values = seasonal(0)
    data = dataset(values, [sides(6, 2)] * 2)
    data["windows"][0, 25] = 0
    found = quarters(read(data), SPEC)
    own = found[found["entity"] == "E0"]["period"]
    assert "2006Q2" not in set(own) and len(own) == 31


def test_attributions_of_almost_no_mass_have_no_quarterly_drift():
    found = run(1e-6 * seasonal(0), others={"untrained": 1e-6 * seasonal(1)})
    own = found.groupby("variant")["drift"].apply(lambda part: part.notna().any())
    assert own.to_dict() == {"ig": False, "untrained": True}
