"""Cos-Drift of attribution tables with known directions."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.spatial.distance import cosine

from attributions import (
    ONE,
    OTHER,
    SPEC,
    dataset,
    random_run,
    random_values,
    sides,
    two_sides,
)
from seqshift.drift import axes, explained
from seqshift.drift.explained import read
from seqshift.errors import BadInput
from seqshift.schemas.results import DRIFT


def measure(data, variant="ig"):
    found = axes.measure(read(data), SPEC)
    return found[found["variant"] == variant].reset_index(drop=True)


def test_orthogonal_attributions_have_drift_one():
    found = measure(two_sides(ONE, OTHER))
    assert found["drift"].to_numpy() == pytest.approx(1)
    assert found["p"].to_numpy() == pytest.approx(1 / 84)  # C(9, 3) splits


def test_proportional_attributions_have_drift_zero():
    found = measure(two_sides(ONE + 1, 7 * (ONE + 1)))
    assert found["drift"].to_numpy() == pytest.approx(0, abs=1e-12)
    assert (found["p"] == 1).all()


def test_drift_compares_the_means_of_years():
    found = measure(random_run(0))
    flat = random_values(0).reshape(4, 13, -1)
    expected = [cosine(v[:9].mean(axis=0), v[9:].mean(axis=0)) for v in flat]
    np.testing.assert_allclose(found["drift"], expected)
    np.testing.assert_allclose(found["mass"], flat.sum(axis=2).mean(axis=1))
    assert set(found["reference_periods"]) == {9} and set(found["test_periods"]) == {4}


def test_the_tables_satisfy_their_schemas_and_carry_the_run():
    found = DRIFT.validate(measure(random_run(0, unseen=1)))
    assert set(found["seed"]) == {3}
    assert found["axis"].tolist() == ["temporal"] * 4 + ["spatial"]


def test_years_without_windows_are_left_out():
    data = random_run(0, entities=1)
    lost = data.copy(deep=True)
    lost["windows"][0, 8:12] = 0
    lost["magnitude"][:, 0, 8:12] = np.nan
    kept = data.isel(period=[*range(8), *range(12, 52)])
    one, two = (measure(d) for d in (lost, kept))
    assert one["reference_periods"].item() == 8
    pd.testing.assert_frame_equal(one, two)


def test_p_values_are_uniform_when_no_year_differs():
    p = np.concatenate([measure(random_run(n, 10))["p"].to_numpy() for n in range(25)])
    assert stats.kstest(p, "uniform").pvalue > 0.01
    assert 0.02 <= (p <= 0.05).mean() <= 0.09


def test_a_turn_of_the_test_years_is_found():
    data = random_run(1)
    data["magnitude"][:, :, 36:, :, 0] *= 3
    found = measure(data)
    assert (found["p"] <= 0.01).all() and (found["z"] > 3).all()


def test_slices_are_compared_with_reference_days_of_the_same_slice():
    role = [sides(4, 2)]
    heat = ("heat", np.stack([OTHER] * 6)[None], role)
    found = measure(dataset(np.stack([ONE] * 6)[None], role, [heat]))
    rows = found.set_index(["axis", "slice"])
    assert rows.loc[("temporal", ""), "drift"] == pytest.approx(0)
    assert rows.loc[("extreme", "heat"), "drift"] == pytest.approx(0)
    assert rows.loc[("extreme", "heat"), "reference_periods"] == 4


def test_a_slice_without_reference_is_not_testable():
    heat = ("heat", np.stack([OTHER] * 6)[None], [[""] * 5 + ["test"]])
    found = measure(dataset(np.stack([ONE] * 6)[None], [sides(4, 2)], [heat]))
    row = found[found["slice"] == "heat"].iloc[0]
    assert row["status"] == "not_testable" and np.isnan(row["drift"])


def test_attributions_of_almost_no_mass_have_no_direction():
    found = measure(two_sides(0.009 * ONE, 0.0045 * OTHER))
    assert set(found["status"]) == {"attr_mass_low"}
    assert found[["drift", "z", "p"]].isna().all(axis=None)
    found = measure(two_sides(0.011 * ONE, 0.011 * ONE))
    assert set(found["status"]) == {"ok"}


def test_an_unseen_entity_is_compared_with_the_seen_ones_in_its_own_years():
    data = random_run(2, entities=5, unseen=1)
    data["windows"][5, :12] = 0
    found = measure(data)
    row = found[found["axis"] == "spatial"].iloc[0]
    flat = random_values(2, 6).reshape(6, 13, -1)[:, 3:9].mean(axis=1)
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
    data["magnitude"][:, 5, :, :, 0] *= 9
    found = measure(data)
    assert found.loc[found["axis"] == "spatial", "p"].item() == 1 / 6


def test_attributions_without_a_train_era_are_refused():
    data = dataset(np.ones((1, 2, 2, 2)), [["test", "test"]])
    with pytest.raises(BadInput, match="no reference period"):
        measure(data)


def test_the_same_input_gives_the_same_bytes_and_models_share_permutations():
    one, two = (measure(random_run(0)) for _ in range(2))
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    other = random_run(0).assign_attrs(model="lstm", seed=9)
    found = measure(other)
    np.testing.assert_array_equal(found["p"], one["p"])


@pytest.mark.parametrize("gap", [0.01, float("nan")])
def test_a_run_that_misses_the_change_of_the_forecast_is_invalid(gap):
    table = measure(random_run(0))
    assert "invalid" not in set(table["status"])
    table = measure(random_run(0).assign_attrs(completeness_p99=gap))
    assert set(table["status"]) == {"invalid"}


def test_every_variant_takes_its_own_part_of_the_attributions():
    values = random_values(0, base=np.ones((2, 3)))
    signs = np.where(random_values(1) > 1, 1, -1)
    others = {n: random_values(k) for k, n in enumerate(explained.METHODS, 2)}
    features = ["f0", "f1", "solar_share"]
    data = dataset(values * signs, [sides(9, 4)] * 4, others=others, features=features)
    found = axes.measure(read(data), SPEC)
    first = found[found["entity"] == "E0"].set_index("variant")["drift"]

    def own(array):
        flat = array[0].reshape(13, -1)
        return cosine(flat[:9].mean(axis=0), flat[9:].mean(axis=0))

    expected = {
        "ig": own(values),
        "signed": own(values * signs),
        "feature": own(values.sum(axis=2)),
        "exogenous": own(values[..., 1:2]),
        "no-solar": own(values[..., :2]),
        "pooled-exogenous": own(others["pooled"][..., 1:2]),
        **{name: own(one) for name, one in others.items()},
    }
    assert first.to_dict() == pytest.approx(expected, abs=1e-12)
    assert set(found["axis"]) == {"temporal"}


def test_there_is_no_exogenous_part_without_exogenous_columns():
    found = axes.measure(read(random_run(0, exogenous=())), SPEC)
    assert set(found["variant"]) == {"ig", "signed", "feature"}


def test_a_part_is_judged_by_the_mass_of_the_whole_but_must_not_be_zero():
    before, after = np.array([[1.0, 1e-4]]), np.array([[1.0, 2e-4]])
    small = measure(two_sides(before, after), "exogenous")
    assert set(small["status"]) == {"ok"}
    assert small["mass"].to_numpy() == pytest.approx(1.2e-4, rel=0.2)
    none = measure(two_sides(before * [1, 0], after * [1, 0]), "exogenous")
    assert set(none["status"]) == {"attr_mass_low"}


def test_an_untrained_network_may_say_little():
    tiny = np.full((2, 9, 2, 2), 1e-5)
    others = {"untrained": tiny, "pooled": tiny}
    data = two_sides(ONE, ONE, others=others)
    assert set(measure(data, "untrained")["status"]) == {"ok"}
    assert set(measure(data, "pooled")["status"]) == {"attr_mass_low"}


def test_variants_share_their_permutations():
    values = random_values(0)
    data = random_run(0, others={"within": 5 * values})
    one, other = (measure(data, name) for name in ("ig", "within"))
    np.testing.assert_allclose(one["null_mean"], other["null_mean"], atol=1e-12)
    np.testing.assert_array_equal(one["p"], other["p"])
