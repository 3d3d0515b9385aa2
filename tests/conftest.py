"""Shared places and small worlds of the tests."""

import os
from pathlib import Path

import pytest
from filelock import FileLock

import study
import worlds

REPO = Path(__file__).resolve().parents[1]


def pytest_collection_modifyitems(items: list[pytest.Item]):
    """Begin with the study that takes longest: no process shall end alone with it."""
    items.sort(key=lambda item: item.path.name != "test_smoke.py")


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
    """Return a folder in which the whole graph has run once at smoke size.

    All processes of a test run share it, so no test may change it.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, done = shared / "study" / "clone", shared / "study-done"
    with FileLock(shared / "study.lock"):
        if not done.exists():
            ran = study.snakemake(study.copy(folder), "all", *study.SMOKE)
            assert ran.returncode == 0, ran.stdout[-4000:]
            done.touch()
    return folder
