"""The one error a user is meant to read."""


class BadInput(ValueError):
    """One clear sentence: what is wrong, where it is, what to do about it."""


def choose(what: str, name: str, choices: list[str]) -> BadInput:
    """Return the error for an unknown name, listing the known ones."""
    known = ", ".join(sorted(choices))
    return BadInput(f"unknown {what} '{name}': choose one of {known}")
