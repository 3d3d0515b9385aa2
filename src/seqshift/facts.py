"""The facts of a study: versions, device, commit, hashes of config and claims."""

import hashlib
import json
import platform
import subprocess
from importlib import metadata
from pathlib import Path

PACKAGES = (
    "captum h5netcdf h5py matplotlib numpy optuna pandas pandera pyarrow scipy "
    "snakemake statsmodels torch xarray"
).split()


def collect(config: dict, claims: str | Path) -> dict:
    """Return versions, device, git commit and hashes, for provenance.json."""
    install = Path(".venv/seqshift-install.json")
    text = json.dumps(config, sort_keys=True)
    return {
        "name": config["name"],
        "config_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "claims_sha256": hashlib.sha256(Path(claims).read_bytes()).hexdigest(),
        "commit": _commit(),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "device": config["training"]["device"],
        "threads": config["training"]["threads"],
        "packages": {name: _version(name) for name in PACKAGES},
        "install": json.loads(install.read_text()) if install.is_file() else {},
    }


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "absent"


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()
