"""The bundle as a small DVC project: pointers to its tables, stages that make them.

DVC runs as a command from an environment of its own, because its dependencies do not
agree with ours.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from seqshift import storage
from seqshift.bundle import gate, spec
from seqshift.errors import BadInput

RECIPES = [f"recipes/{name}" for name in ("config.yaml", "rebuild.sh", "sources.yaml")]
IGNORED = """\
/.dvc/cache
/.dvc/config.local
/.dvc/tmp
/.snakemake/
/mirror
/results/**
!/results/**/
!/results/**/*.dvc
"""


def command() -> str:
    """Return the dvc command: that beside our environment, else the one on PATH.

    Raises
    ------
    BadInput
        If there is none.
    """
    own = Path(sys.prefix).parent / ".venv-dvc/bin/dvc"
    found = str(own) if own.is_file() else shutil.which("dvc")
    if found is None:
        raise BadInput(
            "a bundle is a DVC project and needs the command dvc, which is not "
            "installed: run `make extras EXTRAS=bundle`"
        )
    return found


def stages(description: dict) -> dict:
    """Return the stages of dvc.yaml: how each table of a domain is made."""
    made = {}
    for entry in spec.tables(description):
        path = entry["path"]
        if path.startswith(gate.RAW):
            continue
        place = Path(path)
        needs = [f"{gate.RAW}/{name}.parquet" for name in entry["sources"]]
        if place.stem == "coverage":
            needs = [f"{place.parent.as_posix()}/features.parquet"]
        made[f"{place.parts[1]}-{place.stem}"] = {
            "cmd": f"sh recipes/rebuild.sh {path}",
            "deps": [*RECIPES, *needs],
            "outs": [path],
        }
    return made


def write(description: dict, folder: Path) -> None:
    """Write dvc.yaml and let dvc write its pointers, its lock file and its settings.

    Raw tables are pinned by pointers, because sources revise history; tables of a
    domain are outputs of stages. No data are left in a cache: the bundle itself holds
    them.

    Raises
    ------
    BadInput
        If there is no dvc, or it fails.
    """
    storage.write_text(IGNORED, folder / ".gitignore")
    text = yaml.safe_dump({"stages": stages(description)}, sort_keys=False)
    storage.write_text(text, folder / "dvc.yaml")
    raw = [entry["path"] for entry in spec.tables(description)]
    raw = [path for path in raw if path.startswith(gate.RAW)]
    with tempfile.TemporaryDirectory() as scratch:
        _run(folder, scratch, "init", "--no-scm")
        if raw:
            _run(folder, scratch, "add", *raw)
        if stages(description):
            _run(folder, scratch, "commit", "--force")
    for name in ("cache", "tmp"):
        shutil.rmtree(folder / ".dvc" / name, ignore_errors=True)


def _run(folder: Path, scratch: str, *arguments: str) -> None:
    """Run dvc untouched by settings of the user or of the machine."""
    places = ("GLOBAL_CONFIG_DIR", "SYSTEM_CONFIG_DIR", "SITE_CACHE_DIR")
    own = {f"DVC_{place}": scratch for place in places} | {"DVC_NO_ANALYTICS": "1"}
    done = subprocess.run(
        [command(), *arguments, "--quiet"],
        cwd=folder,
        env=os.environ | own,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise BadInput(
            f"dvc {arguments[0]} failed in the bundle ({done.stderr.strip()}); renew "
            "its environment: rm -r .venv-dvc, then make extras EXTRAS=bundle"
        )
