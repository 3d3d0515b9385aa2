"""Checks of what is explained: controls that can be made."""

from seqshift.errors import BadInput

MOVED = ("pooled", "within", "shift-0.5", "shift-1", "shift-2")


def check(name: str, spec: dict):
    """Refuse controls that move no feature.

    Raises
    ------
    BadInput
        One sentence with the place in the configuration and what to do.
    """
    variants = spec["attribution"]["variants"]
    moved = [variant for variant in variants if variant in MOVED]
    if moved and not set(spec["features"]) - {*spec["own"]}:
        raise BadInput(
            f"domains.{name}.attribution: every feature is listed under own, so "
            f"{', '.join(moved)} would change nothing; take them out of variants"
        )
