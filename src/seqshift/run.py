"""One run of the grid: data, hyper-parameters and seed joined for the torch work."""

import dataclasses
import hashlib
import json
from pathlib import Path

from seqshift import (
    checkpoints,
    dataset,
    grid,
    storage,
    together,
    training,
    trainset,
    tuning,
)
from seqshift.progress import Fit


@dataclasses.dataclass(frozen=True)
class Trained:
    """The fit of a run, its description, and the windows of one of its epochs."""

    fit: Fit
    meta: dict
    windows: int
    held: int  # validation windows


def train(inputs, params, names: list[str]) -> list[Trained]:
    """Train the runs whose checkpoints have these paths.

    Several paths are seeds of one model, trained together. `inputs` names train,
    features, splits and hparams; `params` holds the dicts spec, domain and training
    and the code digest. An interrupted training goes on from the resume state beside
    the first checkpoint if nothing it depends on has changed.

    Raises
    ------
    BadInput
        If an input is damaged or the loss diverges.
    """
    runs = [grid.keys(name) for name in names]
    data = dataset.load(inputs, params.domain)
    hparams = storage.read_json(inputs.hparams)
    spec, values = tuning.merge(params.spec, params.training, hparams)
    quantiles = params.domain["target"].get("quantiles")
    windows = (trainset.read(inputs.train), data.windows("val"))
    seeds = [run["seed"] for run in runs]
    settings = [spec, values, params.domain, params.code, runs]
    state = checkpoints.resume_path(names[0])
    rest = (quantiles, state, resume_key(inputs, settings))
    if len(seeds) == 1:
        fits = [training.fit(*windows, data.shape, spec, values, seeds[0], *rest)]
    else:
        fits = together.fit(*windows, data.shape, spec, values, seeds, *rest)
    shared = _describe(data, spec, values, hparams)
    sizes = [len(part) for part in windows]
    found = []
    for fit, run in zip(fits, runs, strict=True):
        meta = run | shared | {"epoch": fit.epoch, "val_loss": fit.val_loss}
        found.append(Trained(fit, meta, *sizes))
    return found


def _describe(data: dataset.Dataset, spec: dict, values: dict, hparams: dict) -> dict:
    """Return what the checkpoints of all seeds of a model say alike."""
    return {
        "kind": spec["kind"],
        "spec": {"entity_dropout": values["entity_dropout"], **spec},
        "shape": dataclasses.asdict(data.shape),
        "scaler": data.scaler,
        "entities": data.spec["entities"]["seen"],
        "quantiles": data.spec["target"].get("quantiles"),
        "hparams": hparams,
    }


def resume_key(inputs, values: list) -> str:
    """Return a digest of the settings and of the bytes of every input file."""
    state = hashlib.sha256(json.dumps(values, sort_keys=True).encode())
    for path in sorted({str(path) for path in inputs}):
        with Path(path).open("rb") as file:
            state.update(hashlib.file_digest(file, "sha256").digest())
    return state.hexdigest()
