"""The bundle as a DVC project."""

import hashlib
import sys
import zipfile

import pytest
import yaml

import dvctool
from seqshift.bundle import project, spec
from seqshift.errors import BadInput


def hashes(folder):
    paths = [entry["path"] for entry in spec.tables(spec.read(folder))]
    return {
        path: hashlib.md5((folder / path).read_bytes()).hexdigest() for path in paths
    }


def test_without_dvc_one_sentence_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "venv"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BadInput, match="needs the command dvc.*EXTRAS=bundle"):
        project.command()


def test_dvc_beside_our_environment_is_taken_first(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    own = tmp_path / ".venv-dvc/bin/dvc"
    own.parent.mkdir(parents=True)
    own.touch()
    assert project.command() == str(own)


def test_a_failing_dvc_is_reported_in_one_sentence(monkeypatch, tmp_path):
    tool = tmp_path / "dvc"
    tool.write_text("#!/bin/sh\necho broken >&2; exit 3\n")
    tool.chmod(0o755)
    monkeypatch.setattr(project, "command", lambda: str(tool))
    with pytest.raises(BadInput, match=r"dvc init failed in the bundle \(broken\)"):
        project.write({"files": []}, tmp_path)


def test_a_stage_makes_one_table_of_a_domain_from_tables_in_the_bundle():
    files = {
        "results/raw/load.parquet": ["load"],
        "results/energy/features.parquet": ["load"],
        "results/energy/coverage.csv": ["load"],
    }
    listed = [
        {"path": path, "sources": sources, "role": "table"}
        for path, sources in files.items()
    ]
    found = project.stages({"files": listed})
    assert list(found) == ["energy-features", "energy-coverage"]
    for stage in found.values():
        (made,) = stage["outs"]
        assert stage["cmd"] == f"sh recipes/rebuild.sh {made}"
        needs = [path for path in stage["deps"] if path.startswith("results/")]
        assert needs and set(needs) <= set(files) - {made}


def test_pointers_and_lock_name_the_tables_by_their_hash(complete):
    found = {}
    for path in complete.rglob("*.dvc"):
        if path.is_file():
            (out,) = yaml.safe_load(path.read_text())["outs"]
            place = path.parent / out["path"]
            found[place.relative_to(complete).as_posix()] = out["md5"]
    for stage in yaml.safe_load((complete / "dvc.lock").read_text())["stages"].values():
        found |= {out["path"]: out["md5"] for out in stage["outs"]}
    assert found == hashes(complete)


def test_no_copy_of_the_data_is_left_in_a_cache(complete):
    rooms = {path.name for path in (complete / ".dvc").iterdir()}
    assert rooms == {"config"}


def test_a_clone_gets_the_same_bytes_from_a_store(complete, tmp_path):
    with zipfile.ZipFile(complete.parent / "bundle.zip") as zipped:
        zipped.extractall(tmp_path)
    (folder,) = [path for path in tmp_path.iterdir() if path.is_dir()]
    dvctool.git(folder, "init", "-q")
    dvctool.run(folder, tmp_path, "remote", "add", "-d", "store", f"{tmp_path}/store")
    dvctool.run(folder, tmp_path, "commit", "-f")
    dvctool.run(folder, tmp_path, "push")
    dvctool.git(folder, "add", ".")
    dvctool.git(folder, "commit", "-qm", "Add the bundle")
    tracked = set(dvctool.git(folder, "ls-files").split())
    assert not tracked & set(hashes(folder))
    clone = tmp_path / "clone"
    dvctool.git(tmp_path, "clone", "-q", str(folder), str(clone))
    assert not (clone / "results/raw/load.parquet").exists()
    dvctool.run(clone, tmp_path, "pull")
    assert hashes(clone) == hashes(complete)
    assert "up to date" in dvctool.run(clone, tmp_path, "status")
    assert dvctool.git(clone, "status", "--short") == ""
