"""The study where its extra is not installed."""

import importlib
import sys

import pytest
import torch

from seqshift.errors import BadInput
from seqshift.softgroup import backbones, mask

NAME = "seqshift.softgroup.pipeline"


@pytest.fixture(autouse=True)
def no_chronos(monkeypatch):
    monkeypatch.setitem(sys.modules, "chronos", None)
    monkeypatch.delitem(sys.modules, NAME, raising=False)


def test_the_pipeline_says_how_to_install_it():
    with pytest.raises(BadInput, match="run `make extras EXTRAS=softgroup`"):
        importlib.import_module(NAME)


def test_a_backbone_and_a_hook_say_how_to_install_it(tmp_path):
    with pytest.raises(BadInput, match="run `make extras EXTRAS=softgroup`"):
        backbones.load(tmp_path)
    model = torch.nn.Module()
    model.encoder = torch.nn.Linear(1, 1)
    with pytest.raises(BadInput, match="run `make extras EXTRAS=softgroup`"):
        with mask.soft_bias(model, torch.zeros(1, 1)):
            pass


def test_biases_need_no_chronos():
    assert mask.log_bias(torch.eye(2), torch.zeros(2), beta=1).tolist() == [[0, 0]] * 2
