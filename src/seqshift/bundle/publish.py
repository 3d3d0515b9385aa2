"""A bundle from the files of a study: gate, copies, descriptions, check, zip."""

import os
import shutil
import tempfile
from pathlib import Path

import pandas as pd
import yaml

from seqshift import storage
from seqshift.bundle import (
    archive,
    croissant,
    datasheet,
    gate,
    project,
    recipes,
    release,
    spec,
)


def write(
    inputs, config: dict, counts: pd.DataFrame, version: dict, target: Path
) -> None:
    """Write the folder `target` and the zip beside it.

    `inputs` names, relative to the working folder, the lists manifests, tables,
    features, quality, coverage, splits and universes and the file citation; `config`
    is the canonical configuration of what is used; `counts` are the lines of
    quality.summary; `version` holds commit and date.

    Raises
    ------
    BadInput
        If an extra is missing or the bundle may not be released.
    """
    croissant.library()
    project.command()
    manifests = {
        Path(path).parent.name: spec.hashes(Path(path)) for path in inputs.manifests
    }
    about = _about(inputs.citation, config["name"]) | version
    description = spec.describe(about, config, manifests)
    with tempfile.TemporaryDirectory(prefix=".bundle.", dir=target.parent) as scratch:
        folder = Path(scratch) / target.name
        _copy_tables(inputs, config, manifests, description, folder)
        _write_facts(inputs, config, manifests, folder)
        datasheet.write(description, counts, folder)
        croissant.write(description, folder)
        project.write(description, folder)
        spec.list_others(description, folder)
        spec.write(description, folder)
        release.check(folder, os.environ)
        archive.pack(folder, target.with_suffix(".zip"), about["name"])
        shutil.rmtree(target, ignore_errors=True)
        folder.replace(target)


def _copy_tables(
    inputs, config: dict, manifests: dict, description: dict, folder: Path
) -> None:
    """Copy and list the tables that may be published, and name the others."""
    paths = [*inputs.tables, *inputs.features, *inputs.quality, *inputs.coverage]
    kept, left_out = gate.sieve(paths, config, manifests)
    description["left_out"] = [spec.absent(path, why) for path, why in left_out.items()]
    for path in kept:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / path)
        spec.list_table(description, folder, path, config)


def _write_facts(inputs, config: dict, manifests: dict, folder: Path) -> None:
    """Write what may always be published: hashes, splits and recipes."""
    for name, manifest in manifests.items():
        storage.write_json(manifest, folder / f"hashes/{name}.json")
    for path in inputs.splits:
        name = Path(path).parent.name
        barred = gate.closed(gate.domain_sources(config["domains"][name]), manifests)
        published = recipes.splits(storage.read_json(path), barred)
        storage.write_json(published, folder / f"splits/{name}.json")
    recipes.write(folder, config, inputs.universes)


def _about(citation: str, configuration: str) -> dict:
    """Return name, title, authors, version and how to cite."""
    known = yaml.safe_load(Path(citation).read_text(encoding="utf-8"))
    authors = [author["name"] for author in known["authors"]]
    version = str(known["version"])
    return {
        "name": f"seqshift-{configuration}",
        "title": f"Data of {known['title']} (configuration {configuration})",
        "version": version,
        "authors": authors,
        "citation": f"{', '.join(authors)}: {known['title']}, version {version}",
    }
