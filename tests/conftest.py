"""Shared places and small worlds of the tests."""

import os
from pathlib import Path

import pytest

import study
import worlds

REPO = Path(__file__).resolve().parents[1]


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]):
    """Give a worker whole files, and one of them, first, all that needs the study."""
    for item in items:
        whole = "smoke" in item.fixturenames
        group = "smoke" if whole else item.location[0]
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: "smoke" not in item.fixturenames)


@pytest.fixture(scope="session")
def repo() -> Path:
    return REPO


@pytest.fixture(scope="session")
def mirror() -> Path:
    """Return the folder of real files, or skip."""
    folder = Path(os.environ.get("SEQSHIFT_MIRROR", REPO.parent / "shared/mirror"))
    if not folder.is_dir():
        pytest.skip(f"no mirror of real files at {folder}; set SEQSHIFT_MIRROR")
    return folder


@pytest.fixture
def spec() -> dict:
    return worlds.small_spec()


@pytest.fixture
def features():
    return worlds.small_features()


@pytest.fixture(scope="session")
def smoke(tmp_path_factory) -> Path:
    """Return a folder in which the whole graph has run once at smoke size."""
    folder = study.copy(tmp_path_factory.mktemp("study") / "clone")
    done = study.snakemake(folder, "all", *study.SMOKE)
    assert done.returncode == 0, done.stdout[-4000:]
    return folder
