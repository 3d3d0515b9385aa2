"""The studies of one model: data, settings and journal joined."""

import pandas as pd

from seqshift import dataset, journal, run, storage, trainset, tuning


def tune(inputs, params, output: str) -> tuple[dict, pd.DataFrame]:
    """Choose hyper-parameters for the rule that writes `output`; return its trials.

    `inputs` names train, features and splits; `params` holds the dicts spec, domain,
    training and tuning and the code digest. A killed study goes on from the journal
    beside the output if nothing it depends on has changed. Without trials nothing is
    read and the configured values are kept.
    """
    if params.tuning["trials"] == 0:
        print("no trial is asked for: the configured values are kept")
        return tuning.configured(params.spec, params.training)
    settings = [params.spec, params.training, params.tuning, params.domain, params.code]
    task = _task(inputs, params.domain, params.spec, params.training)
    where = journal.path_beside(output), run.resume_key(inputs, settings)
    return tuning.tune(task, params.tuning, *where)


def tune_width(inputs, params, output: str) -> pd.DataFrame:
    """Compare the widths of `params.widths`; see `tune` for the rest.

    `inputs` also names hparams: the values tuned at the configured width.
    """
    hparams = storage.read_json(inputs.hparams)
    values = tuning.merge(params.spec, params.training, hparams)
    settings = [*values, params.widths, params.tuning, params.domain, params.code]
    task = _task(inputs, params.domain, *values)
    where = journal.path_beside(output), run.resume_key(inputs, settings)
    return tuning.tune_width(task, params.widths, params.tuning, *where)


def _task(inputs, domain: dict, spec: dict, training: dict) -> tuning.Task:
    data = dataset.load(inputs, domain)
    quantiles = domain["target"].get("quantiles")
    train, val = trainset.read(inputs.train), data.windows("val")
    return tuning.Task(train, val, data.shape, spec, training, quantiles)
