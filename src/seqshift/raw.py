"""Raw files of a source: obtained, listed with checksums, verified and read."""

import os
import shutil
from pathlib import Path

import filelock
import pandas as pd

from seqshift import origins, registry, revisions, sidecar, storage
from seqshift.errors import ANEW, BadInput
from seqshift.schemas.raw import TABLES

MANIFEST = "manifest.json"


def obtain(
    spec: dict,
    world_spec: dict | None,
    mirror: str | Path | None,
    folder: str | Path,
    console=None,
) -> dict:
    """Fill `folder` with the raw files of one source and return their manifest.

    `spec["origin"]` decides: simulate (official format, world of `world_spec`),
    mirror (copies of `<mirror>/<spec["folder"]>`) or download, whose progress is shown
    on `console`. Files are staged in `<folder>/.staging` and take their place, each
    with its sidecar, only when all of them are complete; `manifest.json` is written
    last. A download that was killed goes on with what is staged.

    Raises
    ------
    BadInput
        If the origin cannot give the files, or a file differs from its pin.
    """
    folder = Path(folder)
    staging = folder / ".staging"
    folder.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(folder / ".lock"):
        staging.mkdir(exist_ok=True)
        try:
            names = origins.stage(spec, world_spec, mirror, staging, console)
            revisions.check(spec, staging, folder, names)
            manifest = listing(spec, staging, names)
            _publish(staging, folder, names)
        finally:
            if spec["origin"] != "download":
                shutil.rmtree(staging, ignore_errors=True)
        shutil.rmtree(staging, ignore_errors=True)
        storage.write_json(manifest, folder / MANIFEST)
    return manifest


def _publish(staging: Path, folder: Path, names: list[str]) -> None:
    """Put complete files with their sidecars in the place of the old ones."""
    (folder / MANIFEST).unlink(missing_ok=True)  # old promises end here
    for old in sidecar.files(folder):
        old.unlink()
        sidecar.path_of(old).unlink(missing_ok=True)
    for name in names:
        os.replace(sidecar.path_of(staging / name), sidecar.path_of(folder / name))
        os.replace(staging / name, folder / name)


def check(manifest_path: str | Path) -> Path:
    """Verify every file of a manifest and return their folder.

    Raises
    ------
    BadInput
        Naming the first file that is missing, altered or not listed.
    """
    manifest_path = Path(manifest_path)
    if not manifest_path.is_file():
        raise BadInput(f"{manifest_path} is missing; run obtain for this source")
    folder = manifest_path.parent
    listed = {
        entry["name"]: entry for entry in storage.read_json(manifest_path)["files"]
    }
    for name, entry in sorted(listed.items()):
        path = folder / name
        if Path(name).name != name or path.is_symlink():
            raise BadInput(f"{path} is no plain file of its folder; {ANEW}")
        if not path.is_file():
            raise BadInput(
                f"{path} is listed in {MANIFEST} but missing; delete {MANIFEST} beside "
                "it and run again"
            )
        if path.stat().st_size != entry["bytes"]:
            raise BadInput(
                f"{path} has {path.stat().st_size} bytes, {MANIFEST} says "
                f"{entry['bytes']}: the file was cut or edited; {ANEW}"
            )
        if sidecar.sha256(path) != entry["sha256"]:
            raise BadInput(
                f"{path} does not have the sha256 that {MANIFEST} states: the file was "
                f"altered after it was fetched; {ANEW}"
            )
    for path in sidecar.files(folder):
        if path.name not in listed:
            raise BadInput(
                f"{path} is not listed in {MANIFEST}; delete it and run again"
            )
    return folder


def read(spec: dict, manifest_path: str | Path) -> pd.DataFrame:
    """Verify the raw files of a source and return them as its canonical table.

    Raises
    ------
    BadInput
        If a file is altered, cannot be read or breaks a rule of the table.
    """
    source = registry.load("sources", spec["kind"])
    folder = check(manifest_path)
    frame = source.read(folder, spec)
    return storage.validate(frame, TABLES[source.TABLE], folder)


def listing(spec: dict, folder: Path, names: list[str]) -> dict:
    """Return the terms of a source with name, bytes and sha256 of its files.

    No time of retrieval stands in it: the same bytes give the same manifest.
    """
    if not names:
        raise BadInput("the source gave no file; check its entry under sources")
    terms = spec | (origins.SIMULATED if spec["origin"] == "simulate" else {})
    keys = ("kind", "origin", "licence", "redistributable")
    listed = [
        {
            "name": name,
            "bytes": (folder / name).stat().st_size,
            "sha256": sidecar.sha256(folder / name),
        }
        for name in names
    ]
    return {key: terms[key] for key in keys} | {"files": listed}
