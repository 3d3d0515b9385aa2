"""The licence gate: which tables may be published, and why the others may not."""

from pathlib import PurePosixPath

RAW = "results/raw"
TABLES = ("features.parquet", "quality.parquet", "coverage.csv")  # of a domain


def sources_of(path: str, config: dict) -> list[str]:
    """Return the sorted sources that a table below results/ is made of.

    >>> sources_of("results/raw/load.parquet", {})
    ['load']
    """
    place = PurePosixPath(path)
    if place.parent == PurePosixPath(RAW):
        return [place.stem]
    return domain_sources(config["domains"][place.parts[1]])


def is_table(path: str, config: dict) -> bool:
    """Tell whether a path is one of a parsed source or of a table of a domain."""
    parts = PurePosixPath(path).parts
    if len(parts) != 3 or parts[0] != "results":
        return False
    stem, suffix = PurePosixPath(path).stem, PurePosixPath(path).suffix
    if parts[1] == "raw":
        return stem in config["sources"] and suffix == ".parquet"
    return parts[1] in config["domains"] and parts[2] in TABLES


def domain_sources(spec: dict) -> list[str]:
    """Return the sorted sources of a domain, whatever their role."""
    return sorted({name for names in spec["sources"].values() for name in names})


def closed(names: list[str], manifests: dict[str, dict]) -> dict[str, str]:
    """Return those of some sources that may not be passed on, each with the reason.

    Only the word of the manifest counts: a source without a licence, or one of which
    nobody says that it may be passed on, may not. Copies from a mirror folder stay out
    whatever their licence: who made the mirror is not the publisher of the source.
    """
    found = {}
    for name in names:
        terms = manifests[name]
        licence = terms.get("licence") or "no licence stated"
        if terms.get("redistributable") is not True or not terms.get("licence"):
            found[name] = licence
        elif terms.get("origin") == "mirror":
            found[name] = "copied from a mirror folder; download it to pass it on"
    return found


def sieve(
    paths: list[str], config: dict, manifests: dict[str, dict]
) -> tuple[list[str], dict[str, str]]:
    """Return the tables that may be published, and of each other one why it may not.

    A table may be published if all sources that it is made of may be passed on.
    """
    kept, left_out = [], {}
    for path in sorted(paths):
        barred = closed(sources_of(path, config), manifests)
        words = [f"{name} may not be passed on ({why})" for name, why in barred.items()]
        if barred:
            left_out[path] = "; ".join(words)
        else:
            kept.append(path)
    return kept, left_out
