"""Weights that were trained elsewhere, taken into the results as they are."""

import shutil
from pathlib import Path

from seqshift import sidecar, storage
from seqshift.softgroup import backbones


def take(spec: dict, folder: str | Path) -> dict:
    """Copy config.json and model.safetensors into a folder; return what they are.

    `spec` is that of backbones.load. The answer holds it, the number of parameters and
    the sha256 of both files, so that a run tells whose weights it had.

    Raises
    ------
    BadInput
        If the weights cannot be reached or are not those of a Chronos-2 model.
    """
    source = backbones.local_folder(spec)
    model = backbones.load(source).model
    for name in backbones.FILES:
        with storage.atomic(Path(folder) / name) as temporary:
            shutil.copyfile(source / name, temporary)
    count = sum(weight.numel() for weight in model.parameters())
    return {"taken": spec, "parameters": count} | digests(folder)


def digests(folder: str | Path) -> dict[str, str]:
    """Return the sha256 of both files of a backbone."""
    return {name: sidecar.sha256(Path(folder) / name) for name in backbones.FILES}
