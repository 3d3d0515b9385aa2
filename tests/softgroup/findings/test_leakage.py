"""The leak taken apart: by hand, and each verdict that it can have."""

import numpy as np
import pandas as pd
import pytest

import softgrouptables as made
from seqshift import storage
from seqshift.schemas.findings import LEAKS
from seqshift.softgroup.findings import leakage

CELL = made.ETTH1 | {"seeds": [0, 1]}
SAME = {"gain": 0.1, "verdict": "equivalent"}
DIFFERENCE = leakage.DIFFERENCE


def table(future=3.0, past=1.0, keep=slice(None)):
    frames = [made.leak(CELL, seed, future, past) for seed in CELL["seeds"]]
    leak = pd.concat(frames, ignore_index=True)
    leak = leak[leak["block"].isin(range(8)[keep])]
    return leakage.decompose(leak, "real", made.STATISTICS)


def row(found, variant: str, lead=0, design="block"):
    at = (found["variant"] == variant) & (found["lead"] == lead)
    return found[at & (found["design"] == design)].iloc[0]


def test_a_gain_is_percent_of_the_error_of_the_hard_mask():
    leak = made.leak(CELL, 0)
    own = leak[(leak["design"] == "block") & (leak["lead"] == 0)]
    mean = own.groupby(["variant", "block"])["mae_z"].mean().unstack("block")
    by_block = 100 * (mean.loc["hard"] - mean.loc["all"]) / mean.loc["hard"].mean()
    found = row(leakage.decompose(leak, "real", made.STATISTICS), "all")
    assert found["gain"] == pytest.approx(by_block.mean())
    reach = 2.364624 * by_block.std() / np.sqrt(8)
    assert found["high"] - found["gain"] == pytest.approx(reach, rel=1e-5)
    assert found["blocks"] == 8 and found["boot_low"] < found["gain"]


def test_the_table_has_the_dose_the_edges_and_the_longer_context():
    found = storage.validate(table(), LEAKS, "leaks")
    leads = found[(found["variant"] == "future") & (found["lead"] > 0)]
    assert leads.sort_values("lead")["gain"].is_monotonic_increasing
    whole = row(found, "all")
    assert whole["gain_first"] > whole["gain"] > whole["gain_last"]
    assert row(found, "hard_longctx", design="short")["context"] == 128
    assert row(found, DIFFERENCE)["low"] > 0


@pytest.mark.parametrize(
    ("future", "past", "same", "verdict"),
    [
        (3.0, 1.0, SAME, "confirmed"),
        (3.0, 1.0, {"gain": -1.5, "verdict": "harm"}, "confirmed"),
        (3.0, 2.6, SAME, "refuted"),
        (3.0, 1.0, {"gain": 2.0, "verdict": "benefit"}, "refuted"),
        (3.0, 1.0, {"gain": 0.5, "verdict": "undecided"}, "partly"),
        (0.4, 0.0, SAME, "not testable"),
    ],
)
def test_each_verdict_follows_its_rule(future, past, same, verdict):
    found, why = leakage.explain(table(future, past), same)
    assert found == verdict, why
    assert "future" in why and "same-origin" in why


def test_one_block_of_time_gives_no_verdict():
    verdict, why = leakage.explain(table(keep=slice(1)), SAME)
    assert verdict == "not testable" and "one block" in why


def test_five_seeds_do_not_replace_the_blocks_of_time():
    leak = pd.concat([made.leak(CELL, seed) for seed in range(5)], ignore_index=True)
    found = leakage.decompose(leak[leak["block"] == 0], "real", made.STATISTICS)
    whole = row(found, "all")
    assert whole["seeds"] == 5 and np.isfinite(whole["seed_low"])
    assert np.isnan(whole["low"]) and np.isnan(row(found, DIFFERENCE)["high"])
    assert leakage.explain(found, SAME)[0] == "not testable"


def test_with_five_seeds_the_wider_interval_leads():
    frames = [made.leak(CELL, seed, future=3.0 + 2 * seed) for seed in range(5)]
    joined = pd.concat(frames, ignore_index=True)
    whole = row(leakage.decompose(joined, "real", made.STATISTICS), "future")
    for end in ("low", "high"):
        assert whole[end] == pytest.approx(whole[f"seed_{end}"])


def test_a_gain_in_batches_of_one_origin_refutes_even_if_mixed_ones_gain_nothing():
    same = {"gain": 3.0, "verdict": "benefit"}
    found, why = leakage.explain(table(0.4, 0.0), same)
    assert found == "refuted" and "without mixed origins" in why


def test_without_the_arm_of_one_origin_there_is_no_verdict():
    assert leakage.explain(table(), None)[0] == "not testable"


def test_the_verdict_stands_in_the_row_of_the_difference_alone():
    found = leakage.conclude(table(), SAME)
    judged = found[found["verdict"] != ""]
    assert judged["variant"].tolist() == [DIFFERENCE]
    assert judged["design"].tolist() == ["block"]


def test_first_windows_have_the_interval_of_independent_ones_and_slices_none():
    leak = made.leak(CELL, 0)
    block = leak[(leak["design"] == "block") & (leak["lead"] == 0)]
    block = block[block["variant"].isin(["hard", "all"])]
    first = block[block["series"] == "OT"].assign(design="first", series="all")
    first["block"] = 100 * (first["block"] + 1)
    replica = block.assign(design="replica")
    both = pd.concat([leak, first, replica], ignore_index=True)
    found = leakage.decompose(both, "real", made.STATISTICS)
    storage.validate(found, LEAKS, "leaks")
    hundred = row(found, "all", design="first-100")
    own = first[(first["block"] == 100) & (first["variant"] == "all")].iloc[0]
    hard = first[(first["block"] == 100) & (first["variant"] == "hard")].iloc[0]
    assert hundred["gain"] == pytest.approx(100 * own["gain_mean"] / hard["mase_seed"])
    reach = 1.959964 * 100 * own["gain_sd"] / hard["mase_seed"] / 10
    assert hundred["high"] - hundred["gain"] == pytest.approx(reach, rel=1e-5)
    assert np.isnan(row(found, "all", design="replica")["low"])
