"""What every script does first: its log, and the facts of its run."""

import json
import os
import platform
import sys
import traceback
from importlib import metadata
from pathlib import Path
from typing import TextIO

from seqshift.errors import BadInput

PACKAGES = (
    "captum chronos-forecasting h5netcdf h5py matplotlib numpy optuna pandas pandera "
    "pyarrow safetensors scipy snakemake torch transformers xarray"
).split()
_console: TextIO | None = None


def log_to(path: str):
    """Send all output to the rule's log and open it with one line of facts.

    Snakemake does not redirect scripts; descriptors are replaced so that output of
    compiled code lands in the log too. The file is opened for appending because a
    resumed run continues its history. The user's own output stays at `console`.
    """
    global _console
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    sys.stdout.flush()
    sys.stderr.flush()
    _console = os.fdopen(os.dup(1), "w", buffering=1, errors="replace")
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    sys.stdout.reconfigure(line_buffering=True)
    sys.excepthook = _report
    print(json.dumps(facts(), sort_keys=True))
    _check_copy()


def console() -> TextIO:
    """Return the stream that reaches the user while all other output is logged."""
    return _console or sys.stdout


def listed(paths) -> list[str]:
    """Return the paths of a named output, which may be one path or several."""
    return [paths] if isinstance(paths, str) else list(paths)


def facts() -> dict:
    """Return the facts of this process that its results may depend on."""
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "slurm_job": os.environ.get("SLURM_JOB_ID", ""),
        "threads": os.environ.get("OMP_NUM_THREADS", ""),
        "packages": versions(),
    }


def versions() -> dict[str, str]:
    """Return the versions of those packages that this environment holds."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _check_copy():
    """Refuse to run an installed copy of the library beside the workflow's own.

    Snakemake appends the workflow's src to the path of a script, so a copy that was
    installed with pip would win, while the digest of the job is that of src.
    """
    here, own = Path(__file__).resolve(), Path("src/seqshift/job.py").resolve()
    if own.is_file() and own != here:
        raise BadInput(
            f"this job runs the library of {here.parent}, not that of {own.parent}; "
            "remove the installed copy: pip uninstall seqshift"
        )


def _report(kind, error, trace):
    if isinstance(error, BadInput):
        print(f"error: {error}", file=sys.stderr)
    else:
        traceback.print_exception(kind, error, trace)
