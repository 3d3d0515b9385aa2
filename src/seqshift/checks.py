"""Checks of the merged configuration, made before anything runs.

Types, ranges and unknown keys are the schema's business (config/schema.yaml); here
stand the rules that tie one part of the configuration to another.
"""

from pathlib import Path

from seqshift import (
    attributioncheck,
    designs,
    softgroupcheck,
    sourcecheck,
    statisticscheck,
    tuningcheck,
)
from seqshift.errors import BadInput, choose

KINDS = {
    "worlds": "simulate",
    "sources": "sources",
    "domains": "domains",
    "modalities": "modalities",
    "models": "models",
    "baselines": "baselines",
}


def explain(error) -> BadInput:
    """Return one sentence for a jsonschema error: place, fault and choices."""
    place = ".".join(str(part) for part in error.absolute_path) or "the top level"
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        wrong = sorted(set(error.instance) - set(known))
        return choose(f"key in config at {place}:", wrong[0], list(known))
    if error.validator == "enum":
        return choose(f"value of {place}:", error.instance, error.validator_value)
    return BadInput(f"config at {place}: {error.message}; see config/README.md")


def check(config: dict):
    """Refuse names that nothing defines and domains that contradict themselves.

    Raises
    ------
    BadInput
        One sentence with the place in the configuration and the choices.
    """
    for section, room in KINDS.items():
        known = kinds(room)
        for name, spec in config[section].items():
            if spec["kind"] not in known:
                raise choose(f"kind of {section}.{name}:", spec["kind"], known)
    accounting = config["accounting"]
    if accounting["device"] not in accounting["devices"]:
        what = "device of accounting.device:"
        raise choose(what, accounting["device"], list(accounting["devices"]))
    both = set(config["models"]) & set(config["baselines"])
    if both:
        raise BadInput(
            f"{sorted(both)[0]} is an entry of models and of baselines, so two runs "
            "would share a folder; rename one of them"
        )
    for name, grid in config["experiments"].items():
        for section in ("domains", "modalities", "models"):
            for entry in grid[section]:
                if entry not in config[section]:
                    what = f"name in experiments.{name}.{section}:"
                    raise choose(what, entry, list(config[section]))
        for domain in grid["domains"]:
            check_domain(domain, config["domains"][domain], config)
    for model in config["training"]["together"]:
        if model not in config["models"]:
            what = "name in training.together:"
            raise choose(what, model, list(config["models"]))
    tuningcheck.check(config["tuning"], config["models"])
    statisticscheck.check(config["statistics"])
    designs.check_ablations(config)
    designs.check_budgets(config)
    softgroupcheck.check(config, kinds("softgroup/data/datasets"))


def kinds(room: str) -> list[str]:
    """Return the kinds for which a room has a module."""
    files = (Path(__file__).parent / room).glob("[a-z]*.py")
    return [path.stem.replace("_", "-") for path in files]


def check_domain(name: str, spec: dict, config: dict):
    """Refuse unknown sources, mixed entity sets, overlapping eras, short embargoes."""
    for sources in spec["sources"].values():
        for source in sources:
            if source not in config["sources"]:
                what = f"source in domains.{name}:"
                raise choose(what, source, list(config["sources"]))
            sourcecheck.check(source, config)
    both = set(spec["entities"]["seen"]) & set(spec["entities"]["unseen"])
    if both:
        raise BadInput(
            f"domains.{name}.entities: {', '.join(sorted(both))} is listed as seen and "
            "as unseen; leave each name in one list"
        )
    check_columns(name, spec)
    check_eras(name, spec)
    check_baselines(name, spec, config["baselines"])
    attributioncheck.check(name, spec)


def check_columns(name: str, spec: dict):
    """Refuse unknown feature names, and own features that would be known ahead."""
    for part in ("own", "led", "raw"):
        for feature in spec[part]:
            if feature not in spec["features"]:
                raise choose(
                    f"name in domains.{name}.{part}:", feature, spec["features"]
                )
    for slices in spec["splits"]["slices"].values():
        if slices.get("feature", spec["features"][0]) not in spec["features"]:
            what = f"feature of a slice in domains.{name}:"
            raise choose(what, slices["feature"], spec["features"])
    both = set(spec["own"]) & set(spec["led"])
    if both:
        raise BadInput(
            f"domains.{name}: {sorted(both)[0]} is listed under own and led, so the "
            "window would show the target; take it out of led"
        )


def check_baselines(name: str, spec: dict, catalogue: dict):
    """Refuse unknown baselines, and those that the domain cannot have."""
    for entry in spec["baselines"]:
        if entry not in catalogue:
            raise choose(f"name in domains.{name}.baselines:", entry, list(catalogue))
        reason = unsuited(catalogue[entry]["kind"], spec)
        if reason:
            raise BadInput(
                f"domains.{name}.baselines: {entry} {reason}; take it out of the list"
            )


def unsuited(kind: str, spec: dict) -> str:
    """Return why a domain cannot have a baseline of this kind; empty if it can."""
    target, lags = spec["target"], spec["window"]["lags"]
    if kind == "har" and target["name"] != "log_volatility":
        return f"forecasts log_volatility, and the target is {target['name']}"
    if kind == "har" and "vix" not in spec["features"]:
        return "needs the feature vix"
    if kind == "seasonal-naive":
        known = max(target["horizons"]) - 1 + target["span"]
        back = -(-known // spec["season"]) * spec["season"]
        if back > lags:
            return f"looks {back} steps back, further than the window of {lags} lags"
    return ""


def reach(spec: dict) -> int:
    """Return the steps that two target days of different roles lie apart at least.

    The window of target day t uses the days t - lags .. t + span + horizon - 2.
    """
    longest = max(spec["target"]["horizons"])
    return spec["window"]["lags"] + spec["target"]["span"] + longest - 1


def check_eras(name: str, spec: dict):
    """Refuse eras that overlap or run backwards, and too short an embargo."""
    split = spec["splits"]
    eras = sorted((*split[era], era) for era in ("train", "val", "test"))
    for start, end, era in eras:
        if start > end:
            raise BadInput(
                f"domains.{name}.splits: {era} ends ({end}) before it starts ({start})"
            )
    for (_, end, era), (start, _, later) in zip(eras, eras[1:], strict=False):
        if start <= end:
            raise BadInput(
                f"domains.{name}.splits: the eras {era} (to {end}) and {later} (from "
                f"{start}) overlap; move one of the two dates"
            )
    least = reach(spec) - 1
    if split["embargo"] < least:
        raise BadInput(
            f"domains.{name}.splits: embargo {split['embargo']} is shorter than lags + "
            f"span + horizon - 2 = {least}, so windows of two roles would share days"
        )
