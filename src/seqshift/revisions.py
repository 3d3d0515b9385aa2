"""Sources revise history: what is pinned, and what has changed against the pin."""

from pathlib import Path

import pandas as pd
import yaml

from seqshift import registry, sidecar, storage
from seqshift.errors import BadInput
from seqshift.schemas.raw import TABLES

PINS = "pins.yaml"


def check(spec: dict, staging: Path, folder: Path, names: list[str]) -> None:
    """Compare the staged files of a source with `spec["pins"]`, name -> sha256.

    Simulated files are nobody's revision and are not compared. Records of pinned files
    get the status "pinned". Under the policy "record" a file that differs is accepted
    as "changed upstream" and `pins.yaml` in the folder, ready to be used as a
    configuration file, states the new hashes.

    Raises
    ------
    BadInput
        Under the policy "strict", naming the first file that differs, both hashes and,
        where the pinned files are here, the rows that differ.
    """
    pins = spec.get("pins", {}) if spec["origin"] != "simulate" else {}
    hashes = {name: sidecar.sha256(staging / name) for name in names}
    for name in [name for name in names if name in pins]:
        same = hashes[name] == pins[name]
        status = "pinned" if same else "changed upstream"
        sidecar.amend(staging / name, status=status)
        if not same and spec.get("pin_policy", "strict") == "strict":
            words = _difference(spec, staging, folder, names)
            (staging / name).unlink()  # the next run asks for it again
            raise BadInput(
                f"{name} has the sha256 {hashes[name]}, pinned is {pins[name]}: the "
                f"source was revised{words}; pin the new hash under `pins` of this "
                "source, or set the policy to record"
            )
    if spec["origin"] == "simulate":
        (folder / PINS).unlink(missing_ok=True)
    else:
        overlay = {"sources": {folder.name: {"pins": hashes}}}
        storage.write_text(yaml.safe_dump(overlay), folder / PINS)


def compare(old: pd.DataFrame, new: pd.DataFrame, keys: list[str]) -> dict[str, int]:
    """Return the numbers of rows added, removed and changed between two tables."""
    before, after = (frame.set_index(keys).sort_index() for frame in (old, new))
    both = before.index.intersection(after.index)
    left, right = before.loc[both], after.loc[both]
    equal = (left == right) | (left.isna() & right.isna())
    return {
        "added": len(after.index.difference(before.index)),
        "removed": len(before.index.difference(after.index)),
        "changed": int((~equal.all(axis=1)).sum()),
    }


def _difference(spec: dict, staging: Path, folder: Path, names: list[str]) -> str:
    """Return in words the rows that differ from the pinned files, if these are here."""
    source = registry.load("sources", spec["kind"])
    keys = TABLES[source.TABLE].metadata["keys"]
    pins = spec["pins"]
    if not all((folder / name).is_file() for name in names) or any(
        sidecar.sha256(folder / name) != pins[name] for name in names if name in pins
    ):
        return ""
    try:
        counts = compare(source.read(folder, spec), source.read(staging, spec), keys)
    except BadInput as error:
        return f" and cannot be read ({error})"
    return "".join(f", {count} rows {what}" for what, count in counts.items())
