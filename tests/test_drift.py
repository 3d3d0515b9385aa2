"""Cos-Drift of attribution tables with known directions."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats
from scipy.spatial.distance import cosine

from seqshift import drift
from seqshift.errors import BadInput
from seqshift.schemas.results import DRIFT, RANKS

SPEC = {
    "permutations": 199,
    "seed": 0,
    "season_days": 15,
    "min_mass": 0.01,
    "max_gap": 1e-3,
}
DIMS = ("variant", "entity", "period", "lag", "feature")


def dataset(values, role, slices=None, **attrs) -> xr.Dataset:
    """Return attributions from values (entity, period, lag, feature) of years."""
    entities, periods, lags, features = values.shape
    years = 2000 + np.arange(periods)
    slices = [""] * periods if slices is None else slices
    run = {"domain": "market", "modality": "natural", "model": "mlp", "seed": 3}
    return xr.Dataset(
        {
            "magnitude": (DIMS, values[None]),
            "windows": (DIMS[1:3], np.full((entities, periods), 64)),
        },
        coords={
            "variant": ["ig"],
            "entity": [f"E{number}" for number in range(entities)],
            "period": [f"{y}/{s}" for y, s in zip(years, slices, strict=True)],
            "lag": np.arange(lags, 0, -1),
            "feature": [f"f{number}" for number in range(features)],
            "year": ("period", years),
            "slice": ("period", slices),
            "role": (DIMS[1:3], np.array(role)),
        },
        attrs=run | {"completeness_p99": 1e-6} | attrs,
    )


def sides(reference: int, test: int) -> list[str]:
    return ["reference"] * reference + ["test"] * test


def two_sides(before, after, entities=2, reference=6, test=3) -> xr.Dataset:
    """Return the same vector (lag, feature) in all reference and all test years."""
    years = np.stack([before] * reference + [after] * test)
    values = np.stack([years] * entities).astype(float)
    return dataset(values, [sides(reference, test)] * entities)


def random_run(seed, entities=4, reference=9, test=4, unseen=0):
    rng = np.random.default_rng(seed)
    total = reference + test
    base = rng.gamma(3, size=(2, 3))
    values = base * rng.gamma(30, 1 / 30, size=(entities + unseen, total, 2, 3))
    role = [sides(reference, test)] * entities
    role += [["test"] * reference + [""] * test] * unseen
    return dataset(values, role)


ONE, OTHER = np.array([[1.0, 0.0], [0.0, 0.0]]), np.array([[0.0, 2.0], [0.0, 0.0]])


def test_orthogonal_attributions_have_drift_one():
    found, _ = drift.measure(two_sides(ONE, OTHER), SPEC)
    assert found["drift"].to_numpy() == pytest.approx(1)
    assert found["p"].to_numpy() == pytest.approx(1 / 84)  # C(9, 3) splits


def test_proportional_attributions_have_drift_zero():
    found, _ = drift.measure(two_sides(ONE + 1, 7 * (ONE + 1)), SPEC)
    assert found["drift"].to_numpy() == pytest.approx(0, abs=1e-12)
    assert (found["p"] == 1).all()


def test_drift_compares_the_means_of_years():
    data = random_run(0)
    found, _ = drift.measure(data, SPEC)
    flat = data["magnitude"].to_numpy()[0].reshape(4, 13, -1)
    expected = [cosine(v[:9].mean(axis=0), v[9:].mean(axis=0)) for v in flat]
    np.testing.assert_allclose(found["drift"], expected)
    np.testing.assert_allclose(found["mass"], flat.sum(axis=2).mean(axis=1))
    assert set(found["reference_periods"]) == {9} and set(found["test_periods"]) == {4}


def test_the_tables_satisfy_their_schemas_and_carry_the_run():
    found, ranks = drift.measure(random_run(0, unseen=1), SPEC)
    DRIFT.validate(found)
    RANKS.validate(ranks)
    assert set(found["seed"]) == set(ranks["seed"]) == {3}
    assert found["axis"].tolist() == ["temporal"] * 4 + ["spatial"]


def test_years_without_windows_are_left_out():
    data = random_run(0, entities=1)
    lost = data.copy(deep=True)
    lost["windows"][0, 2] = 0
    lost["magnitude"][0, 0, 2] = np.nan
    kept = data.isel(period=[0, 1, *range(3, 13)])
    one, two = (drift.measure(d, SPEC)[0] for d in (lost, kept))
    assert one["reference_periods"].item() == 8
    pd.testing.assert_frame_equal(one, two)


def test_p_values_are_uniform_when_no_year_differs():
    p = np.concatenate(
        [drift.measure(random_run(n, 10), SPEC)[0]["p"].to_numpy() for n in range(25)]
    )
    assert stats.kstest(p, "uniform").pvalue > 0.01
    assert 0.02 <= (p <= 0.05).mean() <= 0.09


def test_a_turn_of_the_test_years_is_found():
    data = random_run(1)
    data["magnitude"][0, :, 9:, :, 0] *= 3
    found, _ = drift.measure(data, SPEC)
    assert (found["p"] <= 0.01).all() and (found["z"] > 3).all()


def test_slices_are_compared_with_reference_days_of_the_same_slice():
    before = np.stack([ONE] * 4 + [OTHER] * 4 + [ONE] * 2 + [OTHER] * 2)
    role = sides(8, 4)
    slices = [""] * 4 + ["heat"] * 4 + [""] * 2 + ["heat"] * 2
    found, _ = drift.measure(dataset(before[None], [role], slices), SPEC)
    rows = found.set_index(["axis", "slice"])
    assert rows.loc[("temporal", ""), "drift"] == pytest.approx(0)
    assert rows.loc[("extreme", "heat"), "drift"] == pytest.approx(0)
    assert rows.loc[("extreme", "heat"), "reference_periods"] == 4


def test_a_slice_without_reference_is_not_testable():
    values = np.stack([ONE] * 4 + [OTHER] * 2)
    slices = [""] * 4 + ["", "heat"]
    found, _ = drift.measure(dataset(values[None], [sides(4, 2)], slices), SPEC)
    row = found[found["slice"] == "heat"].iloc[0]
    assert row["status"] == "not_testable" and np.isnan(row["drift"])


def test_attributions_of_almost_no_mass_have_no_direction():
    found, _ = drift.measure(two_sides(0.009 * ONE, 0.0045 * OTHER), SPEC)
    assert set(found["status"]) == {"attr_mass_low"}
    assert found[["drift", "z", "p"]].isna().all(axis=None)
    found, _ = drift.measure(two_sides(0.011 * ONE, 0.011 * ONE), SPEC)
    assert set(found["status"]) == {"ok"}


def test_an_unseen_entity_is_compared_with_the_seen_ones_in_its_own_years():
    data = random_run(2, entities=5, unseen=1)
    data["windows"][5, :3] = 0
    found, _ = drift.measure(data, SPEC)
    row = found[found["axis"] == "spatial"].iloc[0]
    flat = data["magnitude"].to_numpy()[0].reshape(6, 13, -1)[:, 3:9].mean(axis=1)
    own = cosine(flat[:5].mean(axis=0), flat[5])
    null = [
        cosine(np.delete(flat[:5], e, axis=0).mean(axis=0), flat[e]) for e in range(5)
    ]
    assert row["drift"] == pytest.approx(own)
    assert row["null_mean"] == pytest.approx(np.mean(null))
    assert row["p"] == (1 + sum(d >= own for d in null)) / 6
    assert row["test_periods"] == 6


def test_a_strange_unseen_entity_has_the_smallest_possible_p_value():
    data = random_run(2, entities=5, unseen=1)
    data["magnitude"][0, 5, :, :, 0] *= 9
    found, _ = drift.measure(data, SPEC)
    assert found.loc[found["axis"] == "spatial", "p"].item() == 1 / 6


def test_ranks_are_those_of_the_shares_of_features_and_cells():
    before = np.array([[4.0, 1.0], [2.0, 1.0]])
    after = np.array([[1.0, 4.0], [1.0, 4.0]])
    _, ranks = drift.measure(two_sides(before, after), SPEC)
    for entity in ("E0", ""):
        rows = ranks[(ranks["entity"] == entity) & (ranks["level"] == "feature")]
        rows = rows.set_index("name")
        assert rows["reference"].to_dict() == {"f0": 0.75, "f1": 0.25}
        assert rows["test"].to_dict() == {"f0": 0.2, "f1": 0.8}
        assert rows["reference_rank"].to_dict() == {"f0": 1, "f1": 2}
        assert rows["test_rank"].to_dict() == {"f0": 2, "f1": 1}
    cells = ranks[(ranks["entity"] == "E0") & (ranks["level"] == "cell")]
    names = cells.sort_values("reference_rank")["name"].tolist()
    assert names == ["f0 lag 2", "f0 lag 1", "f1 lag 2", "f1 lag 1"]


def test_shares_add_up_to_one_and_entities_weigh_the_same():
    data = random_run(0)
    data["magnitude"][0, 0] *= 1000
    _, ranks = drift.measure(data, SPEC)
    sums = ranks.groupby(["entity", "level"])[["reference", "test"]].sum()
    np.testing.assert_allclose(sums, 1)
    features = ranks[ranks["level"] == "feature"]
    own = features[features["entity"] != ""].groupby("name")["test"].mean()
    mean = features[features["entity"] == ""].set_index("name")["test"]
    np.testing.assert_allclose(mean[own.index], own)


def test_attributions_without_a_train_era_are_refused():
    data = dataset(np.ones((1, 2, 2, 2)), [["test", "test"]])
    with pytest.raises(BadInput, match="no reference period"):
        drift.measure(data, SPEC)


def test_the_same_input_gives_the_same_bytes_and_models_share_permutations():
    one, two = (drift.measure(random_run(0), SPEC)[0] for _ in range(2))
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    other = random_run(0).assign_attrs(model="lstm", seed=9)
    found, _ = drift.measure(other, SPEC)
    np.testing.assert_array_equal(found["p"], one["p"])


@pytest.mark.parametrize("gap", [0.01, float("nan")])
def test_a_run_that_misses_the_change_of_the_forecast_is_invalid(gap):
    table, _ = drift.measure(random_run(0), SPEC)
    assert "invalid" not in set(table["status"])
    table, _ = drift.measure(random_run(0).assign_attrs(completeness_p99=gap), SPEC)
    assert set(table["status"]) == {"invalid"}
