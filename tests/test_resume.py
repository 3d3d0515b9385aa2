"""An interrupted training ends with the same bits as an undisturbed one."""

import signal
import subprocess
import sys

import pytest
import torch

from panel import small_panel
from seqshift import checkpoints, training
from seqshift.models import mlp


@pytest.fixture(scope="module")
def panel():
    return small_panel()


class Killed(Exception):
    """Stands for the end of the process."""


def fit(panel, resume, kind="mlp", key="key", on_epoch=None, **values):
    return training.fit(
        panel.train,
        panel.val,
        panel.shape,
        panel.models[kind],
        panel.training | values,
        4,
        None,
        resume,
        key,
        on_epoch,
    )


def kill_after(last: int):
    def hook(epoch: int, val_loss: float):
        if epoch == last:
            raise Killed

    return hook


def assert_equal(found: training.Fit, expected: training.Fit):
    assert found.history.equals(expected.history)
    assert (found.epoch, found.val_loss) == (expected.epoch, expected.val_loss)
    assert found.state.keys() == expected.state.keys()
    for name, tensor in expected.state.items():
        assert torch.equal(found.state[name], tensor), name


@pytest.mark.parametrize("kind", ["mlp", "lstm", "cross-entity"])
def test_a_run_killed_between_epochs_ends_with_the_same_bits(panel, tmp_path, kind):
    whole = fit(panel, None, kind)
    with pytest.raises(Killed):
        fit(panel, tmp_path / "resume.pt", kind, on_epoch=kill_after(1))
    assert_equal(fit(panel, tmp_path / "resume.pt", kind), whole)


def test_a_run_killed_within_an_epoch_repeats_that_epoch(panel, tmp_path, monkeypatch):
    whole = fit(panel, None)
    calls = []

    def forward(self, *inputs):
        calls.append(1)
        if len(calls) == 25:
            raise Killed
        return untouched(self, *inputs)

    untouched = mlp.Model.forward
    monkeypatch.setattr(mlp.Model, "forward", forward)
    with pytest.raises(Killed):
        fit(panel, tmp_path / "resume.pt")
    monkeypatch.undo()
    state = checkpoints.load_resume(tmp_path / "resume.pt", "key")
    assert 0 < state["progress"]["epoch"] < panel.training["epochs"]
    assert_equal(fit(panel, tmp_path / "resume.pt"), whole)


def test_a_run_killed_twice_ends_with_the_same_bits(panel, tmp_path):
    whole = fit(panel, None)
    for epoch in (1, 2):
        with pytest.raises(Killed):
            fit(panel, tmp_path / "resume.pt", on_epoch=kill_after(epoch))
    assert_equal(fit(panel, tmp_path / "resume.pt"), whole)


def test_patience_is_counted_across_an_interruption(panel, tmp_path):
    values = {"epochs": 12, "patience": 2, "learning_rate": 0.3}
    whole = fit(panel, None, **values)
    assert len(whole.history) < 12
    with pytest.raises(Killed):
        hook = kill_after(len(whole.history) - 1)
        fit(panel, tmp_path / "resume.pt", on_epoch=hook, **values)
    assert_equal(fit(panel, tmp_path / "resume.pt", **values), whole)


def test_a_finished_run_whose_outputs_were_lost_is_not_trained_again(
    panel, tmp_path, monkeypatch
):
    whole = fit(panel, tmp_path / "resume.pt")
    monkeypatch.setattr(training, "_epoch", None)
    assert_equal(fit(panel, tmp_path / "resume.pt"), whole)


def test_changed_parameters_start_afresh(panel, tmp_path, capsys):
    with pytest.raises(Killed):
        fit(panel, tmp_path / "resume.pt", on_epoch=kill_after(1), learning_rate=0.5)
    found = fit(panel, tmp_path / "resume.pt", key="other")
    assert "other parameters" in capsys.readouterr().out
    assert_equal(found, fit(panel, None))


def test_a_damaged_resume_state_starts_afresh(panel, tmp_path, capsys):
    path = tmp_path / "resume.pt"
    with pytest.raises(Killed):
        fit(panel, path, on_epoch=kill_after(1))
    path.write_bytes(path.read_bytes()[:1000])
    assert_equal(fit(panel, path), fit(panel, None))
    assert "damaged" in capsys.readouterr().out


SCRIPT = """
import os, signal, sys
from pathlib import Path
from panel import small_panel
from seqshift import checkpoints, training

panel, folder, last = small_panel(), Path(sys.argv[1]), int(sys.argv[2])

def hook(epoch, val_loss):
    if epoch == last:
        os.kill(os.getpid(), signal.SIGKILL)

fit = training.fit(
    panel.train, panel.val, panel.shape, panel.models["lstm"], panel.training,
    4, None, folder / "resume.pt", "key", hook,
)
(folder / "history.csv").write_text(fit.history.to_csv())
meta = dict.fromkeys(checkpoints.META, 0)
checkpoints.write(folder / "checkpoint.safetensors", fit.state, meta)
"""


def test_a_process_killed_by_the_system_ends_with_the_same_bytes(tmp_path):
    def run(name, last):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        path = f"import sys; sys.path[:0] = {sys.path!r}"
        command = [sys.executable, "-c", path + SCRIPT, folder, str(last)]
        return subprocess.run(command, capture_output=True).returncode

    assert run("whole", 0) == 0
    assert run("cut", 2) == -signal.SIGKILL
    assert not (tmp_path / "cut/history.csv").exists()
    assert run("cut", 0) == 0
    for file in ("checkpoint.safetensors", "history.csv"):
        one, two = (tmp_path / name / file for name in ("whole", "cut"))
        assert one.read_bytes() == two.read_bytes()
