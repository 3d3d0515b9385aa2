"""Checkpoints and resume states on disk."""

import signal
import subprocess
import sys

import pytest
import safetensors.torch
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from panel import describe, small_panel
from seqshift import checkpoints, registry, storage
from seqshift.errors import BadInput


@pytest.fixture(scope="module")
def panel():
    return small_panel()


@pytest.fixture
def built(panel):
    torch.manual_seed(0)
    spec = panel.models["mlp"] | {"entity_dropout": 0.1}
    return registry.load("models", "mlp").Model(panel.shape, spec)


@pytest.fixture
def written(tmp_path, built):
    path = tmp_path / "checkpoint.safetensors"
    checkpoints.write(path, built.state_dict(), describe())
    return path


def test_equal_content_gives_equal_bytes(tmp_path, written, built):
    backwards = dict(reversed(built.state_dict().items()))
    meta = dict(reversed(describe().items()))
    checkpoints.write(tmp_path / "again.safetensors", backwards, meta)
    assert (tmp_path / "again.safetensors").read_bytes() == written.read_bytes()


def test_weights_and_description_come_back(written, built):
    state, meta = checkpoints.read(written)
    assert meta == describe()
    assert state.keys() == built.state_dict().keys()
    assert all(torch.equal(state[k], v) for k, v in built.state_dict().items())


def test_a_restored_model_forecasts_as_before(written, built, panel):
    model, meta = checkpoints.restore(written)
    assert not model.training
    inputs = panel.val.batch().inputs()
    assert torch.equal(model(*inputs), built.eval()(*inputs))
    assert meta["entities"] == panel.spec["entities"]["seen"]


def test_weights_that_share_memory_are_written_whole(tmp_path):
    weight = torch.arange(6.0)
    path = tmp_path / "tied.safetensors"
    checkpoints.write(path, {"a": weight, "b": weight.view(2, 3).T}, describe())
    assert torch.equal(checkpoints.read(path)[0]["b"], weight.view(2, 3).T)


@pytest.mark.parametrize("keep", [0, 4, 100, -1])
def test_a_truncated_checkpoint_is_refused(written, keep):
    written.write_bytes(written.read_bytes()[:keep])
    with pytest.raises(BadInput, match="checkpoint.safetensors cannot be read"):
        checkpoints.restore(written)


def test_a_missing_checkpoint_is_refused(tmp_path):
    with pytest.raises(BadInput, match="delete it, train again"):
        checkpoints.read(tmp_path / "none.safetensors")


def test_a_foreign_file_is_refused(tmp_path):
    path = tmp_path / "foreign.safetensors"
    path.write_bytes(safetensors.torch.save({"w": torch.ones(1)}))
    with pytest.raises(BadInput, match="cannot be read as a checkpoint"):
        checkpoints.read(path)
    path.write_bytes(safetensors.torch.save({"w": torch.ones(1)}, {"meta": "{}"}))
    with pytest.raises(BadInput, match="lacks domain, modality"):
        checkpoints.read(path)


def test_weights_of_another_architecture_are_refused(written, built, panel):
    wider = panel.models["mlp"] | {"widths": [9]}
    checkpoints.write(written, built.state_dict(), describe(spec=wider))
    with pytest.raises(BadInput, match="do not fit a model of kind 'mlp'.*size"):
        checkpoints.restore(written)


def test_an_unknown_kind_lists_the_choices(written, built):
    checkpoints.write(written, built.state_dict(), describe(kind="mlp2"))
    with pytest.raises(BadInput, match="lstm"):
        checkpoints.restore(written)


def test_a_failed_write_keeps_the_old_checkpoint(written, built):
    before = written.read_bytes()
    with pytest.raises(ValueError, match="JSON"):
        checkpoints.write(written, built.state_dict(), describe(val_loss=float("nan")))
    assert written.read_bytes() == before
    assert [path.name for path in written.parent.iterdir()] == [written.name]


def test_a_resume_state_of_the_same_key_comes_back(tmp_path):
    path = checkpoints.resume_path(tmp_path / "checkpoint.safetensors")
    state = {"key": "k", "best": {"w": torch.ones(2)}, "loss": float("inf")}
    checkpoints.save_resume(path, state)
    found = checkpoints.load_resume(path, "k")
    assert torch.equal(found["best"]["w"], torch.ones(2))
    assert found["loss"] == float("inf")
    checkpoints.drop_resume(path)
    assert not list(tmp_path.iterdir())
    checkpoints.drop_resume(path)


def test_what_a_killed_writer_left_is_dropped_with_the_resume_state(tmp_path):
    path, others = tmp_path / "resume.pt", {"x.resume.pt", ".x.1.local.history.csv"}
    for name in others:
        (tmp_path / name).touch()
    write = (
        f"import os, signal, sys; sys.path[:0] = {sys.path!r}\n"
        "from seqshift import storage\n"
        "with storage.atomic(sys.argv[1]) as half:\n"
        "    half.touch(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", write, path])
    assert killed.returncode == -signal.SIGKILL and len(storage.leftovers(path)) == 1
    checkpoints.drop_resume(path)
    assert {one.name for one in tmp_path.iterdir()} == others


def test_no_resume_state_is_no_news(tmp_path, capsys):
    assert checkpoints.load_resume(tmp_path / "resume.pt", "k") is None
    assert capsys.readouterr().out == ""


def test_a_resume_state_of_other_parameters_is_left_alone(tmp_path, capsys):
    path = tmp_path / "resume.pt"
    checkpoints.save_resume(path, {"key": "old"})
    assert checkpoints.load_resume(path, "new") is None
    assert "other parameters" in capsys.readouterr().out


@pytest.mark.parametrize("keep", [0, 10, -20])
def test_a_damaged_resume_state_is_left_alone(tmp_path, capsys, keep):
    path = tmp_path / "resume.pt"
    checkpoints.save_resume(path, {"key": "k", "w": torch.ones(100)})
    path.write_bytes(path.read_bytes()[:keep])
    assert checkpoints.load_resume(path, "k") is None
    assert "damaged" in capsys.readouterr().out


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(max_examples=60, deadline=None)
def test_a_flipped_bit_never_passes_for_the_state(tmp_path_factory, place, bit):
    path = tmp_path_factory.mktemp("flipped") / "resume.pt"
    state = {"key": "k", "w": torch.arange(50.0)}
    checkpoints.save_resume(path, state)
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= 1 << bit
    path.write_bytes(content)
    found = checkpoints.load_resume(path, "k")
    assert found is None or torch.equal(found["w"], state["w"])


def test_the_state_before_a_damaged_one_comes_back(tmp_path, capsys):
    path = tmp_path / "resume.pt"
    for epoch in (1, 2):
        checkpoints.save_resume(path, {"key": "k", "epoch": epoch})
    path.write_bytes(path.read_bytes()[:-30])
    assert checkpoints.load_resume(path, "k")["epoch"] == 1
    assert "damaged" in capsys.readouterr().out
    checkpoints.drop_resume(path)
    assert not list(tmp_path.iterdir())


def test_a_resume_state_never_runs_code(tmp_path, capsys):
    path = tmp_path / "resume.pt"
    torch.save({"key": "k", "run": print}, path)
    assert checkpoints.load_resume(path, "k") is None
    assert "damaged" in capsys.readouterr().out
