"""The one error a user is meant to read."""

# What to do about a raw file that is damaged: only what is gone is obtained anew.
ANEW = "delete it and manifest.json beside it, then run again"


class BadInput(ValueError):
    """One clear sentence: what is wrong, where it is, what to do about it."""


def choose(what: str, name: str, choices: list[str]) -> BadInput:
    """Return the error for an unknown name, listing the known ones."""
    known = ", ".join(sorted(choices))
    return BadInput(f"unknown {what} '{name}': choose one of {known}")
