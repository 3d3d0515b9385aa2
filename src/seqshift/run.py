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
    training,
    trainset,
    tuning,
    windows,
)


def train(inputs, params, checkpoint: str) -> tuple[training.Fit, dict]:
    """Train the run whose path is `checkpoint`; return the fit and its description.

    `inputs` names train, features, splits and hparams; `params` holds the dicts spec,
    domain and training and the code digest. An interrupted run goes on from the
    resume state beside the checkpoint if nothing it depends on has changed.

    Raises
    ------
    BadInput
        If an input is damaged or the loss diverges.
    """
    keys = grid.keys(checkpoint)
    train, data = _read(inputs, params.domain)
    hparams = storage.read_json(inputs.hparams)
    spec, values = tuning.merge(params.spec, params.training, hparams)
    quantiles = params.domain["target"].get("quantiles")
    fit = training.fit(
        train,
        data.windows("val"),
        data.shape,
        spec,
        values,
        keys["seed"],
        quantiles,
        checkpoints.resume_path(checkpoint),
        resume_key(inputs, [spec, values, params.domain, params.code, keys]),
    )
    meta = keys | {
        "kind": spec["kind"],
        "spec": {"entity_dropout": values["entity_dropout"], **spec},
        "shape": dataclasses.asdict(data.shape),
        "scaler": data.scaler,
        "entities": data.spec["entities"]["seen"],
        "quantiles": quantiles,
        "epoch": fit.epoch,
        "val_loss": fit.val_loss,
        "hparams": hparams,
    }
    return fit, meta


def _read(inputs, domain: dict) -> tuple[windows.Windows, dataset.Dataset]:
    """Return the training set, and the data as a model trained on it knows them."""
    train = trainset.read(inputs.train)
    return train, dataset.load(inputs, trainset.known(domain, train))


def tune(inputs, params, hparams: str) -> dict:
    """Choose the hyper-parameters whose path is `hparams`; a killed sweep goes on.

    The journal of the sweep lies beside the file until the sweep is over.
    """
    data = dataset.load(inputs, params.domain)
    journal = Path(hparams).with_name("trials.log")
    settings = [params.spec, params.training, params.tuning, params.domain, params.code]
    found = tuning.tune(
        trainset.read(inputs.train),
        data.windows("val"),
        data.shape,
        params.spec,
        params.training,
        params.tuning,
        params.domain["target"].get("quantiles"),
        journal,
        resume_key(inputs, settings),
    )
    journal.unlink(missing_ok=True)
    return found


def resume_key(inputs, values: list) -> str:
    """Return a digest of the settings and of the bytes of every input file."""
    state = hashlib.sha256(json.dumps(values, sort_keys=True).encode())
    for path in sorted({str(path) for path in inputs}):
        with Path(path).open("rb") as file:
            state.update(hashlib.file_digest(file, "sha256").digest())
    return state.hexdigest()
