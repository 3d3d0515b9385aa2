"""Final weights of a run, and the state an interrupted training goes on from.

`checkpoint.safetensors` holds the weights and one JSON text: domain, modality, model,
kind, spec, seed, shape, scaler, entities (seen names in id order), quantiles (list or
None for a point forecast), epoch, val_loss (z-units) and hparams.
"""

import json
import os
import pickle
import zipfile
import zlib
from pathlib import Path
from types import SimpleNamespace

import safetensors
import safetensors.torch
import torch
from torch import Tensor, nn

from seqshift import registry, storage
from seqshift.errors import BadInput

META = (
    "domain modality model kind spec seed shape scaler entities quantiles epoch "
    "val_loss hparams"
).split()
DAMAGE = (
    *(OSError, RuntimeError, EOFError, KeyError, ValueError, TypeError),
    *(pickle.PickleError, zipfile.BadZipFile, zlib.error),
)


def write(path: str | Path, state: dict[str, Tensor], meta: dict):
    """Write weights and their description; same content, same bytes."""
    tensors = {
        name: tensor.detach().to("cpu", copy=True).contiguous()
        for name, tensor in state.items()
    }
    # One entry only: safetensors does not keep the order of several.
    text = json.dumps(meta, sort_keys=True, allow_nan=False)
    with storage.atomic(path) as temporary:
        temporary.write_bytes(safetensors.torch.save(tensors, {"meta": text}))


def read(path: str | Path) -> tuple[dict[str, Tensor], dict]:
    """Return weights and description of a checkpoint.

    Raises
    ------
    BadInput
        If the file is missing, damaged or was not written by `write`.
    """
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            meta = json.loads((file.metadata() or {})["meta"])
            state = {name: file.get_tensor(name) for name in file.keys()}
    except (safetensors.SafetensorError, OSError, KeyError, ValueError) as error:
        raise BadInput(
            f"{path} cannot be read as a checkpoint ({error}); delete it, train again"
        ) from None
    missing = [name for name in META if name not in meta]
    if missing:
        raise BadInput(
            f"{path} lacks {', '.join(missing)} in its description; delete it and "
            "train again"
        )
    return state, meta


def restore(path: str | Path) -> tuple[nn.Module, dict]:
    """Return the model of a checkpoint on the CPU in evaluation mode, and its meta.

    Raises
    ------
    BadInput
        If the file is unreadable, its kind unknown or its weights do not fit.
    """
    state, meta = read(path)
    model = build(meta)
    try:
        model.load_state_dict(state)
    except RuntimeError as error:
        detail = " ".join(str(error).split())[:300]
        raise BadInput(
            f"{path}: the weights do not fit a model of kind '{meta['kind']}' "
            f"({detail}); train again after a change of the architecture"
        ) from None
    return model.eval(), meta


def build(meta: dict) -> nn.Module:
    """Return a model as a checkpoint describes it, with fresh weights.

    Raises
    ------
    BadInput
        If its kind is unknown.
    """
    module = registry.load("models", meta["kind"])
    # Entity dropout acts while training only; a spec need not repeat it.
    spec = {"entity_dropout": 0.0, **meta["spec"]}
    return module.Model(SimpleNamespace(**meta["shape"]), spec)


def resume_path(checkpoint: str | Path) -> Path:
    """Return where the resume state of a checkpoint lies: beside it."""
    return Path(checkpoint).with_name("resume.pt")


def save_resume(path: str | Path, state: dict):
    """Replace the resume state and keep the one before it beside it.

    After a power cut, or where the newest state turns out to be damaged, one of the
    two is whole.
    """
    with storage.atomic(path) as temporary:
        with temporary.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        if Path(path).exists():
            os.replace(path, _previous(path))


def load_resume(path: str | Path, key: str) -> dict | None:
    """Return the newest whole resume state of this key, or None if there is none."""
    found = [one for one in (Path(path), _previous(path)) if one.exists()]
    for one in found:
        state = _read_resume(one, key)
        if state is not None:
            return state
    if found:
        print(f"{path}: training starts afresh")
    return None


def _read_resume(path: Path, key: str) -> dict | None:
    try:
        with zipfile.ZipFile(path) as archive:  # torch does not check its own checksums
            if broken := archive.testzip():
                raise ValueError(f"checksum of {broken}")
        state = torch.load(path, map_location="cpu", weights_only=True)
        found = state["key"]
    except DAMAGE as error:
        print(f"{path} is damaged ({type(error).__name__}: {error}) and not used")
        return None
    if found != key:
        print(f"{path} is of other parameters or inputs and not used")
        return None
    return state


def drop_resume(path: str | Path):
    """Delete the resume states, once the outputs of their job are written."""
    for one in (Path(path), _previous(path), *storage.leftovers(path)):
        one.unlink(missing_ok=True)


def _previous(path: str | Path) -> Path:
    return Path(path).with_name("resume.previous.pt")
