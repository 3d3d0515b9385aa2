import csv
import gzip
import hashlib
import json

import pytest

from seqshift import raw, sidecar
from seqshift.errors import BadInput

WORLD = {
    "kind": "market",
    "seed": 3,
    "entities": ["AAA", "BBB"],
    "start": "2003-01-01",
    "train_years": 1,
    "val_years": 1,
    "test_years": 1,
    "shift": "none",
    "strength": 0.0,
    "trend": False,
    "crises": [],
}
TERMS = {"licence": "own work", "redistributable": True}
SIMULATED = {"kind": "yahoo", "origin": "simulate", "world": "small", **TERMS}
COPIED = {"kind": "yahoo", "origin": "mirror", "folder": "bars", **TERMS}
HEADER = "Date,Open,High,Low,Close,Adj Close,Volume\n"


@pytest.fixture
def packed(tmp_path):
    """Return a mirror with three packed files and their checksums."""
    folder = tmp_path / "mirror" / "bars"
    folder.mkdir(parents=True)
    rows = []
    for name in ("AAA", "BBB", "CCC"):
        content = gzip.compress(f"{HEADER}2003-01-02,1,2,1,2,2,5\n".encode(), mtime=0)
        (folder / f"{name}.csv.gz").write_bytes(content)
        sha = hashlib.sha256(content).hexdigest()
        rows.append([f"bars/{name}.csv.gz", sha, "who/what", "abc", f"{name}.csv", ""])
    with (tmp_path / "mirror" / "MANIFEST.csv").open("w", newline="") as file:
        header = ["file", "sha256", "repo", "commit", "path", "raw_sha256"]
        csv.writer(file).writerows([header, *rows])
    return tmp_path / "mirror"


def names(folder):
    """Return what a user sees of a folder, without the records of files."""
    seen = (path.name for path in folder.iterdir() if path.name[0] != ".")
    return sorted(name for name in seen if not name.endswith(sidecar.SUFFIX))


def contents(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


def test_a_simulated_source_is_listed_with_sizes_and_checksums(tmp_path):
    manifest = raw.obtain(SIMULATED, WORLD, None, tmp_path / "prices")
    stored = json.loads((tmp_path / "prices" / "manifest.json").read_text())
    assert stored == manifest
    assert {key: stored[key] for key in ("kind", "origin")} == {
        "kind": "yahoo",
        "origin": "simulate",
    }
    assert [entry["name"] for entry in stored["files"]] == ["AAA.csv", "BBB.csv"]
    for entry in stored["files"]:
        content = (tmp_path / "prices" / entry["name"]).read_bytes()
        assert entry["bytes"] == len(content)
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()


def test_the_same_world_gives_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        raw.obtain(SIMULATED, WORLD, None, tmp_path / name)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_simulated_files_may_be_passed_on_whatever_the_terms_of_the_source(tmp_path):
    spec = SIMULATED | {"licence": "secret", "redistributable": False}
    manifest = raw.obtain(spec, WORLD, None, tmp_path / "prices")
    record = sidecar.read(tmp_path / "prices" / "AAA.csv")
    for terms in (manifest, record):
        assert terms["redistributable"] is True
        assert "simulated" in terms["licence"]


def test_a_mirror_is_copied_within_the_wanted_files(packed, tmp_path):
    spec = COPIED | {"files": ["A*", "CCC.csv.gz"]}
    raw.obtain(spec, None, packed, tmp_path / "prices")
    expected = ["AAA.csv.gz", "CCC.csv.gz", "manifest.json", "pins.yaml"]
    assert names(tmp_path / "prices") == expected
    frame = raw.read({"kind": "yahoo"}, tmp_path / "prices" / "manifest.json")
    assert frame["entity"].tolist() == ["AAA", "CCC"]


def test_a_mirror_without_checksums_is_copied(packed, tmp_path):
    (packed / "MANIFEST.csv").unlink()
    assert len(raw.obtain(COPIED, None, packed, tmp_path / "prices")["files"]) == 3


def test_a_new_origin_replaces_the_files_of_the_old_one(packed, tmp_path):
    raw.obtain(COPIED, None, packed, tmp_path / "prices")
    raw.obtain(SIMULATED, WORLD, None, tmp_path / "prices")
    assert names(tmp_path / "prices") == ["AAA.csv", "BBB.csv", "manifest.json"]


def test_a_copy_that_differs_from_the_mirrors_list_is_refused(packed, tmp_path):
    raw.obtain(COPIED, None, packed, tmp_path / "prices")
    before = contents(tmp_path / "prices")
    (packed / "bars" / "BBB.csv.gz").write_bytes(b"other")
    with pytest.raises(BadInput, match="BBB.csv.gz does not have the sha256"):
        raw.obtain(COPIED, None, packed, tmp_path / "prices")
    after = contents(tmp_path / "prices")
    assert after == before, "a failed fetch changed the files of the last one"
    assert not (tmp_path / "prices" / ".staging").exists()
    assert names(tmp_path) == ["mirror", "prices"], "a temporary folder was left"


def test_an_absent_mirror_folder_is_explained(packed, tmp_path):
    spec = COPIED | {"folder": "elsewhere"}
    for place in (packed, None):
        with pytest.raises(BadInput, match="set `mirror`.*origin simulate"):
            raw.obtain(spec, None, place, tmp_path / "prices")


def test_a_pattern_without_file_is_refused(packed, tmp_path):
    with pytest.raises(BadInput, match=r"matches 'ZZZ\*'"):
        spec = COPIED | {"files": ["A*", "ZZZ*"]}
        raw.obtain(spec, None, packed, tmp_path / "prices")


def test_an_unknown_origin_lists_the_choices(tmp_path):
    with pytest.raises(BadInput, match="download, mirror, simulate"):
        raw.obtain(SIMULATED | {"origin": "guess"}, WORLD, None, tmp_path / "prices")


def test_simulating_without_a_world_is_refused(tmp_path):
    with pytest.raises(BadInput, match="needs a world"):
        raw.obtain(SIMULATED, None, None, tmp_path / "prices")


def test_each_file_has_a_record_of_where_it_comes_from(packed, tmp_path):
    raw.obtain(COPIED, None, packed, tmp_path / "prices")
    record = sidecar.read(tmp_path / "prices" / "AAA.csv.gz")
    content = (packed / "bars" / "AAA.csv.gz").read_bytes()
    assert record["sha256"] == hashlib.sha256(content).hexdigest()
    assert record["copied_from"]["repo"] == "who/what"
    assert record["revision"] == record["copied_from"]["commit"] == "abc"
    assert record["licence"] == "own work"
    assert record["status"] == "mirror"


def test_a_source_without_an_endpoint_cannot_be_downloaded(tmp_path):
    with pytest.raises(BadInput, match="yahoo has no official download.*simulate"):
        spec = {"kind": "yahoo", "origin": "download", **TERMS}
        raw.obtain(spec, None, None, tmp_path / "load")
    assert names(tmp_path / "load") == []


def link(folder):
    (folder / "BBB.csv").rename(folder.parent / "outside.csv")
    (folder / "BBB.csv").symlink_to(folder.parent / "outside.csv")


def climb(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][0]["name"] = "../prices/AAA.csv"
    (folder / "manifest.json").write_text(json.dumps(manifest))


def grow(folder):
    with (folder / "BBB.csv").open("a") as file:
        file.write("\n")


def swap_a_digit(folder):
    content = (folder / "BBB.csv").read_bytes()
    last = content.rstrip(b"\n")[-1:]
    other = b"1" if last != b"1" else b"2"
    (folder / "BBB.csv").write_bytes(content.rstrip(b"\n")[:-1] + other + b"\n")


def remove(folder):
    (folder / "BBB.csv").unlink()


def add(folder):
    (folder / "BBB2.csv").write_text(HEADER)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (grow, "BBB.csv has .* bytes"),
        (swap_a_digit, "BBB.csv does not have the sha256"),
        (remove, "BBB.csv is listed"),
        (add, "BBB2.csv is not listed"),
        (link, "BBB.csv is no plain file of its folder"),
        (climb, "AAA.csv is no plain file of its folder"),
    ],
)
def test_files_are_verified_before_they_are_read(tmp_path, damage, words):
    raw.obtain(SIMULATED, WORLD, None, tmp_path / "prices")
    damage(tmp_path / "prices")
    with pytest.raises(BadInput, match=f"{words}.*run again"):
        raw.read({"kind": "yahoo"}, tmp_path / "prices" / "manifest.json")


def test_a_missing_manifest_is_refused(tmp_path):
    with pytest.raises(BadInput, match="manifest.json is missing"):
        raw.check(tmp_path / "manifest.json")


def test_a_table_that_breaks_its_schema_names_the_file(tmp_path, monkeypatch):
    raw.obtain(SIMULATED, WORLD, None, tmp_path / "prices")
    monkeypatch.setattr("seqshift.sources.yahoo.TABLE", "INDEX_DAILY")
    with pytest.raises(BadInput, match="prices: .*not in DataFrameSchema"):
        raw.read({"kind": "yahoo"}, tmp_path / "prices" / "manifest.json")
