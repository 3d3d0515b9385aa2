"""The last look at a finished bundle: nothing unlisted, unlicensed or secret in it.

It trusts no step before it: which sources a table is made of is read again from the
recipe in the bundle, and what may be passed on from the raw manifests there.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import yaml

from seqshift import sidecar, storage
from seqshift.bundle import gate, spec
from seqshift.errors import BadInput

_SECRET = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD)$")
_KEY = re.compile(
    rb"[?&;\s\"'](api[_-]?key|access[_-]?token|token|signature|x-amz-[a-z-]+)"
    rb"=[^&\s\"'<>]{4,}",
    re.IGNORECASE,
)
_SHORTEST = 8  # a shorter value occurs in any text


def check(folder: Path, environ: Mapping[str, str]) -> None:
    """Refuse a bundle that must not leave the house.

    `environ` holds the variables whose values, if they are keys, may stand nowhere.

    Raises
    ------
    BadInput
        Naming the first file that is not as dataset.yaml says, is made of a source
        that may not be passed on, or holds a key.
    """
    description = spec.read(folder)
    _check_list(folder, description)
    _check_licences(folder, description)
    _check_keys(folder, environ)


def _check_list(folder: Path, description: dict) -> None:
    listed = {entry["path"]: entry for entry in description["files"]}
    found = set(spec.contents(folder)) - {spec.FILE}
    for path in sorted(found ^ set(listed)):
        what = "is not listed in" if path in found else "is missing, but stands in"
        raise _refuse(path, f"{what} {spec.FILE}")
    for path, entry in listed.items():
        place = folder / path
        if place.is_symlink() or sidecar.sha256(place) != entry["sha256"]:
            raise _refuse(path, f"is not the file that {spec.FILE} lists")


def _check_licences(folder: Path, description: dict) -> None:
    config = yaml.safe_load((folder / "recipes/config.yaml").read_text())
    places = sorted((folder / "hashes").glob("*.json"))
    manifests = {path.stem: storage.read_json(path) for path in places}
    barred = gate.closed(list(manifests), manifests)
    raw = {
        entry["sha256"]: name for name in barred for entry in manifests[name]["files"]
    }
    for entry in description["files"]:
        path = entry["path"]
        if entry["sha256"] in raw:
            raise _refuse(path, f"is a raw file of {raw[entry['sha256']]}")
        if entry["role"] != "table" and not path.startswith("results/"):
            continue
        if path.endswith(".dvc"):
            continue
        if not gate.is_table(path, config):
            raise _refuse(path, "is no table of a source or a domain")
        for name in gate.sources_of(path, config):
            if name not in manifests or name in barred:
                raise _refuse(path, f"is made of {name}, which may not be passed on")
    _check_splits(folder, config, barred)


def _check_splits(folder: Path, config: dict, barred: dict) -> None:
    for name, domain in config["domains"].items():
        rules = storage.read_json(folder / f"splits/{name}.json")["thresholds"]
        values = any("values" in rule for rule in rules.values())
        if values and set(gate.domain_sources(domain)) & set(barred):
            raise _refuse(
                f"splits/{name}.json",
                "holds values of a source that may not be passed on",
            )


def _check_keys(folder: Path, environ: Mapping[str, str]) -> None:
    secrets = {
        name: {value.encode(), quote(value, safe="").encode()}
        for name, value in environ.items()
        if _SECRET.search(name) and len(value) >= _SHORTEST
    }
    for path in spec.contents(folder):
        content = (folder / path).read_bytes()
        for name, spellings in secrets.items():
            if any(spelling in content for spelling in spellings):
                raise _refuse(path, f"holds the value of {name}")
        if found := _KEY.search(content):
            raise _refuse(path, f"holds an address with {found[1].decode()}")


def _refuse(path: str, what: str) -> BadInput:
    return BadInput(
        f"the bundle is not released: {path} {what}; find out how it got in"
    )
