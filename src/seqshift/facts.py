"""The facts of a study: versions, commit, hashes of config and claims."""

import hashlib
import json
import platform
import subprocess
from pathlib import Path

from seqshift import claimsfile, job


def collect(config: dict, claims: str | Path) -> dict:
    """Return versions, git commit and hashes, for provenance.json.

    Raises
    ------
    BadInput
        If the claims are malformed, or one names another threshold than the one its
        metric is tested at.
    """
    found = claimsfile.read(claims)
    claimsfile.check_thresholds(found, config["statistics"]["thresholds"])
    install = Path(".venv/seqshift-install.json")
    text = json.dumps(config, sort_keys=True)
    return {
        "name": config["name"],
        "config_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "claims_sha256": claimsfile.digest(claims),
        "commit": version()["commit"],
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "device asked for": config["training"]["device"],
        "threads": config["training"]["threads"],
        "packages of the report's environment": job.versions(),
        "install": json.loads(install.read_text()) if install.is_file() else {},
    }


def version() -> dict[str, str | None]:
    """Return commit and date of the checkout: "unknown" and None outside of git."""
    return {
        "commit": _git("describe", "--always", "--dirty", "--abbrev=12") or "unknown",
        "date": _git("log", "-1", "--format=%cs"),
    }


def _git(*arguments: str) -> str | None:
    command = ["git", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
