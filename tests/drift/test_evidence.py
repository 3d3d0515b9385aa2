"""What one run contributes to its controls."""

import numpy as np
import pytest
from scipy import stats
from scipy.spatial.distance import cosine

from attributions import ONE, OTHER, SPEC, dataset, random_run, random_values, sides
from seqshift.drift.evidence import evidence
from seqshift.drift.explained import read
from seqshift.schemas.controls import EVIDENCE


def found(data, control=None):
    table = EVIDENCE.validate(evidence(read(data), SPEC))
    return table if control is None else table[table["control"] == control]


def shifted(values, reference, amount):
    """Return the values of every second reference year, f1 raised by `amount`."""
    own = np.full_like(values, np.nan)
    own[:, 1:reference:2] = values[:, 1:reference:2]
    own[..., 1] += amount
    return own


def test_id_id_compares_train_years_of_odd_and_even_place():
    row = found(random_run(0), "id-id").iloc[0]
    flat = random_values(0)[0].reshape(13, -1)
    expected = cosine(flat[0:9:2].mean(axis=0), flat[1:9:2].mean(axis=0))
    assert row["value"] == pytest.approx(expected)
    assert row["least_p"] == 1 / 126  # C(9, 4)


def test_id_id_does_not_see_the_test_years():
    data = random_run(0)
    data["magnitude"][:, :, 36:] = 77
    one, other = (
        found(d, "id-id").reset_index(drop=True) for d in (data, random_run(0))
    )
    np.testing.assert_array_equal(one["value"], other["value"])


def test_halves_of_equal_size_can_change_places():
    row = found(random_run(0, reference=8), "id-id").iloc[0]
    assert row["least_p"] == 2 / 70


def test_id_id_rejects_as_often_as_its_level_says_when_years_are_alike():
    p = np.concatenate(
        [found(random_run(n, 10), "id-id")["p"].to_numpy() for n in range(25)]
    )
    assert len(p) == 250
    assert stats.kstest(p, "uniform").pvalue > 0.01
    # 99 % of binomial counts at 250 units lie between 4 and 22.
    assert 4 <= (p <= 0.05).sum() <= 22


def test_random_labels_reject_as_often_as_their_level_says_even_under_drift():
    p = []
    for n in range(25):
        data = random_run(n, 10).assign_attrs(seed=n)
        data["magnitude"][:, :, 36:, :, 0] *= 3
        p.append(found(data, "label-permutation")["p"].to_numpy())
    p = np.concatenate(p)
    assert stats.kstest(p, "uniform").pvalue > 0.01
    assert 4 <= (p <= 0.05).sum() <= 22


def test_runs_of_one_model_draw_labels_of_their_own():
    one, other = (
        found(random_run(0).assign_attrs(seed=seed), "label-permutation")["p"]
        for seed in (0, 1)
    )
    assert (one.to_numpy() != other.to_numpy()).any()


def test_the_mean_over_all_labels_is_the_mean_of_the_null():
    from itertools import combinations

    data = random_run(0, entities=1, reference=6, test=3)
    row = found(data, "label-permutation").iloc[0]
    flat = random_values(0, 1, 9).reshape(9, -1)
    every = [
        cosine(
            flat[list(chosen)].mean(axis=0),
            np.delete(flat, chosen, axis=0).mean(axis=0),
        )
        for chosen in combinations(range(9), 3)
    ]
    assert row["null_mean"] == pytest.approx(np.mean(every), abs=1e-12)
    assert any(row["value"] == pytest.approx(one, abs=1e-12) for one in every)


def test_a_graded_shift_is_taken_against_natural_years_of_the_other_place():
    values = random_values(0)
    others = {"shift-2": shifted(values, 9, 2.0), "shift-0.5": shifted(values, 9, 0.5)}
    table = found(random_run(0, others=others), "graded")
    first = table[table["entity"] == "E0"]
    assert first["amplitude"].tolist() == [0.5, 2.0]
    flat = values[0].reshape(13, -1)
    raised = flat[1:9:2].mean(axis=0).reshape(2, 3) + [0, 2.0, 0]
    expected = cosine(flat[0:9:2].mean(axis=0), raised.ravel())
    assert first["value"].iloc[1] == pytest.approx(expected)
    assert (first["p"] <= 0.05).all()


def test_nothing_is_graded_without_exogenous_columns():
    others = {"shift-1": shifted(random_values(0), 9, 0.0)}
    assert found(random_run(0, others=others, exogenous=()), "graded").empty
    assert len(found(random_run(0, others=others), "graded")) == 4


def test_the_untrained_network_is_compared_over_the_train_years():
    own = np.stack([ONE] * 6 + [OTHER] * 3)[None]
    fresh = np.stack([OTHER] * 6 + [ONE] * 3)[None]
    data = dataset(own, [sides(6, 3)], others={"untrained": fresh})
    assert found(data, "randomised")["value"].item() == pytest.approx(1)
    same = dataset(own, [sides(6, 3)], others={"untrained": own})
    assert found(same, "randomised")["value"].item() == pytest.approx(0)
    assert found(dataset(own, [sides(6, 3)]), "randomised").empty


def test_the_completeness_gap_is_recorded_once_for_the_run():
    table = found(random_run(0).assign_attrs(completeness_p99=0.25), "completeness")
    assert table["value"].item() == 0.25 and table["entity"].item() == ""


def test_an_entity_with_one_train_year_has_no_halves():
    table = found(random_run(0, reference=1))
    assert "id-id" not in set(table["control"])
    assert "label-permutation" in set(table["control"])


def test_the_same_input_gives_the_same_table():
    one, other = (found(random_run(0)) for _ in range(2))
    assert one.equals(other)
