"""Downloads as a user meets them: `snakemake fetch` against imitated endpoints."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
import yaml

import rawkinds
import study
from imitation import Answer, Server
from seqshift import sidecar

KEY = "MARKED-KEY-4711-0815"


@pytest.fixture(autouse=True)
def key(monkeypatch, tmp_path):
    monkeypatch.setenv("EIA_API_KEY", KEY)
    monkeypatch.setenv("TMPDIR", str(tmp_path))


@pytest.fixture
def server():
    with Server() as server:
        yield server


@pytest.fixture
def clone(tmp_path, server):
    """Return a copy of the project whose load comes from an API that wants a key."""
    folder = study.copy(tmp_path / "clone")
    files = rawkinds.simulate("eia930-api", tmp_path / "simulated")
    told = rawkinds.endpoint("eia930-api").mount(server, files)
    source = {"kind": "eia930-api", "origin": "download", "limits": [[10000, 1]]}
    overlay = {"sources": {"load": source | told}}
    (folder / "overlay.yaml").write_text(yaml.safe_dump(overlay))
    return folder


def run(folder, *targets):
    return study.snakemake(folder, *targets, *study.SMOKE, "overlay.yaml")


def places(folder: Path, text: str) -> list[str]:
    """Return the files below a folder, hidden ones too, that hold this text."""
    marked = text.encode()
    paths = (path for path in folder.rglob("*") if path.is_file())
    return [str(path) for path in paths if marked in path.read_bytes()]


def echo(request):
    """Answer as a host does that repeats what it was asked."""
    text = f"forbidden: {request.path} {request.query}".encode()
    return Answer(403, text, {"X-Asked": str(request.query)})


def test_a_key_stands_in_no_file_and_no_output(clone, server):
    server.fail(*[echo] * 99)
    failed = run(clone, "results/raw/load.parquet")
    assert failed.returncode != 0
    assert "refused the key in EIA_API_KEY" in failed.stdout
    assert "Traceback" not in failed.stdout
    server.faults.clear()
    done = run(clone, "results/raw/load.parquet", "fetch")
    assert done.returncode == 0, done.stdout
    assert any(KEY in str(request.query) for request in server.requests)
    assert places(clone, KEY) == []
    assert KEY not in failed.stdout + done.stdout
    assert len(pd.read_parquet(clone / "results/raw/load.parquet")) > 1000


def test_a_missing_key_is_one_sentence_and_the_graph_needs_none(clone, monkeypatch):
    monkeypatch.delenv("EIA_API_KEY")
    assert run(clone, "results/raw/load.parquet", "-n").returncode == 0
    done = run(clone, "results/raw/load.parquet")
    assert done.returncode != 0
    assert "set the environment variable EIA_API_KEY" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_killed_fetch_goes_on_and_ends_with_a_table_of_files(clone, server):
    def slow(request):
        answer = server.routed(request)
        answer.pace = 0.0 if len(server.requests) < 2 else 0.2
        return answer

    server.fail(*[slow] * 3)
    target = "results/raw/load/manifest.json"
    command = [sys.executable, "-m", "snakemake", "-c1", target, *study.SMOKE]
    running = subprocess.Popen(
        [*command, "overlay.yaml"],
        cwd=clone,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    staging = clone / "results/raw/load/.staging"
    while not (staging.is_dir() and sidecar.files(staging)):
        assert running.poll() is None, "the fetch ended before it could be killed"
        time.sleep(0.02)
    complete = [path.name for path in sidecar.files(staging) if sidecar.read(path)]
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert not sidecar.files(clone / "results/raw/load")
    server.faults.clear()
    asked = len(server.requests)
    study.snakemake(clone, "--unlock", *study.SMOKE, "overlay.yaml")
    done = run(clone, "fetch")
    assert done.returncode == 0, done.stdout
    listed = [path.name for path in sidecar.files(clone / "results/raw/load")]
    assert set(complete) <= set(listed)
    assert len(server.requests) - asked == len(listed) - len(complete)
    table = [line.split() for line in done.stdout.splitlines()]
    status = {cells[1]: cells[-1] for cells in table if cells[:1] == ["load"]}
    assert status == dict.fromkeys(listed, "new")
    (clone / "results/raw/vix/VIX_History.csv").write_text("altered")
    again = run(clone, "fetch")
    assert again.returncode != 0 and "VIX_History.csv has 7 bytes" in again.stdout
    assert ["vix", "VIX_History.csv"] in [cells[:2] for cells in table]
