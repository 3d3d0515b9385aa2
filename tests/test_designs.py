"""What the experiments `ablations` and `scaling` must hold."""

import copy

import pytest

from seqshift import designs
from seqshift.errors import BadInput

CONFIG = {
    "models": {
        "mlp": {"dropout": 0.1},
        "mlp-wide": {"dropout": 0.1},
        "lstm": {"dropout": 0.1},
    },
    "ablations": {"mlp-wide": "mlp"},
    "modalities": {
        "natural": {"kind": "natural"},
        "time-020": {"kind": "natural", "fraction": 0.2, "by": "time", "seed": 0},
        "time-050": {"kind": "natural", "fraction": 0.5, "by": "time", "seed": 0},
        "entity-050": {"kind": "natural", "fraction": 0.5, "by": "entity", "seed": 7},
        "mixup": {"kind": "mixup", "seed": 0},
    },
    "experiments": {
        "ablations": {"models": ["mlp", "mlp-wide"]},
        "scaling": {"modalities": ["natural", "time-020", "time-050", "entity-050"]},
    },
}


def altered(path, value):
    config = copy.deepcopy(CONFIG)
    *parents, last = path
    place = config
    for part in parents:
        place = place[part]
    place[last] = value
    return config


def test_a_sound_design_is_accepted():
    designs.check_ablations(CONFIG)
    designs.check_budgets(CONFIG)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (
            ["experiments", "ablations", "models"],
            ["mlp", "mlp-wide", "lstm"],
            "lstm is neither a key of ablations nor the base",
        ),
        (
            ["experiments", "ablations", "models"],
            ["mlp-wide"],
            "its base mlp is not another model",
        ),
        (["ablations", "mlp-wide"], "mlp-wide", "mlp-wide is itself an ablation"),
        (["ablations", "lstm"], "gru", "unknown name in ablations.*'gru'.*mlp"),
        (["ablations", "lstm"], "mlp-wide", "its base mlp-wide is itself an ablation"),
        (["models", "mlp-wide", "dropout"], 0.0, "dropout differs from that of mlp"),
    ],
)
def test_an_ablation_that_answers_nothing_is_refused(path, value, words):
    with pytest.raises(BadInput, match=words) as caught:
        designs.check_ablations(altered(path, value))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (
            ["experiments", "scaling", "modalities"],
            ["natural", "mixup"],
            "mixup is of kind mixup",
        ),
        (["experiments", "scaling", "modalities"], ["time-020"], "natural is missing"),
        (["modalities", "time-050"], {"kind": "natural"}, "time-050 holds all windows"),
        (["modalities", "time-050", "seed"], 1, "time-050: its seed 1 differs"),
    ],
)
def test_budgets_that_make_no_curve_are_refused(path, value, words):
    with pytest.raises(BadInput, match=words):
        designs.check_budgets(altered(path, value))
