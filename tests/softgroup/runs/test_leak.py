"""Batches of neighbours in time: who sees whom, and what that changes."""

import numpy as np
import pytest
import torch

from seqshift.errors import BadInput
from seqshift.schemas.softgroup import LEAK
from seqshift.softgroup.runs import leak, replica
from softmodels import pipeline
from softwindows import windows

SPEC = {
    "context": 512,
    "block": 24,
    "blocks": 2,
    "leads": [4, 23, 99],
    "map": "affine",
    "beta": 5,
    "min_overlap": 16,
    "first": [10, 60],
}
RUN = {"backbone": "nano", "seed": 0}


@pytest.fixture(scope="module")
def model():
    return pipeline(context=64)


@pytest.fixture(scope="module")
def data():
    return windows(origins=150, series=2, lags=96, horizon=20, stride=1)


@pytest.fixture(scope="module")
def table(model, data):
    return LEAK.validate(leak.trace(model, data, SPEC, RUN))


def walk(changed: bool) -> torch.Tensor:
    """Return contexts of 24 origins of one walk, its later part changed or not."""
    path = np.random.default_rng(1).normal(size=120).cumsum()
    if changed:
        path[84:] = 50 - path[84:]
    return torch.tensor(np.stack([path[t : t + 64] for t in range(24)])).float()


def test_past_ignores_and_future_sees_values_after_the_origin(model):
    design = leak.designs(SPEC, 64)[0]
    before, after = (leak.forecast(model, walk(c), 20, design, SPEC) for c in (0, 1))
    clean = 21  # the contexts of so many rows end before step 84
    change = {
        variant: np.abs(after[variant] - before[variant])[:clean].max()
        for variant in before
    }
    assert change["hard", 0] == change["past", 0] == change["past", 4] == 0
    assert change["all", 0] > 1e-3 and change["future", 0] > 1e-3
    near = np.abs(after["future", 4] - before["future", 4])[:clean].max(1)
    # Over two layers a row sees the neighbours of its neighbours: row 12 up to row 20.
    assert (near[:13] == 0).all() and (near[13:] > 0).all()


def test_a_batch_of_the_study_has_256_windows_and_8_of_them_fit_a_series():
    assert list(leak.starts(2880 - 96 + 1, 256, 96, 99)) == list(range(0, 2465, 352))
    assert len(leak.starts(2785, 256, 96, 99)) == 8
    assert len(leak.starts(2785, 256, 96, 3)) == 3
    assert len(leak.starts(255, 256, 96, 99)) == 0


def test_older_values_are_compared_where_the_backbone_can_read_them():
    wide = leak.designs(SPEC | {"context": 512, "block": 256}, 8192)
    assert [(d.name, d.context, d.block, d.longer) for d in wide] == [
        ("block", 512, 256, 767)
    ]
    assert ("hard_longctx", 0) in wide[0].variants
    tiny = leak.designs(SPEC | {"context": 512, "block": 256}, 256)
    assert [(d.name, d.context, d.block, d.longer) for d in tiny] == [
        ("block", 256, 256, 511),
        ("short", 128, 128, 255),
    ]
    assert ("hard_longctx", 0) not in tiny[0].variants
    assert ("hard_longctx", 0) in tiny[1].variants


def test_too_few_origins_for_a_batch_are_refused(model, data):
    few = data.isel(origin=slice(0, 20))
    with pytest.raises(
        BadInput, match="waves has 20 consecutive origins .* asks for 24"
    ):
        leak.trace(model, few, SPEC, RUN)


def test_every_batch_has_every_variant(table):
    block = table[table["design"] == "block"]
    assert len(block) == 2 * 2 * (4 + 2 * 2)  # series, batches, variants
    assert set(zip(block["variant"], block["lead"], strict=True)) >= {
        ("hard", 0),
        ("future", 4),
        ("past", 23),
    }
    short = table[table["design"] == "short"]
    assert set(short["variant"]) == {"hard", "all", "past", "future", "hard_longctx"}
    assert set(table["leak"]) == {1}


def test_hard_gains_nothing_over_itself(table):
    hard = table[table["variant"] == "hard"]
    assert (hard["improved"] == 0).all() and (hard["gain_mean"] == 0).all()
    np.testing.assert_allclose(hard["pearson"], 1)


def test_errors_are_those_of_the_windows_of_the_batch(model, data, table):
    batch = data.isel(origin=slice(44, 68), series=1)  # the second of two batches
    contexts = torch.from_numpy(batch["context"].values)
    design = leak.designs(SPEC, 64)[0]
    median = leak.forecast(model, contexts, 20, design, SPEC)["all", 0]
    error = np.abs(median - batch["target"].values).mean(1)
    keys = ["design", "series", "block", "variant", "lead"]
    row = table.set_index(keys).loc[("block", "S1", 1, "all", 0)]
    assert row["mae_z"] == pytest.approx(error.mean() / 0.8)
    step = np.abs(np.diff(batch["target"].values, axis=1)).mean(1)
    assert row["mase_seed"] == pytest.approx((error / step).mean(), rel=1e-5)
    assert row["windows"] == 24


def test_the_replica_runs_series_by_series_and_counts_up(model, data):
    few = data.isel(origin=slice(0, 30))
    found = LEAK.validate(replica.replicate(model, few, SPEC, RUN))
    every = found[found["design"] == "replica"]
    sizes = every[every["variant"] == "all"]
    assert sizes["windows"].tolist() == [24, 24, 12]  # 30 origins of 2 series
    assert sizes["series"].tolist() == ["S0", "S0", "S1"]
    first = found[(found["design"] == "first") & (found["variant"] == "all")]
    assert first["windows"].tolist() == [10, 60]
    total = (sizes["gain_mean"] * sizes["windows"]).sum() / 60
    assert first["gain_mean"].iloc[-1] == pytest.approx(total)
