"""Learning curves sent to Weights & Biases."""

import struct
import sys
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from seqshift import storage, tracking
from seqshift.errors import BadInput
from seqshift.schemas.results import HISTORY

OFFLINE = {"project": "seqshift", "mode": "offline"}
ONLINE = OFFLINE | {"mode": "online"}
SECRET = "0123456789secret"


class Fake:
    """Stands for the module wandb: remembers its runs and what was logged."""

    def __init__(self):
        self.runs = []

    def Settings(self, **values):  # noqa: N802
        return values

    def init(self, **values):
        run = SimpleNamespace(values=values, rows=[], finished=False)
        run.log = lambda row, step: run.rows.append((step, row))
        run.finish = lambda: setattr(run, "finished", True)
        folder = f"{values['dir']}/wandb/offline-run-20260101_000000-{values['id']}"
        storage.write_text("", f"{folder}/run.wandb")
        self.runs.append(run)
        return run


@pytest.fixture
def fake(monkeypatch):
    module = Fake()
    monkeypatch.setitem(sys.modules, "wandb", module)
    return module


@pytest.fixture
def paths(tmp_path, monkeypatch):
    """Return the learning curves of two runs, below a folder of their own."""
    monkeypatch.chdir(tmp_path)
    found = []
    for seed in (0, 3):
        path = f"results/energy/mixup/lstm/seed={seed}/history.csv"
        storage.write_csv(history(seed), path, HISTORY)
        found.append(path)
    return found


def history(seed, epochs=3):
    frame = pd.DataFrame({"epoch": range(1, epochs + 1)})
    frame["train_loss"] = (1 + seed) / frame["epoch"]
    frame["val_loss"] = (2 + seed) / frame["epoch"]
    return frame.assign(learning_rate=1e-3)


def test_a_run_has_the_keys_of_its_path_and_the_columns_of_its_history(fake, paths):
    assert tracking.send(paths, OFFLINE, tracking.FOLDER) == 2
    assert all(run.finished for run in fake.runs)
    for run, path, seed in zip(fake.runs, paths, (0, 3), strict=True):
        keys = {"domain": "energy", "modality": "mixup", "model": "lstm", "seed": seed}
        assert run.values["config"] == keys
        assert run.values["mode"] == "offline"
        assert run.values["project"] == "seqshift"
        rows = storage.read_csv(path, HISTORY).to_dict("records")
        assert run.rows == [(row["epoch"], row) for row in rows]


def test_what_was_sent_is_not_sent_again(fake, paths):
    tracking.send(paths, OFFLINE, tracking.FOLDER)
    assert tracking.send(paths, OFFLINE, tracking.FOLDER) == 0
    storage.write_csv(history(0, epochs=5), paths[0], HISTORY)
    assert tracking.send(paths, OFFLINE, tracking.FOLDER) == 1
    ids = [run.values["id"] for run in fake.runs]
    assert len(set(ids)) == len(ids) == 3


def test_a_killed_upload_is_begun_anew_and_leaves_no_epoch_twice(
    fake, paths, monkeypatch
):
    def killed():
        raise KeyboardInterrupt

    untouched = fake.init

    def init(**values):
        run = untouched(**values)
        run.finish = killed
        return run

    with monkeypatch.context() as patch:
        patch.setattr(fake, "init", init)
        with pytest.raises(KeyboardInterrupt):
            tracking.send(paths, OFFLINE, tracking.FOLDER)
    fake.runs.clear()
    debris = next(tracking.FOLDER.glob("wandb/*")) / "half"
    debris.touch()
    assert tracking.send(paths, OFFLINE, tracking.FOLDER) == 2
    assert len(fake.runs) == 2 and not debris.exists()
    assert len([*tracking.FOLDER.glob("wandb/*")]) == 2


def test_runs_written_offline_can_be_sent_online(fake, paths, monkeypatch):
    monkeypatch.setenv("WANDB_API_KEY", SECRET)
    assert tracking.send(paths, OFFLINE, tracking.FOLDER) == 2
    assert tracking.send(paths, ONLINE, tracking.FOLDER) == 2
    assert tracking.send(paths, ONLINE, tracking.FOLDER) == 0


def test_online_without_a_key_is_refused(fake, paths, monkeypatch):
    monkeypatch.delenv("WANDB_API_KEY", raising=False)
    with pytest.raises(BadInput, match="WANDB_API_KEY is empty"):
        tracking.send(paths, ONLINE, tracking.FOLDER)
    assert not fake.runs


def test_the_key_stands_in_no_file_and_no_output(fake, paths, monkeypatch, capsys):
    monkeypatch.setenv("WANDB_API_KEY", SECRET)
    tracking.send(paths, ONLINE, tracking.FOLDER)
    assert SECRET not in "".join(capsys.readouterr())
    assert SECRET not in repr([run.values for run in fake.runs])
    files = [one for one in tracking.FOLDER.rglob("*") if one.is_file()]
    assert files and not any(SECRET in one.read_text() for one in files)


def test_without_the_package_the_extra_is_named(paths, monkeypatch):
    monkeypatch.setitem(sys.modules, "wandb", None)
    with pytest.raises(BadInput, match="make extras EXTRAS=tracking"):
        tracking.send(paths, OFFLINE, tracking.FOLDER)
    assert not tracking.FOLDER.exists()


def records(file):
    """Yield the records of a small .wandb file: a LevelDB log after 7 bytes of header.

    A record is 4 bytes of checksum, 2 of length, 1 of kind (1: whole) and its content.
    """
    data, place = file.read_bytes(), 7
    while place < len(data):
        length, kind = struct.unpack("<HB", data[place + 4 : place + 7])
        assert kind == 1 and len(data) < 32768  # one block: no record is split
        yield data[place + 7 : place + 7 + length]
        place += 7 + length


def test_the_real_package_writes_offline_and_changes_no_other_file(
    paths, monkeypatch, capfd
):
    proto = pytest.importorskip("wandb.proto.wandb_internal_pb2")
    monkeypatch.setenv("WANDB_API_KEY", SECRET)
    before = [Path(path).read_bytes() for path in paths]
    assert tracking.send(paths, OFFLINE, tracking.FOLDER) == 2
    assert tracking.send(paths, OFFLINE, tracking.FOLDER) == 0
    assert before == [Path(path).read_bytes() for path in paths]
    for path in paths:
        own = tracking.FOLDER.glob(f"wandb/offline-run-*-{tracking.identity(path)}")
        (folder,) = own
        (file,) = folder.glob("*.wandb")
        found = []
        for data in records(file):
            record = proto.Record.FromString(data)
            if record.WhichOneof("record_type") == "history":
                items = record.history.item
                row = {(x.key or x.nested_key[0]): x.value_json for x in items}
                found.append({k: float(v) for k, v in row.items() if k[0] != "_"})
        assert found == storage.read_csv(path, HISTORY).to_dict("records")
    files = [one for one in tracking.FOLDER.rglob("*") if one.is_file()]
    assert not any(SECRET.encode() in one.read_bytes() for one in files)
    assert SECRET not in "".join(capfd.readouterr())
