"""Three ways to raw files: a simulated world, a mirror folder, an official endpoint."""

import csv
import fnmatch
import shutil
import zlib
from pathlib import Path

import numpy as np

from seqshift import registry, sidecar
from seqshift.errors import BadInput, choose
from seqshift.web import Client

SIMULATED = {"licence": "MIT (simulated by seqshift)", "redistributable": True}


def stage(
    spec: dict,
    world_spec: dict | None,
    mirror: str | Path | None,
    folder: Path,
    console=None,
) -> list[str]:
    """Bring the files of a source into `folder` the way `spec["origin"]` says.

    Raises
    ------
    BadInput
        If the origin is unknown or cannot give the files.
    """
    ways = {
        "simulate": lambda: simulate(spec, world_spec, folder),
        "mirror": lambda: copy(spec, mirror, folder),
        "download": lambda: download(spec, folder, console),
    }
    if spec["origin"] not in ways:
        raise choose("origin", spec["origin"], list(ways))
    return ways[spec["origin"]]()


def simulate(spec: dict, world_spec: dict | None, folder: Path) -> list[str]:
    """Write the files of a source from a simulated world; return their names.

    Raises
    ------
    BadInput
        If there is no world.
    """
    if world_spec is None:
        raise BadInput(f"source {spec['kind']} with origin simulate needs a world")
    _empty(folder)
    world = registry.load("simulate", world_spec["kind"]).make(world_spec)
    registry.load("sources", spec["kind"]).simulate(world, spec, folder)
    damaged = world_spec.get("defects") == "real"
    if damaged and spec["kind"] in registry.choices("defects"):  # some have none
        seed = [world_spec["seed"], zlib.crc32(spec["kind"].encode())]
        spoil = registry.load("defects", spec["kind"]).spoil
        print(f"defects: {spoil(folder, np.random.default_rng(seed))}")
    for path in sidecar.files(folder):
        sidecar.write(path, spec | SIMULATED, "simulated", retrieved_at=None)
    return [path.name for path in sidecar.files(folder)]


def download(spec: dict, folder: Path, console) -> list[str]:
    """Fetch the files of a source from its endpoint; return their names.

    Raises
    ------
    BadInput
        If there is no endpoint, or it does not give the files.
    """
    source = registry.load("sources", spec["kind"])
    if not hasattr(source, "download"):
        raise BadInput(
            f"source {spec['kind']} has no official download; set its origin to "
            "simulate, or to mirror with files that you may use"
        )
    with Client(spec, folder, folder.parent, console) as client:
        source.download(spec, client)
        return sorted(client.saved)


def _empty(folder: Path) -> None:
    """Remove what another origin has staged."""
    shutil.rmtree(folder)
    folder.mkdir()


def copy(spec: dict, mirror: str | Path | None, folder: Path) -> list[str]:
    """Copy the wanted files of a mirror folder, verified; return their names.

    Raises
    ------
    BadInput
        If the folder or a file is not there or is altered.
    """
    origin = Path(mirror or "", spec["folder"])
    if not mirror or not origin.is_dir():
        raise BadInput(
            f"mirror folder {origin} not found; set `mirror` to the folder that holds "
            f"{spec['folder']}, or choose origin simulate or download"
        )
    _empty(folder)
    names = [path.name for path in sidecar.files(origin)]
    patterns = spec.get("files") or ["*"]
    for pattern in patterns:
        if not fnmatch.filter(names, pattern):
            raise BadInput(f"no file in {origin} matches '{pattern}' of `files`")
    known = _known(Path(mirror) / "MANIFEST.csv", spec["folder"])
    wanted = [n for n in names if any(fnmatch.fnmatch(n, p) for p in patterns)]
    for name in wanted:
        shutil.copyfile(origin / name, folder / name)
        row = known.get(name, {})
        if known and row.get("sha256") != sidecar.sha256(folder / name):
            raise BadInput(
                f"{origin / name} does not have the sha256 that the mirror's "
                "MANIFEST.csv states; restore the file in the mirror"
            )
        place = {key: row.get(key) for key in ("repo", "commit", "path", "raw_sha256")}
        stamp = {"revision": row.get("commit"), "copied_from": place}
        sidecar.write(folder / name, spec, "mirror", **stamp)
    return wanted


def _known(path: Path, folder: str) -> dict[str, dict]:
    """Return name -> row of the list of a mirror, for one folder; empty without one."""
    if not path.is_file():
        return {}
    with path.open(newline="") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}
    start = folder.rstrip("/") + "/"
    return {k.removeprefix(start): v for k, v in rows.items() if k.startswith(start)}
