"""Checks of the section softgroup: its names, windows of backbones and of datasets."""

from seqshift import armscheck, sourcecheck
from seqshift.errors import BadInput, choose


def check(config: dict, kinds: list[str]):
    """Refuse unknown names, windows that do not fit and seeds that two splits share.

    Raises
    ------
    BadInput
        One sentence with the place in the configuration.
    """
    section = config.get("softgroup")
    if section is None:  # a recipe of released data has the main study alone
        return
    for part, names in section["run"].items():
        for name in names:
            if name not in section[part]:
                raise choose(f"name in softgroup.run.{part}:", name, [*section[part]])
    for name, spec in section["backbones"].items():
        if spec["origin"] == "train":
            _check_backbone(f"softgroup.backbones.{name}", spec, section["sizes"])
        elif len(spec["seeds"]) > 1:
            raise BadInput(
                f"softgroup.backbones.{name}.seeds: weights that are taken are the "
                "same for every seed; name one"
            )
    for name, spec in section["datasets"].items():
        place = f"softgroup.datasets.{name}"
        if spec["kind"] not in kinds:
            raise choose(f"kind of {place}:", spec["kind"], kinds)
        if spec["kind"] == "clusters":
            _check_clusters(place, spec)
        _check_source(place, spec, config["sources"])
        if "bounds" in spec:
            _check_bounds(place, spec)
    for name in section["run"]["datasets"]:
        if source := section["datasets"][name].get("source"):
            sourcecheck.check(source, config)
    armscheck.check(section)


def _check_backbone(place: str, spec: dict, sizes: dict):
    if spec["size"] not in sizes:
        raise choose(f"size of {place}:", spec["size"], [*sizes])
    for part in ("context", "horizon"):
        if spec[part] % spec["patch"]:
            raise BadInput(
                f"{place}.{part}: {spec[part]} steps are no whole number of patches of "
                f"{spec['patch']}; choose a multiple of it"
            )
    least = spec["context"] + spec["horizon"]
    if spec["length"] < least:
        raise BadInput(
            f"{place}.length: series of {spec['length']} steps hold no window of "
            f"context + horizon = {least}; make them longer"
        )


def _check_clusters(place: str, spec: dict):
    apart = abs(spec["seeds"]["test"] - spec["seeds"]["validation"])
    if apart < spec["replicates"]:
        raise BadInput(
            f"{place}.seeds: with {spec['replicates']} replicates the seeds of "
            "validation and test overlap; move them apart"
        )
    low, high = spec["short_steps"]
    if not low < high <= spec["context"]:
        raise BadInput(
            f"{place}.short_steps: {low} and {high} should rise and end within the "
            f"context of {spec['context']}"
        )


def _check_source(place: str, spec: dict, sources: dict):
    name = spec.get("source", "")
    if not name:
        return
    if name not in sources:
        raise choose(f"source of {place}:", name, [*sources])
    if sources[name]["kind"] != spec["kind"]:
        raise BadInput(
            f"{place}.source: {name} is of kind {sources[name]['kind']} and the "
            f"dataset of kind {spec['kind']}; name a source of that kind"
        )


def _check_bounds(place: str, spec: dict):
    """Refuse bounds that leave a context, a split or its second origin no room."""
    train, validation, test = spec["bounds"]
    if train < spec["context"]:
        raise BadInput(
            f"{place}.bounds: training ends at {train}, so the first window lacks "
            f"steps of its context of {spec['context']}; shorten it or move the bound"
        )
    splits = {"validation": (validation - train, 1), "test": (test - validation, 2)}
    for horizon in spec["horizons"]:
        for split, (steps, least) in splits.items():
            count = (steps - horizon) // spec["stride"] + 1
            if count < least:
                raise BadInput(
                    f"{place}: the {steps} steps of {split} hold {max(count, 0)} "
                    f"targets of {horizon} at a stride of {spec['stride']}, and "
                    f"{least} are needed; shorten one of them or move the bounds"
                )
