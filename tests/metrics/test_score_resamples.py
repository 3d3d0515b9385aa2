"""Block resamples of the scores of one run."""

import numpy as np
import pandas as pd
import pytest

import errortable
from errortable import SPEC, STATISTICS, noisy
from seqshift.metrics.errors import rmse
from seqshift.metrics.score import score
from seqshift.statistics import blocks


def test_all_runs_of_a_domain_share_their_draws():
    first = score(noisy(0), SPEC, STATISTICS)[1]
    again = noisy(0, model="lstm", modality="mixup")
    other = score(again.assign(seed=7), SPEC, STATISTICS)[1]
    np.testing.assert_array_equal(first["value"], other["value"])
    elsewhere = score(noisy(0, domain="grid"), SPEC, STATISTICS)[1]
    assert not np.allclose(first["value"], elsewhere["value"])


def test_the_resampled_mean_scatters_around_the_estimate():
    spec = {"splits": {"block": 40, "year": 40}}
    many = STATISTICS | {"resamples": 400}
    scores, resamples = score(noisy(0), spec, many)
    keys = ["metric", "column", "axis", "slice"]
    main = scores[scores["period"] == ""]
    estimate = main.groupby(keys)["value"].mean()
    drawn = resamples.groupby(keys)["value"].agg(["mean", "std"])
    gap = (estimate[drawn.index] - drawn["mean"]).abs()
    assert (drawn["std"] > 0).all() and (gap < drawn["std"]).all()


def test_eras_with_their_own_draws_vary_independently():
    days = errortable.calendar()
    own = errortable.flat(days, {}) * (1 + 0.01 * np.arange(len(days)))
    names = ("A", "B")
    naive = dict.fromkeys(names, errortable.flat(days, {}))
    frame = errortable.table(dict.fromkeys(names, own), naive)
    spec = {"splits": {"block": 40, "year": 40}}
    _, table = score(frame, spec, STATISTICS | {"resamples": 2000})
    drawn = table.pivot(
        index="replicate", columns=["metric", "slice", "column"], values="value"
    )
    # The naive error never changes, so this is ln RMSE of the test era alone.
    test = drawn["loses_to_naive", "", "corr"]
    for column in ("seed", "corr"):
        other = test - drawn["g_ratio", "", column]
        assert other.std() > 0 and abs(np.corrcoef(test, other)[0, 1]) < 0.08


def test_resamples_equal_loops_over_the_drawn_days():
    frame = noisy(0, unseen=0)
    _, table = score(frame, SPEC, STATISTICS | {"resamples": 5})
    test = frame[frame["split"] == "temporal_test"]
    days = np.sort(test["target_time"].unique())
    rng = blocks.generator(STATISTICS["seed"], "market", "test")
    draws = blocks.circular(len(days), SPEC["splits"]["year"], 5, rng)
    counts = pd.DataFrame(blocks.counts(draws), columns=days)
    for replicate in range(5):
        often = test["target_time"].map(counts.loc[replicate + 1])
        drawn = test.loc[test.index.repeat(often)]
        error = (drawn["forecast"] - drawn["actual"]).abs()
        naive = (drawn["naive"] - drawn["actual"]).abs()
        loss, peak = [], []
        for name in ("E0", "E1", "E2", "E3"):
            mine = drawn["entity"] == name
            loss.append(np.log(rmse(error[mine]) / rmse(naive[mine])))
            sides = [error[mine & (drawn["slice"] == kind)] for kind in ("heat", "")]
            heat, normal = (
                np.quantile(side, 0.95) if len(side) else np.nan for side in sides
            )
            peak.append(np.log(heat / normal))
        expected = {
            ("loses_to_naive", "corr"): loss,
            ("robustness_delta", "seed"): peak,
        }
        for (metric, column), logs in expected.items():
            rows = table[(table["metric"] == metric) & (table["column"] == column)]
            rows = rows[rows["slice"].isin(["", "heat"])]
            found = rows.loc[rows["replicate"] == replicate, "value"].item()
            assert found == pytest.approx(np.mean(logs), nan_ok=True)


def test_blocks_are_those_of_the_shorter_era():
    _, table = score(noisy(0), SPEC, STATISTICS)
    blocks = table.groupby(["axis", "slice", "metric", "column"])["blocks"].first()
    assert blocks["temporal", "", "g_ratio", "seed"] == 3  # 640 days, years of 200
    assert blocks["temporal", "", "g_ratio", "corr"] == 2  # two ID-test blocks
    assert blocks["spatial", "", "transfer_gap", "seed"] == 4  # 880 days
    assert blocks["extreme", "heat", "robustness_delta", "corr"] == 3
    assert blocks["extreme", "crash-train", "robustness_delta", "corr"] == 2
