import pytest
import torch

from seqshift import sidecar
from seqshift.errors import BadInput
from seqshift.softgroup import backbones
from seqshift.softgroup.pretraining import training, weights

SIZE = {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 1, "num_heads": 2}
SPEC = {"context": 64, "horizon": 32, "patch": 16}


@pytest.fixture
def folder(tmp_path):
    from chronos.chronos2 import Chronos2Model

    torch.manual_seed(0)
    spec = SPEC | {"size": SIZE | {"initializer_factor": 0.3}}
    Chronos2Model(training.config(spec)).save_pretrained(tmp_path / "given")
    return tmp_path / "given"


def test_weights_of_a_folder_are_taken_byte_by_byte(folder, tmp_path):
    spec = {"origin": "folder", "folder": str(folder)}
    taken = weights.take(spec, tmp_path / "taken")
    for name in backbones.FILES:
        assert (tmp_path / "taken" / name).read_bytes() == (folder / name).read_bytes()
        assert taken[name] == sidecar.sha256(folder / name)
    assert taken["taken"] == spec and taken["parameters"] == 13_792


def test_a_folder_without_a_config_is_refused_and_nothing_is_taken(folder, tmp_path):
    (folder / "config.json").unlink()
    with pytest.raises(BadInput, match="has no config.json; give a local folder with"):
        weights.take({"origin": "folder", "folder": str(folder)}, tmp_path / "taken")
    assert not (tmp_path / "taken").exists()


def test_weights_out_of_reach_are_one_clear_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    spec = {"origin": "hub", "name": "amazon/no-such-weights", "revision": "main"}
    words = "amazon/no-such-weights at revision main cannot be reached .*local folder"
    with pytest.raises(BadInput, match=words):
        weights.take(spec, tmp_path / "taken")
