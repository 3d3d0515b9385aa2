"""Checks of what is explained: names of features, and controls that can be made."""

from seqshift.errors import BadInput, choose

MOVED = ("pooled", "within", "shift-0.5", "shift-1", "shift-2")


def check(name: str, spec: dict):
    """Refuse derived features that do not exist, and controls that move none.

    Raises
    ------
    BadInput
        One sentence with the place in the configuration and the choices.
    """
    rule = spec["attribution"]
    for feature in rule["derived"]:
        if feature not in spec["features"]:
            what = f"name in domains.{name}.attribution.derived:"
            raise choose(what, feature, spec["features"])
    moved = [variant for variant in rule["variants"] if variant in MOVED]
    if moved and not set(spec["features"]) - {*spec["own"], *rule["derived"]}:
        raise BadInput(
            f"domains.{name}.attribution: every feature is listed under own or "
            f"derived, so {', '.join(moved)} would change nothing; take them out of "
            "variants"
        )
