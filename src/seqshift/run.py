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
    windows,
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
    train, data = _read(inputs, params.domain)
    val = data.windows("val")
    hparams = storage.read_json(inputs.hparams)
    spec, values = tuning.merge(params.spec, params.training, hparams)
    quantiles = params.domain["target"].get("quantiles")
    seeds = [run["seed"] for run in runs]
    settings = [spec, values, params.domain, params.code, runs]
    state = checkpoints.resume_path(names[0])
    rest = (quantiles, state, resume_key(inputs, settings))
    if len(seeds) == 1:
        fits = [training.fit(train, val, data.shape, spec, values, seeds[0], *rest)]
    else:
        fits = together.fit(train, val, data.shape, spec, values, seeds, *rest)
    shared = _describe(data, spec, values, hparams)
    found = []
    for fit, run in zip(fits, runs, strict=True):
        meta = run | shared | {"epoch": fit.epoch, "val_loss": fit.val_loss}
        found.append(Trained(fit, meta, len(train), len(val)))
    return found


def _read(inputs, domain: dict) -> tuple[windows.Windows, dataset.Dataset]:
    """Return the training set, and the data as a model trained on it knows them."""
    train = trainset.read(inputs.train)
    return train, dataset.load(inputs, trainset.known(domain, train))


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
