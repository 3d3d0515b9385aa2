"""An interrupted training ends with the same bits as an undisturbed one."""

import subprocess
import sys

import pytest
import torch

from panel import small_panel
from seqshift import checkpoints, progress, training
from seqshift.models import mlp


@pytest.fixture(scope="module")
def panel():
    return small_panel()


FILES = {"history.csv", "checkpoint.safetensors"}


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


def assert_equal(found: progress.Fit, expected: progress.Fit):
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


@pytest.mark.parametrize("last", [1, 2])
def test_after_a_damaged_resume_state_the_one_before_it_serves(
    panel, tmp_path, capsys, last
):
    path = tmp_path / "resume.pt"
    with pytest.raises(Killed):
        fit(panel, path, on_epoch=kill_after(last))
    state = bytearray(path.read_bytes())
    state[len(state) // 2] ^= 1
    path.write_bytes(state)
    assert_equal(fit(panel, path), fit(panel, None))
    said = capsys.readouterr().out
    assert "resume.pt is damaged" in said
    assert ("resumed after epoch 1" if last == 2 else "starts afresh") in said


SCRIPT = """
import os, signal, sys, time
from pathlib import Path

import numpy as np
import torch

from panel import small_panel
from seqshift import checkpoints, training

# One process with torch loaded forks the trainings, so that twenty of them are cheap.
torch.set_num_threads(1)
panel = small_panel()


def train(folder):
    folder.mkdir(exist_ok=True)
    fit = training.fit(
        panel.train, panel.val, panel.shape, panel.models["lstm"],
        panel.training | {"epochs": 6, "patience": 6},
        4, None, folder / "resume.pt", "key",
    )
    (folder / "history.csv").write_text(fit.history.to_csv())
    meta = dict.fromkeys(checkpoints.META, 0)
    checkpoints.write(folder / "checkpoint.safetensors", fit.state, meta)
    checkpoints.drop_resume(folder / "resume.pt")


def fork(folder, seconds):
    child = os.fork()
    if child == 0:
        train(folder)
        os._exit(0)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


folder = Path(sys.argv[1])
train(folder / "warm")  # what is loaded at first use is loaded before any fork
start = time.perf_counter()
train(folder / "whole")
length = time.perf_counter() - start
draw = np.random.default_rng(0)
killed = started = 0
for _ in range(200):
    if fork(folder / "cut", draw.uniform(0, 0.8 * length)) == 0:
        started += 1  # it ended before its time: begin anew
        for path in (folder / "cut").iterdir():
            path.rename(folder / f"{path.name}.{started}")
    else:
        killed += 1
    if killed == 20:
        break
assert fork(folder / "cut", None) == 0
print("killed", killed)
"""


def test_a_process_killed_twenty_times_ends_with_the_same_bytes(tmp_path):
    path = f"import sys; sys.path[:0] = {sys.path!r}"
    command = [sys.executable, "-c", path + SCRIPT, tmp_path]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "killed 20" in done.stdout
    assert "resumed after epoch" in done.stdout
    assert {path.name for path in (tmp_path / "cut").iterdir()} == FILES
    for name in FILES:
        expected = (tmp_path / "whole" / name).read_bytes()
        assert (tmp_path / "cut" / name).read_bytes() == expected
        for earlier in tmp_path.glob(f"{name}.*"):
            assert earlier.read_bytes() == expected
