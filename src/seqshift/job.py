"""What every script does first: its log, and the facts of its run."""

import json
import os
import platform
import sys
import traceback
from pathlib import Path

from seqshift.errors import BadInput


def log_to(path: str):
    """Send all output to the rule's log and open it with one line of facts.

    Snakemake does not redirect scripts; descriptors are replaced so that output of
    compiled code lands in the log too. The file is opened for appending because a
    resumed run continues its history.
    """
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    sys.stdout.flush()
    sys.stderr.flush()
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    sys.stdout.reconfigure(line_buffering=True)
    sys.excepthook = _report
    print(json.dumps(facts(), sort_keys=True))


def facts() -> dict:
    """Return the facts of this process that its results may depend on."""
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "slurm_job": os.environ.get("SLURM_JOB_ID", ""),
        "threads": os.environ.get("OMP_NUM_THREADS", ""),
    }


def _report(kind, error, trace):
    if isinstance(error, BadInput):
        print(f"error: {error}", file=sys.stderr)
    else:
        traceback.print_exception(kind, error, trace)
