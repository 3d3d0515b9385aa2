"""Plug-in lookup: a kind named in the configuration is a module of a section."""

import importlib
import pkgutil
from types import ModuleType

from seqshift.errors import choose


def choices(section: str) -> list[str]:
    """Return the kinds of a section, for example the models."""
    package = importlib.import_module(f"seqshift.{section}")
    names = (module.name for module in pkgutil.iter_modules(package.__path__))
    return sorted(name.replace("_", "-") for name in names)


def load(section: str, kind: str) -> ModuleType:
    """Import the plug-in `kind` of `section`.

    Raises
    ------
    BadInput
        If no such plug-in exists; the message lists the choices.
    """
    if kind not in choices(section):
        raise choose(f"kind in {section}", kind, choices(section))
    return importlib.import_module(f"seqshift.{section}.{kind.replace('-', '_')}")
