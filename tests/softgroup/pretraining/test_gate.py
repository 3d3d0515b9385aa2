import copy

import numpy as np
import pytest
import torch
from scipy import stats

from seqshift.errors import BadInput
from seqshift.softgroup.data import clusters
from seqshift.softgroup.pretraining import gate, training
from seqshift.softgroup.runs import losses

GATE = {"enforced": True, "mase": 1.0, "wql": 0.15, "season": 24, "context": 96}
GATE |= {"horizon": 24, "series": 20, "replicates": 6, "seed": 7000}
SPEC = {"clusters": 3, "members": 4, "context": 96, "horizons": [24], "noise": 0.6}
SPEC |= {"short": 0.5, "short_steps": [24, 64], "negative": 0.25, "lag": 0}
SIZE = {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 1, "num_heads": 2}
WINDOW = {"context": 64, "horizon": 32, "patch": 16}
PASSED = {"mase": 0.9, "wql": 0.1, "right_groups": {"gain_pct": 1.0, "ci_low": 0.5}}


@pytest.fixture(scope="module")
def pipeline():
    from chronos.chronos2 import Chronos2Model

    from seqshift.softgroup.pipeline import SoftGroupPipeline

    torch.manual_seed(0)
    spec = WINDOW | {"size": SIZE | {"initializer_factor": 0.3}}
    return SoftGroupPipeline(Chronos2Model(training.config(spec)).eval())


@pytest.fixture(scope="module")
def folder(pipeline, tmp_path_factory):
    place = tmp_path_factory.mktemp("backbone")
    pipeline.save_pretrained(place)
    return place


def test_errors_of_the_seasonal_naive_forecast_are_those_of_absolute_values(
    pipeline, folder
):
    found = gate.judge(pipeline, GATE, SPEC, folder)
    context, target = clusters.seasonal_family(7000, 20, 96, 24, 24)
    error = np.abs(target - context[:, -24:])
    scale = np.abs(context[:, 24:] - context[:, :-24]).mean(axis=1)
    naive = found["seasonal_naive"]
    assert np.isclose(naive["mase"], (error.mean(axis=1) / scale).mean())
    # the mean over symmetric levels of twice the pinball loss is the absolute error
    assert np.isclose(naive["wql"], error.sum() / np.abs(target).sum())
    assert found["mase"] > 0 and found["parameters"] == 13_792
    assert len(found["model.safetensors"]) == 64


def test_the_interval_of_the_gain_is_a_t_interval_over_replicates(monkeypatch):
    draws = iter(range(10**6))

    def quantiles(pipeline, context, groups, horizon):
        alone = len(set(groups.tolist())) == len(groups)
        number = next(draws) // 2
        return np.full((len(context), 9, horizon), (0.0 if alone else 0.1 * number))

    monkeypatch.setattr(gate, "_forecast", quantiles)
    pairs = []
    for place, seed in enumerate(range(7000, 7006)):
        one = gate.panel.draw(SPEC, seed, 24)
        scale = np.abs(np.diff(one.full)).mean(axis=1)
        pair = [
            losses.pinball(np.full((12, 9, 24), level), one.target).mean(axis=1)
            for level in (0.0, 0.1 * place)
        ]
        pairs.append([(loss / scale).mean() for loss in pair])
    alone, right = np.array(pairs).T
    gains = 100 * (alone - right) / alone.mean()
    interval = stats.ttest_1samp(gains, 0).confidence_interval(0.95)
    found = gate._gain(None, GATE, SPEC)
    np.testing.assert_allclose(found, [gains.mean(), *interval])


def test_a_backbone_that_passes_is_kept():
    gate.keep(PASSED, GATE, "tiny")


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (
            ["mase"],
            1.01,
            "backbone tiny fails its gate: its mase is 1.010, more than 1",
        ),
        (["mase"], float("nan"), "its mase is nan"),
        (["wql"], 0.2, "its wql is 0.200, more than 0.15; train it longer"),
        (
            ["right_groups", "ci_low"],
            0.0,
            "its gain by right groups may be as low as 0",
        ),
    ],
)
def test_a_backbone_that_fails_ends_the_run_with_one_sentence(path, value, words):
    found = copy.deepcopy(PASSED)
    place = found["right_groups"] if len(path) == 2 else found
    place[path[-1]] = value
    with pytest.raises(BadInput, match=words):
        gate.keep(found, GATE, "tiny")
    gate.keep(found, GATE | {"enforced": False}, "tiny")
