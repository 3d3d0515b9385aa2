"""What a configuration may not ask of tuning: one sentence each."""

import pytest
import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from seqshift import checks, tuningcheck
from seqshift.errors import BadInput

MODELS = {
    "mlp": {"kind": "mlp", "widths": [8]},
    "lstm": {"kind": "lstm", "width": 8, "projection": 4},
    "memory": {"kind": "memory", "width": 8, "heads": 4},
}
TUNING = {
    "models": ["mlp"],
    "learning_rate": [1e-4, 1e-3],
    "dropout": [0.0, 0.3],
    "weight_decay": [1e-4, 0.1],
    "widths": {"memory": [8, 12], "lstm": [5]},
}


def test_a_sensible_section_passes():
    tuningcheck.check(TUNING, MODELS)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"models": ["gru"]}, "unknown name in tuning.models: 'gru'"),
        ({"widths": {"gru": [8]}}, "unknown name in tuning.widths: 'gru'"),
        ({"widths": {"mlp": [8]}}, "tuning.widths.mlp: this model has no key width"),
        ({"widths": {"memory": [8, 10]}}, "memory: 10 is no multiple of .* 4 heads"),
        ({"widths": {"lstm": [4]}}, "lstm: 4 is not above .* projection to 4"),
        ({"dropout": [0.3, 0.1]}, "tuning.dropout runs from 0.3 down to 0.1"),
        ({"dropout": [0.3, 1]}, "tuning.dropout reaches 1"),
        ({"learning_rate": [0, 1e-3]}, "tuning.learning_rate starts at 0"),
        ({"weight_decay": [0.0, 1e-3]}, "tuning.weight_decay starts at 0"),
    ],
)
def test_senseless_values_are_refused_in_one_sentence(changed, told):
    with pytest.raises(BadInput, match=told) as error:
        tuningcheck.check(TUNING | changed, MODELS)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("epochs", 0),
        ("trials", -1),
        ("trials", 1.5),
        ("workers", 0),
        ("warmup", -1),
        ("startup", -1),
        ("dropout", [0.1]),
        ("widths", {"memory": []}),
    ],
)
def test_the_schema_refuses_a_budget_without_sense(repo, key, value):
    schema = yaml.safe_load((repo / "config/schema.yaml").read_text())
    section = yaml.safe_load((repo / "config/config.yaml").read_text())["tuning"]
    part = {
        "$defs": schema["$defs"],
        "properties": {"tuning": {"$ref": "#/$defs/tuning"}},
    }
    validator = Draft202012Validator(part)
    assert not [*validator.iter_errors({"tuning": section})]
    error = best_match(validator.iter_errors({"tuning": section | {key: value}}))
    assert f"config at tuning.{key}" in str(checks.explain(error))
