import itertools

import numpy as np
import pandas as pd
import pytest

from seqshift.errors import BadInput
from seqshift.statistics import curves

STATISTICS = {"alpha": 0.05, "resamples": 40, "seed": 0}
FRACTIONS = (0.05, 0.1, 0.2, 0.35, 0.5, 0.7)
WHOLE = 20_000


def budgets(fractions=FRACTIONS, kinds=("time", "entity")):
    made = {
        f"{by}-{share}": {"kind": "natural", "fraction": share, "by": by, "seed": 0}
        for by, share in itertools.product(kinds, fractions)
    }
    return {"natural": {"kind": "natural"}} | made


def windows(known):
    rows = [
        ("energy", name, round(spec.get("fraction", 1.0) * WHOLE))
        for name, spec in known.items()
    ]
    return pd.DataFrame(rows, columns=["domain", "modality", "windows"])


def scores(known, seeds=4, exponent=0.4, share=0.0, noise=0.01):
    """Return SCORES of a model whose error is E + A N^-alpha, doubled in the test."""
    rng = np.random.default_rng(0)
    rows = []
    for name, spec in known.items():
        part = spec.get("fraction", 1.0)
        error = share + (1 - share) * part**-exponent
        for seed, entity, era in itertools.product(
            range(seeds), ("A", "B"), ("id", "test")
        ):
            value = error * (2 if era == "test" else 1) * (3 if entity == "B" else 1)
            row = {"modality": name, "seed": seed, "entity": entity}
            row["value"] = value * np.exp(rng.normal(0, noise))
            rows.append(row | {"metric": f"rmse_{era}"})
    common = {"domain": "energy", "model": "lstm", "axis": "temporal", "slice": ""}
    common |= {"period": "", "column": "info", "count": 99, "status": "ok"}
    return pd.DataFrame(rows).assign(**common)


def fitted(known=None, **made):
    known = known or budgets()
    points = curves.points(scores(known, **made), windows(known), known)
    fits, lines = curves.fit(points, STATISTICS)
    return points, fits.set_index(["by", "split", "form"]).sort_index(), lines


def test_a_point_is_the_geometric_mean_over_entities_and_counts_windows():
    points, _, _ = fitted(noise=0)
    row = points[(points["modality"] == "time-0.2") & (points["split"] == "id_test")]
    np.testing.assert_allclose(row["error"], 0.2**-0.4 * np.sqrt(3))
    assert set(row["windows"]) == {4000} and set(row["entities"]) == {2}
    assert set(points.loc[points["modality"] == "natural", "by"]) == {"all"}


def test_an_entity_that_one_run_lacks_counts_in_none():
    known = budgets()
    made = scores(known, noise=0)
    lost = (made["entity"] == "B") & (made["modality"] == "time-0.05")
    made.loc[lost, "status"] = "low_n"
    points = curves.points(made, windows(known), known)
    assert set(points["entities"]) == {1}
    whole = points[(points["modality"] == "natural") & (points["split"] == "id_test")]
    np.testing.assert_allclose(whole["error"], 1.0)


def test_nothing_to_judge_is_one_sentence():
    known = budgets()
    with pytest.raises(BadInput, match="no run of experiments.scaling"):
        curves.points(scores(known).assign(status="low_n"), windows(known), known)


@pytest.mark.parametrize("share", [0.0, 0.6])
def test_known_exponents_and_floors_lie_in_their_intervals(share):
    _, fits, _ = fitted(exponent=0.5, share=share, noise=0.004)
    form = "floor" if share else "power"
    for by, split in itertools.product(
        ("time", "entity"), ("id_test", "temporal_test")
    ):
        row = fits.loc[by, split, form]
        assert row["preferred"] and row["status"] == "ok"
        assert row["exponent_low"] <= 0.5 <= row["exponent_high"]
        if share:
            assert row["floor_share_low"] <= share <= row["floor_share_high"]
            assert row["floor"] == pytest.approx(share * row["actual"], rel=0.1)
    assert fits.groupby(["by", "split"])["preferred"].sum().eq(1).all()


def test_the_whole_set_is_foretold_from_the_smaller_ones():
    _, fits, _ = fitted(exponent=0.5, share=0.6, noise=0.004)
    row = fits.loc["time", "id_test", "floor"]
    assert row["predicted_low"] <= row["actual"] <= row["predicted_high"]
    pure = fits.loc["time", "id_test", "power"]
    assert pure["predicted"] < pure["actual"]  # it sees no floor coming


def test_three_sizes_identify_no_floor_and_foretell_nothing():
    _, fits, lines = fitted(budgets((0.2, 0.5)))
    floor = fits.xs("floor", level="form")
    assert set(floor["status"]) == {"not_identifiable"}
    assert floor[["exponent", "floor", "aicc"]].isna().all(axis=None)
    power = fits.xs("power", level="form")
    assert set(power["status"]) == {"floor_unknown"} and power["preferred"].all()
    assert power["predicted"].isna().all() and power["actual"].notna().all()
    assert set(lines["form"]) == {"power"}


def test_one_seed_gives_estimates_without_intervals():
    _, fits, lines = fitted(seeds=1)
    row = fits.loc["time", "id_test", "power"]
    assert row["exponent"] == pytest.approx(0.4, abs=0.02)
    assert np.isnan([row["exponent_low"], row["exponent_high"]]).all()
    assert lines["low"].isna().all()


def test_a_flat_curve_is_not_said_to_have_a_floor():
    _, fits, _ = fitted(exponent=0.0, noise=0.0)
    assert fits.loc["time", "id_test", "power"]["exponent"] == pytest.approx(
        0, abs=1e-9
    )
    assert fits.loc["time", "id_test", "floor"]["status"] == "at_bound"


def test_the_same_points_give_the_same_numbers():
    first, second = fitted(), fitted()
    pd.testing.assert_frame_equal(first[1], second[1])
    pd.testing.assert_frame_equal(first[2], second[2])
