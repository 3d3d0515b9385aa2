"""A bundle written with the extras."""

import pytest

import dvctool
import smallbundle


@pytest.fixture(scope="package")
def complete(tmp_path_factory):
    """Return the bundle of a small study, weather left out; skip without the extras."""
    pytest.importorskip("mlcroissant", reason="run make extras EXTRAS=bundle")
    dvctool.command()
    folder = tmp_path_factory.mktemp("complete")
    return smallbundle.write(folder, smallbundle.study(folder, ("weather",)))
