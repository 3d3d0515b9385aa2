"""How an experiment becomes runs, and what the path of a run says."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

KEYS = ("domain", "modality", "model", "seed")
BASELINES = ("naive",)


def canonical(value: Any) -> Any:
    """Return the value with all mappings sorted by key.

    Snakemake compares params by repr, which shows key order; sorting keeps an overlay
    that repeats or reorders equal values from rerunning anything.
    """
    if isinstance(value, dict):
        return {key: canonical(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [canonical(item) for item in value]
    return value


def runs(experiment: dict) -> Iterator[dict]:
    """Yield the keys of every trained run of one experiment."""
    for domain in experiment["domains"]:
        for modality in experiment["modalities"]:
            for model in experiment["models"]:
                for seed in experiment["seeds"]:
                    values = (domain, modality, model, seed)
                    yield dict(zip(KEYS, values, strict=True))


def keys(path: str) -> dict:
    """Return domain, modality, model and seed of a file of one run.

    >>> keys("results/finance/natural/mlp/seed=3/scores.parquet")["seed"]
    3
    """
    domain, modality, model, seed = PurePosixPath(path).parts[-5:-1]
    number = re.fullmatch(r"seed=(\d+)", seed)
    if not number:
        raise ValueError(f"{path} is not the path of a run")
    values = (domain, modality, model, int(number[1]))
    return dict(zip(KEYS, values, strict=True))


def baselines(experiment: dict) -> Iterator[dict]:
    """Yield the keys of the baselines of one experiment: no training, one seed."""
    for domain in experiment["domains"]:
        for model in BASELINES:
            values = (domain, "natural", model, 0)
            yield dict(zip(KEYS, values, strict=True))


def contrasts(experiment: dict) -> Iterator[dict]:
    """Yield the runs that have a natural twin of their seed and one of another."""
    if len(experiment["seeds"]) > 1 and "natural" in experiment["modalities"]:
        yield from (run for run in runs(experiment) if run["modality"] != "natural")


def next_seed(experiments: dict, seed: int) -> int:
    """Return the seed after `seed` in the study, the first one after the last."""
    seeds = sorted(
        {number for grid in experiments.values() for number in grid["seeds"]}
    )
    return next((number for number in seeds if number > seed), seeds[0])
