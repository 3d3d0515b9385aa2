"""The dvc command in tests: found or skipped, and kept from settings of the user."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from seqshift.bundle import project
from seqshift.errors import BadInput


def command() -> str:
    """Return the dvc command, or skip."""
    try:
        return project.command()
    except BadInput as missing:
        pytest.skip(str(missing))


def run(folder: Path, scratch: Path, *arguments: str, **environ: str) -> str:
    """Run dvc in a folder and return its output."""
    places = ("GLOBAL_CONFIG_DIR", "SYSTEM_CONFIG_DIR", "SITE_CACHE_DIR")
    own = {f"DVC_{place}": str(scratch / place) for place in places}
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return call(
        folder,
        [command(), *arguments],
        os.environ | own | {"DVC_NO_ANALYTICS": "1", "PATH": path} | environ,
    )


def git(folder: Path, *arguments: str) -> str:
    name = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    return call(folder, ["git", *name, *arguments], os.environ)


def call(folder: Path, command: list[str], environ) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
