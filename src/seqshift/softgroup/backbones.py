"""Chronos-2 weights by hub id, by local folder or from S3, as a SoftGroupPipeline.

Weights of the hub and of S3 are first brought into a local folder, so there is one
way to load them. No network is used where HF_HUB_OFFLINE is set.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import torch

from seqshift.errors import BadInput, choose
from seqshift.extras import library

CONFIG, WEIGHTS = "config.json", "model.safetensors"
FILES = [CONFIG, WEIGHTS]
ORIGINS = ["folder", "hub", "s3"]
REMEDY = "give a local folder with both files, or take a backbone that is trained here"


def load(spec: str | Path | Mapping):
    """Return a SoftGroupPipeline in float32 on the CPU, ready to forecast.

    `spec` is a folder with config.json and model.safetensors, or a mapping with
    `origin`: folder (`folder`), hub (`name`, a repository such as amazon/chronos-2,
    and `revision`) or s3 (`name`, an s3:// address).

    Raises
    ------
    BadInput
        If the weights cannot be reached, or are not those of a Chronos-2 model.
    """
    return _read(local_folder(spec))


def local_folder(spec: str | Path | Mapping) -> Path:
    """Return the folder of the weights, after bringing them here where need be."""
    if not isinstance(spec, Mapping):
        return Path(spec)
    if spec["origin"] == "folder":
        return Path(spec["folder"])
    if spec["origin"] == "hub":
        return _from_hub(spec["name"], spec.get("revision"))
    if spec["origin"] == "s3":
        return _from_s3(spec["name"])
    raise choose("origin of a backbone", spec["origin"], ORIGINS)


def _read(folder: Path):
    pipeline = library("seqshift.softgroup.pipeline", "softgroup", "a backbone")
    for name in FILES:
        if not (folder / name).is_file():
            what = "does not exist" if not folder.is_dir() else f"has no {name}"
            raise BadInput(f"backbone folder {folder} {what}; {REMEDY}")
    _check_config(folder / CONFIG)
    model_class = pipeline.CHRONOS.Chronos2Model
    try:
        model, found = model_class.from_pretrained(
            folder, dtype=torch.float32, output_loading_info=True
        )
    # Whatever a library of many layers raises on foreign or damaged files.
    except Exception as error:
        raise BadInput(
            f"backbone folder {folder} cannot be read ({_first_line(error)}); copy "
            f"{CONFIG} and {WEIGHTS} there anew"
        ) from error
    absent = sorted(found["missing_keys"])
    if absent:
        raise BadInput(
            f"{folder / WEIGHTS} lacks {len(absent)} tensors that {CONFIG} names "
            f"(first: {absent[0]}); copy both files from one model"
        )
    return pipeline.SoftGroupPipeline(model.eval())


def _check_config(path: Path):
    try:
        config = json.loads(path.read_text())
    except ValueError as error:
        raise BadInput(f"{path} is not valid JSON ({error}); copy it anew") from None
    built = config.get("architectures") if isinstance(config, dict) else None
    if "Chronos2Model" not in (built or []):
        raise BadInput(
            f"{path} does not describe a Chronos-2 model (architectures: {built}); "
            "give the folder of one"
        )


def _from_hub(name: str, revision: str | None) -> Path:
    hub = library("huggingface_hub", "softgroup", f"backbone {name} of the hub")
    offline = _offline()
    try:
        folder = hub.snapshot_download(
            name, revision=revision, allow_patterns=FILES, local_files_only=offline
        )
    except Exception as error:
        way = (
            "HF_HUB_OFFLINE is set and no copy is in the cache"
            if offline
            else f"the hub gave no copy: {_first_line(error)}"
        )
        at = f" at revision {revision}" if revision else ""
        raise BadInput(
            f"backbone {name}{at} cannot be reached ({way}); {REMEDY}"
        ) from error
    return Path(folder)


def _from_s3(name: str) -> Path:
    boto = library("chronos.boto_utils", "softgroup", f"backbone {name}")
    if _offline():
        raise BadInput(f"backbone {name} is on S3 and HF_HUB_OFFLINE is set; {REMEDY}")
    try:
        return Path(boto.cache_model_from_s3(name))
    except Exception as error:
        raise BadInput(
            f"backbone {name} cannot be reached ({_first_line(error)}); {REMEDY}"
        ) from error


def _offline() -> bool:
    # huggingface_hub reads this once, when it is imported.
    return os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "TRUE", "YES")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
