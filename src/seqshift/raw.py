"""Raw files of a source: obtained, listed with checksums, verified and read."""

import csv
import fnmatch
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import pandas as pd

from seqshift import registry, storage
from seqshift.errors import BadInput, choose
from seqshift.schemas.raw import TABLES

MANIFEST = "manifest.json"
_FETCH = "re-run fetch for this source"


def obtain(
    spec: dict, world_spec: dict | None, mirror: str | Path | None, folder: str | Path
) -> dict:
    """Fill `folder` with the raw files of one source and return their manifest.

    `spec["origin"]` decides: simulate (official format, world of `world_spec`),
    mirror (copies of `<mirror>/<spec["folder"]>`) or download. Files take their place
    only when all of them are complete; `manifest.json` is written last.

    Raises
    ------
    BadInput
        If the origin cannot give the files.
    """
    ways = {
        "simulate": lambda into: _simulate(spec, world_spec, into),
        "mirror": lambda into: _copy(spec, mirror, into),
        "download": lambda into: _source(spec).download(spec, into),
    }
    if spec["origin"] not in ways:
        raise choose("origin", spec["origin"], list(ways))
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix=f".{folder.name}.", dir=folder.parent
    ) as name:
        temporary = Path(name)
        ways[spec["origin"]](temporary)
        terms = {key: spec[key] for key in ("origin", "licence", "redistributable")}
        manifest = {"kind": spec["kind"], **terms, "files": _list(temporary)}
        (folder / MANIFEST).unlink(missing_ok=True)  # old promises end here
        for old in _files(folder):
            old.unlink()
        for new in _files(temporary):
            os.replace(new, folder / new.name)
    storage.write_json(manifest, folder / MANIFEST)
    return manifest


def check(manifest_path: str | Path) -> Path:
    """Verify every file of a manifest and return their folder.

    Raises
    ------
    BadInput
        Naming the first file that is missing, altered or not listed.
    """
    manifest_path = Path(manifest_path)
    if not manifest_path.is_file():
        raise BadInput(f"{manifest_path} is missing; {_FETCH}")
    folder = manifest_path.parent
    listed = {
        entry["name"]: entry for entry in storage.read_json(manifest_path)["files"]
    }
    for name, entry in sorted(listed.items()):
        path = folder / name
        if not path.is_file():
            raise BadInput(f"{path} is listed in {MANIFEST} but missing; {_FETCH}")
        if path.stat().st_size != entry["bytes"]:
            raise BadInput(
                f"{path} has {path.stat().st_size} bytes, {MANIFEST} says "
                f"{entry['bytes']}: the file was cut or edited; {_FETCH}"
            )
        if _sha256(path) != entry["sha256"]:
            raise BadInput(
                f"{path} does not have the sha256 that {MANIFEST} states: the file was "
                f"altered after it was fetched; {_FETCH}"
            )
    for path in _files(folder):
        if path.name not in listed:
            raise BadInput(f"{path} is not listed in {MANIFEST}; delete it or {_FETCH}")
    return folder


def read(kind: str, manifest_path: str | Path) -> pd.DataFrame:
    """Verify the raw files of a source and return them as its canonical table.

    Raises
    ------
    BadInput
        If a file is altered, cannot be read or breaks a rule of the table.
    """
    source = registry.load("sources", kind)
    folder = check(manifest_path)
    return storage.validate(source.read(folder), TABLES[source.TABLE], folder)


def _source(spec: dict):
    return registry.load("sources", spec["kind"])


def _simulate(spec: dict, world_spec: dict | None, folder: Path) -> None:
    if world_spec is None:
        raise BadInput(f"source {spec['kind']} with origin simulate needs a world")
    world = registry.load("simulate", world_spec["kind"]).make(world_spec)
    _source(spec).simulate(world, spec, folder)


def _copy(spec: dict, mirror: str | Path | None, folder: Path) -> None:
    """Copy the wanted files of a mirror folder and verify them."""
    origin = Path(mirror or "", spec["folder"])
    if not mirror or not origin.is_dir():
        raise BadInput(
            f"mirror folder {origin} not found; set `mirror` to the folder that holds "
            f"{spec['folder']}, or choose origin simulate or download"
        )
    names = [path.name for path in _files(origin)]
    patterns = spec.get("files") or ["*"]
    for pattern in patterns:
        if not fnmatch.filter(names, pattern):
            raise BadInput(f"no file in {origin} matches '{pattern}' of `files`")
    known = _known(Path(mirror) / "MANIFEST.csv", spec["folder"])
    for name in names:
        if any(fnmatch.fnmatch(name, pattern) for pattern in patterns):
            shutil.copyfile(origin / name, folder / name)
            if known is not None and known.get(name) != _sha256(folder / name):
                raise BadInput(
                    f"{origin / name} does not have the sha256 that the mirror's "
                    "MANIFEST.csv states; restore the file in the mirror"
                )


def _known(path: Path, folder: str) -> dict[str, str] | None:
    """Return name -> sha256 of a mirror folder, None without a list."""
    if not path.is_file():
        return None
    with path.open(newline="") as file:
        rows = {row["file"]: row["sha256"] for row in csv.DictReader(file)}
    start = folder.rstrip("/") + "/"
    return {name.removeprefix(start): sha for name, sha in rows.items()}


def _files(folder: Path) -> list[Path]:
    """Return the data files of a folder, sorted by name."""
    paths = (path for path in folder.iterdir() if path.is_file())
    return sorted(p for p in paths if p.name != MANIFEST and p.name[0] != ".")


def _list(folder: Path) -> list[dict]:
    """Return name, bytes and sha256 of every file; a source has at least one."""
    paths = _files(folder)
    if not paths:
        raise BadInput("the source gave no file; check its entry under sources")
    return [
        {"name": path.name, "bytes": path.stat().st_size, "sha256": _sha256(path)}
        for path in paths
    ]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
