"""How an experiment becomes runs, and what the path of a run says."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

KEYS = ("domain", "modality", "model", "seed")
APART = ("ablations", "scaling")  # experiments that end in a table of their name
PROSE = ("title", "coverage", "tried", "note")  # for a reader; changes no byte
REMOTE = ("url", "archive", "key", "limits", "pins")
LOCAL = ("folder", "files")
OWN = ("licence", "redistributable", "max_ratio")  # simulated files have their own
UNREAD = {
    "simulate": PROSE + REMOTE + LOCAL + OWN,
    "mirror": (*PROSE, *REMOTE, "world"),
    "download": (*PROSE, *LOCAL, "world"),
}


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


def baselines(experiment: dict, domains: dict) -> Iterator[dict]:
    """Yield the keys of the baselines of one experiment: natural data, one seed."""
    for domain in experiment["domains"]:
        for model in domains[domain]["baselines"]:
            values = (domain, "natural", model, 0)
            yield dict(zip(KEYS, values, strict=True))


def contrasts(experiment: dict, modalities: dict) -> Iterator[dict]:
    """Yield the runs that have a natural twin of their seed and one of another.

    A budget of natural windows is no synthetic training set, so it has none.
    """
    if len(experiment["seeds"]) > 1 and "natural" in experiment["modalities"]:
        for run in runs(experiment):
            if modalities[run["modality"]]["kind"] != "natural":
                yield run


def comparisons(config: dict) -> dict[str, str]:
    """Return the base of every model that the experiment `ablations` compares."""
    models = config["experiments"]["ablations"]["models"]
    pairs = config["ablations"].items()
    return {name: base for name, base in pairs if name in models}


def next_seed(experiments: dict, domain: str, model: str, seed: int) -> int:
    """Return the seed after `seed` of this natural run, the first after the last."""
    seeds = {
        run["seed"]
        for experiment in experiments.values()
        for run in runs(experiment)
        if (run["domain"], run["modality"], run["model"]) == (domain, "natural", model)
    }
    return min((n for n in seeds if n > seed), default=min(seeds))


def source(config: dict, name: str) -> dict:
    """Return what a job must know of a source: its kind's entry under its own values.

    Left out is what changes no byte of its files, so that it reruns nothing. The pins
    of the catalogue are those of downloads.
    """
    own = config["sources"][name]
    spec = config["catalogue"][own["kind"]] | own
    unread = UNREAD[own["origin"]]
    spec = {key: value for key, value in spec.items() if key not in unread}
    if own["origin"] == "mirror" and "pins" in own:
        spec["pins"] = own["pins"]
    if "pins" in spec:
        spec["pin_policy"] = config["pins"]
    return canonical(spec)


def used(config: dict) -> dict:
    """Return the configuration without catalogue entries that no experiment reaches."""
    grids = config["experiments"].values()
    kept = dict(config)
    bases = config.get("ablations", {})
    for section in ("domains", "modalities", "models"):
        names = {name for grid in grids for name in grid[section]}
        if section == "models":  # a variant takes the tuned values of its base
            names |= {bases[name] for name in names if name in bases}
        kept[section] = {k: v for k, v in config[section].items() if k in names}
    names = {n for spec in kept["domains"].values() for n in spec["baselines"]}
    kept["baselines"] = {k: v for k, v in config["baselines"].items() if k in names}
    kept["ablations"] = comparisons(config)
    roles = [spec["sources"].values() for spec in kept["domains"].values()]
    names = {name for lists in roles for sources in lists for name in sources}
    kept["sources"] = {k: v for k, v in config["sources"].items() if k in names}
    kinds = {spec["kind"] for spec in kept["sources"].values()}
    kept["catalogue"] = {k: v for k, v in config["catalogue"].items() if k in kinds}
    simulated = [s for s in kept["sources"].values() if s["origin"] == "simulate"]
    worlds = {spec["world"] for spec in simulated}
    kept["worlds"] = {k: v for k, v in config["worlds"].items() if k in worlds}
    if not any(spec["origin"] == "mirror" for spec in kept["sources"].values()):
        kept["mirror"] = ""
    kept.pop("budget", None)  # it decides whether, not what
    kept.pop("softgroup", None)  # no experiment: its tables say what they are made of
    return kept


def universes(config: dict) -> list[str]:
    """Return the paths of the tables of entities that a configuration names, sorted."""
    found, waiting = set(), [config]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if path := value.get("universe"):
                found.add(path)
            waiting += value.values()
    return sorted(found)
