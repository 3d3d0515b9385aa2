"""Packages that only some studies need."""

import importlib
from types import ModuleType

from seqshift.errors import BadInput


def library(name: str, extra: str, user: str, otherwise: str = "") -> ModuleType:
    """Return a package that `make extras EXTRAS=extra` installs.

    Raises
    ------
    BadInput
        If it is not installed: what needs it (`user`), and what else would help.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        raise BadInput(
            f"{user} needs the package {name}, which is not installed: run `make "
            f"extras EXTRAS={extra}`{otherwise}"
        ) from None
