"""Likeness of rows within and across groups, and the attention it lets through."""

import math

import numpy as np
import pytest
import torch

from seqshift.schemas.softgroup import MASS, SIMILARITY
from seqshift.softgroup.runs import mass, relations
from seqshift.softgroup.runs.arms import Arm
from seqshift.softgroup.runs.forecaster import Forecaster
from softmodels import pipeline
from softwindows import windows

ON = ["level", "diff"]


@pytest.fixture(scope="module")
def data():
    return windows(origins=3)


@pytest.fixture(scope="module")
def r(data):
    return relations.correlations(data, ON, 32)


def test_pairs_of_a_group_are_averaged_apart_from_pairs_of_two(data, r):
    found = SIMILARITY.validate(relations.summary(r, data))
    context = data["context"].values[1]
    full = np.abs(np.corrcoef(context))
    within = [full[i, j] for i in range(6) for j in range(i) if i // 3 == j // 3]
    across = [full[i, j] for i in range(6) for j in range(i) if i // 3 != j // 3]
    origin = int(data["origin"][1])
    row = found.set_index(["grouping", "on", "origin"]).loc[("right", "level", origin)]
    assert row["within"] == pytest.approx(np.mean(within), rel=1e-6)
    assert row["across"] == pytest.approx(np.mean(across), rel=1e-6)
    assert row["within"] > row["across"]
    assert len(found) == 3 * 2 * 3
    assert found.loc[found["grouping"] == "joint", "across"].isna().all()


def test_the_matrix_is_the_mean_over_origins(data, r):
    found = relations.matrix(r, data)
    steps = np.diff(data["context"].values, axis=-1)
    expected = np.mean([np.abs(np.corrcoef(x)) for x in steps], axis=0)
    np.testing.assert_allclose(found["r"].sel(on="diff"), expected, atol=1e-6)
    assert found["group"].dims == ("grouping", "series")


def test_rows_that_every_origin_repeats_are_compared_once(data):
    once = relations.correlations(data.assign_attrs(unit="series"), ["level"], 32)
    assert once.sizes["origin"] == 1


def test_the_mass_of_each_layer_is_measured_per_arm(data):
    forecaster = Forecaster(pipeline(context=64), data, 96, 16, 0)
    arms = [
        Arm(f"b{beta:g}", "single", "corr", "abs", "level", beta)
        for beta in (0.0, 2.0, math.inf)
    ]
    found = MASS.validate(mass.measure(forecaster, arms, {"backbone": "b", "seed": 0}))
    mean = found.groupby("arm")["mass"].mean()
    assert len(found) == 3 * 2
    assert mean["b0"] > mean["b2"] > mean["binf"] == 0


def test_mass_is_the_weight_that_eager_attention_gives_to_other_rows(data):
    model = pipeline(context=64)
    one = Forecaster(model, data.isel(origin=[0]), 96, 16, 0)
    with torch.no_grad():
        out = model.model(
            context=one.batches[0].x,
            group_ids=torch.zeros(6, dtype=torch.long),
            num_output_patches=2,
            output_attentions=True,
        )
    layer = out.enc_group_self_attn_weights[0]  # (patch, head, row, row)
    other = 1 - torch.diagonal(layer, dim1=-2, dim2=-1).mean()
    free = Arm("b0", "single", "corr", "abs", "level", 0.0)  # joint in all but name
    assert one.mass(free)[0] == pytest.approx(float(other), rel=1e-5)
