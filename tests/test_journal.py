"""The journal file: its lock, torn lines and mending."""

import json
import multiprocessing
import os
import tempfile
import time
from pathlib import Path

import optuna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqshift import journal

PRUNER = optuna.pruners.NopPruner()


@pytest.fixture(autouse=True)
def quiet():
    optuna.logging.set_verbosity(optuna.logging.WARNING)


def test_a_line_left_torn_is_dropped_by_the_next_writer(tmp_path):
    path = tmp_path / "a.journal"
    study = journal.study(path, "key", PRUNER)
    study.ask()
    with path.open("ab") as file:
        file.write(b'{"op_code": 4, "worker')
    study.ask()
    assert len(journal.study(path, "key", PRUNER).trials) == 2
    assert all(json.loads(line) for line in path.read_bytes().splitlines())


def test_writers_wait_for_each_other(tmp_path):
    path = tmp_path / "a.journal"
    journal.study(path, "key", PRUNER)

    def write():
        own = journal.study(path, "key", PRUNER)
        for _ in range(20):
            own.ask()

    crew = [multiprocessing.get_context("fork").Process(target=write) for _ in "abc"]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    numbers = [one.number for one in journal.study(path, "key", PRUNER).trials]
    assert numbers == [*range(60)]
    assert [one.name for one in tmp_path.iterdir()] == ["a.journal"]


def test_the_lock_of_a_killed_writer_is_removed_by_the_next_owner(tmp_path):
    path = tmp_path / "a.journal"
    journal.study(path, "key", PRUNER).ask()
    journal.Lock(path).acquire()
    assert os.path.exists(f"{path}.lock")
    before = time.monotonic()
    journal.mend(path)
    journal.study(path, "key", PRUNER).ask()
    assert time.monotonic() - before < journal.Lock(path).grace_period
    assert not os.path.exists(f"{path}.lock")


def test_the_lock_of_a_killed_writer_is_broken_under_a_relative_path(
    tmp_path, monkeypatch
):
    (tmp_path / "results").mkdir()
    monkeypatch.chdir(tmp_path)
    path = journal.path_beside("results/trials.csv")
    journal.study(path, "key", PRUNER)
    dead, other = journal.Lock(path), journal.Lock(path)
    dead.acquire()
    other.grace_period = 0.05
    assert other.acquire()
    other.release()


LINE = st.one_of(
    st.binary(max_size=8).filter(lambda text: b"\n" not in text),
    st.sampled_from([b"{}", b"[1]", b'{"op_code": 1', b"null"]),
)


@given(st.integers(0, 5), st.lists(LINE, min_size=1, max_size=3), st.booleans())
def test_mending_keeps_exactly_the_whole_lines_before_the_damage(count, bad, ends):
    whole = b'{"op_code": 0, "worker_id": "a"}\n' * count
    text = whole + b"\n".join(bad) + b"\n" * ends
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.journal"
        path.write_bytes(text)
        for _ in range(2):
            journal.mend(path)
            assert path.read_bytes() == whole


def test_to_mend_what_is_not_there_makes_no_file(tmp_path):
    journal.mend(tmp_path / "a.journal")
    assert not [*tmp_path.iterdir()]
