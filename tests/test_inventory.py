"""The table that `snakemake fetch` prints."""

import pytest

from seqshift import inventory, sidecar, storage

SPEC = {"kind": "vix", "origin": "download", "licence": "CC0", "redistributable": True}


@pytest.fixture
def manifests(tmp_path):
    """Return the manifests of two sources with three files."""
    found = []
    for source, files in {"vix": ["VIX.csv"], "load": ["A.csv", "B.csv"]}.items():
        folder = tmp_path / "raw" / source
        folder.mkdir(parents=True)
        for name in files:
            (folder / name).write_text("x" * 1200)
            sidecar.write(folder / name, SPEC, "pinned" if name == "A.csv" else "new")
        listed = [
            {"name": name, "bytes": 1200, "sha256": sidecar.sha256(folder / name)}
            for name in files
        ]
        found.append(str(folder / "manifest.json"))
        storage.write_json({"files": listed}, found[-1])
    return found


def test_every_file_has_a_line_with_size_hash_and_status(manifests, tmp_path):
    head, *lines, total, end = inventory.table(manifests).split("\n")
    sha = sidecar.sha256(tmp_path / "raw/vix/VIX.csv")[:12]
    assert head.split() == ["source", "file", "bytes", "sha256", "status"]
    assert [line.split() for line in lines] == [
        ["load", "A.csv", "1,200", sha, "verified,", "pinned"],
        ["load", "B.csv", "1,200", sha, "verified,", "new"],
        ["vix", "VIX.csv", "1,200", sha, "verified,", "new"],
    ]
    assert total == f"3 files, 3,600 bytes in {tmp_path / 'raw'}/" and end == ""


def test_a_file_that_is_gone_or_has_no_record_is_shown_as_such(manifests, tmp_path):
    (tmp_path / "raw/load/A.csv").unlink()
    sidecar.path_of(tmp_path / "raw/load/B.csv").unlink()
    lines = inventory.table(manifests).split("\n")
    assert lines[1].endswith("missing") and lines[2].endswith("verified, unrecorded")
    (tmp_path / "raw/vix/VIX.csv").write_text("y")
    assert inventory.table(manifests).split("\n")[3].endswith("altered")
