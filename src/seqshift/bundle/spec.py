"""dataset.yaml: what is in a bundle, where it is from, and what was left out."""

import hashlib
import json
from pathlib import Path

import yaml

from seqshift import sidecar, storage
from seqshift.bundle import columns, gate

FILE = "dataset.yaml"
ERAS = ("train", "val", "test")
_TOLD = ("revision", "retrieved_at", "url", "copied_from")


def describe(about: dict, config: dict, manifests: dict[str, dict]) -> dict:
    """Return the description of a bundle whose files are yet to be listed.

    `about` holds name, title, version, commit, date and authors.
    """
    text = json.dumps(config, sort_keys=True)
    return about | {
        "configuration": config["name"],
        "config_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "domains": {
            name: _domain(name, spec, config["sources"])
            for name, spec in config["domains"].items()
        },
        "sources": {name: _source(name, config, manifests[name]) for name in manifests},
        "files": [],
        "left_out": [],
    }


def _domain(name: str, spec: dict, sources: dict) -> dict:
    """Return what a forecasting task is about."""
    used = gate.domain_sources(spec)
    known = columns.features(spec)
    return {
        "sources": used,
        "simulated": [s for s in used if sources[s]["origin"] == "simulate"],
        "entities": {group: spec["entities"][group] for group in ("seen", "unseen")},
        "span": [spec["start"], spec["end"]],
        "eras": {era: spec["splits"][era] for era in ERAS},
        "slices": spec["splits"]["slices"],
        "splits": f"splits/{name}.json",
        "features": [columns.explain(name, known) for name in spec["features"]],
        "target": spec["target"]
        | {"unit": spec["unit"], "columns": list(columns.targets(spec))},
    }


def _source(name: str, config: dict, manifest: dict) -> dict:
    own = config["sources"][name]
    known = config["catalogue"][own["kind"]] | own
    found = {
        "kind": manifest["kind"],
        "title": known["title"],
        "origin": manifest["origin"],
        "licence": manifest.get("licence"),
        "redistributable": manifest.get("redistributable") is True,
        "raw_files": len(manifest["files"]),
        "raw_bytes": sum(entry["bytes"] for entry in manifest["files"]),
        "hashes": f"hashes/{name}.json",
    }
    if manifest["origin"] == "simulate":
        return found | {"world": known["world"]}
    return found | {key: known[key] for key in ("coverage", "url") if key in known}


def hashes(path: Path) -> dict:
    """Return a raw manifest with what the records beside the files add to it."""
    manifest = storage.read_json(path)
    files = []
    for entry in manifest["files"]:
        place = sidecar.path_of(path.parent / entry["name"])
        record = storage.read_json(place) if place.is_file() else {}
        files.append(entry | {key: record[key] for key in _TOLD if record.get(key)})
    return manifest | {"files": files}


def list_table(spec: dict, folder: Path, path: str, config: dict) -> None:
    """Add a table to the files of a description."""
    parts = Path(path).parts
    domain = None if parts[1] == "raw" else config["domains"][parts[1]]
    rows, found = columns.describe(folder / path, domain)
    sources = gate.sources_of(path, config)
    entry = {"role": "table", "rows": rows, "sources": sources, "columns": found}
    spec["files"].append(_file(folder, path) | entry)


def list_others(spec: dict, folder: Path) -> None:
    """Add every file that is not listed yet, apart from dataset.yaml itself."""
    known = {entry["path"] for entry in spec["files"]} | {FILE}
    for path in contents(folder):
        if path not in known:
            role = {"recipes": "recipe", "hashes": "hash", "splits": "split"}
            kind = role.get(Path(path).parts[0], "metadata")
            spec["files"].append(_file(folder, path) | {"role": kind})


def contents(folder: Path) -> list[str]:
    """Return the paths of all files below a folder, sorted."""
    paths = (path for path in folder.rglob("*") if not path.is_dir())
    return sorted(path.relative_to(folder).as_posix() for path in paths)


def _file(folder: Path, path: str) -> dict:
    place = folder / path
    size = place.stat().st_size
    return {"path": path, "bytes": size, "sha256": sidecar.sha256(place)}


def write(spec: dict, folder: Path) -> None:
    """Write dataset.yaml."""
    text = yaml.safe_dump(spec, sort_keys=False, allow_unicode=True, width=88)
    storage.write_text(text, folder / FILE)


def read(folder: Path) -> dict:
    """Read dataset.yaml."""
    return yaml.safe_load((folder / FILE).read_text(encoding="utf-8"))


def tables(spec: dict) -> list[dict]:
    """Return the entries of the tables of a description."""
    return [entry for entry in spec["files"] if entry["role"] == "table"]


def absent(path: str, why: str) -> dict:
    """Return the entry of a table that is left out; its hash tells a rebuilt one."""
    return {"path": path, "why": why, "sha256": sidecar.sha256(path)}
