"""Weights by folder, hub and S3, and what is said where they cannot be had."""

import json
import os
import socket
import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_file, save_file

from seqshift.errors import BadInput
from seqshift.softgroup import backbones

HUB = {"origin": "hub", "name": "amazon/chronos-2", "revision": "main"}


@pytest.fixture
def folder(pipeline, tmp_path):
    pipeline.save_pretrained(tmp_path)
    return tmp_path


@pytest.fixture
def unplugged(monkeypatch):
    """Fail on every connection that anything opens."""

    def refuse(*_, **__):
        pytest.fail("a network connection was opened")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_a_folder_gives_a_pipeline_ready_to_forecast(
    folder, pipeline, contexts, unplugged
):
    for spec in (folder, str(folder), {"origin": "folder", "folder": str(folder)}):
        loaded = backbones.load(spec)
        assert type(loaded).__name__ == "SoftGroupPipeline" and loaded.soft is None
        assert not loaded.model.training and loaded.model.dtype == torch.float32
        assert loaded.model.device.type == "cpu"
        one, other = (p.predict(list(contexts), 32) for p in (pipeline, loaded))
        assert torch.equal(torch.stack(one), torch.stack(other))


def test_weights_in_half_precision_are_loaded_in_full(folder, pipeline):
    pipeline.model.to(torch.bfloat16).save_pretrained(folder)
    weights = backbones.load(folder).model.shared.weight
    assert weights.dtype == torch.float32
    assert torch.equal(weights, pipeline.model.shared.weight.float())


def test_the_hub_is_loaded_from_its_local_copy(folder, monkeypatch):
    import huggingface_hub

    asked = []

    def copy(name, **options):
        asked.append((name, options))
        return str(folder)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", copy)
    assert type(backbones.load(HUB)).__name__ == "SoftGroupPipeline"
    (name, options) = asked[0]
    assert name == HUB["name"] and options["revision"] == "main"
    assert options["allow_patterns"] == ["config.json", "model.safetensors"]


def test_s3_is_loaded_as_a_soft_pipeline_too(folder, monkeypatch):
    import chronos.boto_utils

    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setattr(chronos.boto_utils, "cache_model_from_s3", lambda _: folder)
    loaded = backbones.load({"origin": "s3", "name": "s3://bucket/model"})
    assert type(loaded).__name__ == "SoftGroupPipeline"


def refusal(spec) -> str:
    with pytest.raises(BadInput) as error:
        backbones.load(spec)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_folder_without_one_of_the_files_is_refused(folder, name, unplugged):
    (folder / name).unlink()
    assert f"backbone folder {folder} has no {name}; give" in refusal(folder)


def test_a_folder_that_is_not_there_is_refused(tmp_path, unplugged):
    assert "gone does not exist; give a local folder" in refusal(tmp_path / "gone")


def test_a_config_of_another_model_is_refused(folder):
    path = folder / "config.json"
    config = json.loads(path.read_text())
    path.write_text(json.dumps(config | {"architectures": ["T5Model"]}))
    assert "does not describe a Chronos-2 model" in refusal(folder)
    path.write_text("[1, 2]")
    assert "does not describe a Chronos-2 model" in refusal(folder)
    path.write_text("{")
    assert "is not valid JSON" in refusal(folder)


def test_damaged_weights_are_refused(folder):
    (folder / "model.safetensors").write_bytes(b"no weights")
    assert f"backbone folder {folder} cannot be read" in refusal(folder)


def test_weights_of_another_size_are_refused(folder, random_model):
    random_model(width=16).save_pretrained(folder / "other")
    (folder / "other" / "model.safetensors").replace(folder / "model.safetensors")
    assert "cannot be read" in refusal(folder)


def test_weights_with_a_tensor_less_are_refused_not_drawn_at_random(folder):
    path = folder / "model.safetensors"
    tensors = load_file(path)
    del tensors["encoder.block.1.layer.1.self_attention.k.weight"]
    save_file(tensors, path, metadata={"format": "pt"})
    assert "lacks 1 tensors that config.json names" in refusal(folder)


def test_an_unknown_origin_is_refused():
    pytest.importorskip("chronos", reason="run make extras EXTRAS=softgroup")
    assert "'ftp': choose one of folder, hub, s3" in refusal({"origin": "ftp"})


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (HUB, "chronos-2 at revision main cannot be reached (HF_HUB_OFFLINE is set"),
        ({"origin": "s3", "name": "s3://bucket/model"}, "is on S3 and HF_HUB_OFFLINE"),
    ],
)
def test_offline_nothing_is_asked_of_the_network(
    spec, words, unplugged, monkeypatch, tmp_path
):
    pytest.importorskip("chronos", reason="run make extras EXTRAS=softgroup")
    # Set after huggingface_hub was imported, which reads it once.
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    assert words in refusal(spec)


def test_a_hub_that_cannot_be_reached_is_one_clear_sentence(tmp_path):
    pytest.importorskip("chronos", reason="run make extras EXTRAS=softgroup")
    code = f"from seqshift.softgroup import backbones; backbones.load({HUB})"
    # Port 9 of this machine answers nobody.
    away = {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(tmp_path)}
    env = os.environ | away | {"PYTHONPATH": os.pathsep.join(sys.path)}
    env.pop("HF_HUB_OFFLINE", None)
    ran = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True)
    last = ran.stderr.decode().strip().splitlines()[-1]
    assert last.startswith("seqshift.errors.BadInput: backbone amazon/chronos-2 at")
    assert "cannot be reached (the hub gave no copy: " in last
