"""The record beside each raw file: where it is from, on what terms, with what hash."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from seqshift import storage

SUFFIX = ".manifest.json"
_NO_DATA = ("manifest.json", "pins.yaml")  # what else lies in a folder of raw files


def path_of(path: str | Path) -> Path:
    """Return the place of the record of a raw file."""
    return Path(f"{path}{SUFFIX}")


def files(folder: str | Path) -> list[Path]:
    """Return the data files of a folder, sorted by name."""
    paths = (path for path in Path(folder).iterdir() if path.is_file())
    plain = (path for path in paths if path.name[0] != ".")
    return sorted(path for path in plain if not path.name.endswith(_NO_DATA))


def sha256(path: str | Path) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(path: str | Path, spec: dict, status: str, **facts) -> None:
    """Write the record of a complete file; `facts` add to or replace the defaults."""
    path = Path(path)
    record = {
        "schema": 1,
        "source": spec["kind"],
        "item": path.name,
        "obtained": spec["origin"],
        "status": status,
        "licence": spec["licence"],
        "redistributable": spec["redistributable"],
        "bytes": path.stat().st_size,
        "sha256": sha256(path),
        "retrieved_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "url": None,
        "revision": None,
    }
    storage.write_json(record | facts, path_of(path))


def read(path: str | Path) -> dict | None:
    """Return the record of a raw file if both are there and the file is unaltered."""
    record = path_of(path)
    if not (Path(path).is_file() and record.is_file()):
        return None
    facts = storage.read_json(record)
    return facts if facts["sha256"] == sha256(path) else None


def validated(record: dict) -> bool:
    """Tell whether the server can say that a file is still the same."""
    return bool(record.get("etag") or record.get("last_modified"))


def age(record: dict) -> float:
    """Return the seconds since a file was retrieved."""
    taken = datetime.fromisoformat(record["retrieved_at"])
    return (datetime.now(UTC) - taken).total_seconds()


def amend(path: str | Path, **facts) -> None:
    """Change some facts of a record."""
    storage.write_json(storage.read_json(path_of(path)) | facts, path_of(path))
