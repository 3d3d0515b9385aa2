"""The example of the manual runs."""

import runpy
import sys

import pytest

pytest.importorskip("chronos", reason="run make extras EXTRAS=softgroup")


def run(repo, monkeypatch, *arguments):
    script = str(repo / "docs" / "softgroup_example.py")
    monkeypatch.setattr(sys, "argv", [script, *arguments])
    runpy.run_path(script, run_name="__main__")


def test_the_example_runs_without_weights(repo, monkeypatch, capsys):
    run(repo, monkeypatch)
    out = capsys.readouterr().out
    assert "random weights, whose forecasts mean nothing" in out
    assert "2024-01-11 00:00:00" in out
    assert "Refused: item Ash ends at 2024-01-10 23:00:00 and item Gum at" in out
    changes = [line.split() for line in out.splitlines() if line[:3] in ("Ash", "Elm")]
    assert len(changes) == 2 and all(float(row[1]) > 0 for row in changes)


def test_the_example_takes_a_folder_of_weights(
    repo, monkeypatch, capsys, pipeline, tmp_path
):
    pipeline.save_pretrained(tmp_path)
    run(repo, monkeypatch, "--folder", str(tmp_path))
    assert "mean nothing" not in capsys.readouterr().out
