"""What a job costs while it runs: time, memory and energy, on whichever device."""

import hashlib
import importlib
import json
import math
import os
import platform
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
import torch

from seqshift import job, storage
from seqshift.schemas.costs import JOB

KIBI = 1024
CHILDREN = resource.RUSAGE_CHILDREN


@dataclass
class Reading:
    """What was measured; a training that was resumed puts in its own seconds."""

    seconds: float = math.nan
    cpu_seconds: float = math.nan
    joules: float = math.nan
    precision: str = "float32"

    def share(self, runs: int, seconds: float) -> "Reading":
        """Return the part of one of several runs, whose seconds are known."""
        parts = {"cpu_seconds": self.cpu_seconds / runs, "joules": self.joules / runs}
        return replace(self, seconds=seconds, **parts)


@contextmanager
def measure(precision: str = "float32") -> Iterator[Reading]:
    """Measure what runs inside; the reading is filled when it ends."""
    reading = Reading(precision=precision)
    wall, cpu, energy = time.perf_counter(), _cpu(), joules()
    yield reading
    if _on_cuda():
        torch.cuda.synchronize()
        reading.joules = joules() - energy
    reading.seconds = time.perf_counter() - wall
    reading.cpu_seconds = _cpu() - cpu


def write(
    snakemake: Any,
    reading: Reading,
    windows: int,
    held: int,
    passes: int,
    path: str | None = None,
    **keys: Any,
):
    """Write the one row of JOB that is the output `cost` of a rule.

    `snakemake` is the object of that name in a script; `path` is one of its outputs
    `cost` if there are several; `keys` are those of rule, domain, modality, model and
    seed that the rule and its wildcards do not tell.
    """
    known = {"rule": snakemake.rule, **dict(snakemake.wildcards.items()), **keys}
    cuda = _on_cuda()
    facts = json.dumps({**job.facts(), "slurm_job": ""}, sort_keys=True)
    row = {
        **{name: known[name] for name in ("rule", "domain", "modality", "model")},
        "seed": int(known["seed"]),
        "device": "cuda" if cuda else "cpu",
        "device_name": torch.cuda.get_device_name() if cuda else _processor(),
        "precision": reading.precision,
        "threads": snakemake.threads,
        "windows": windows,
        "held": held,
        "passes": passes,
        "seconds": reading.seconds,
        "cpu_seconds": reading.cpu_seconds,
        "memory_bytes": KIBI * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        "cuda_allocated_bytes": torch.cuda.max_memory_allocated() if cuda else math.nan,
        "cuda_reserved_bytes": torch.cuda.max_memory_reserved() if cuda else math.nan,
        "joules": reading.joules,
        "code": snakemake.params.code,
        "facts": hashlib.sha256(facts.encode()).hexdigest()[:16],
    }
    storage.write_csv(pd.DataFrame([row]), path or snakemake.output.cost, JOB)


def _cpu() -> float:
    """Return the processor time of this process and of its children that ended."""
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)


def _on_cuda() -> bool:
    """Tell whether this process has computed on a GPU: to see one is not to use it."""
    return torch.cuda.is_initialized() and torch.cuda.max_memory_allocated() > 0


def _processor() -> str:
    """Return the name of the processor, as far as the system tells."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if "model name" in line]
    return names[0] if names else platform.machine()


def joules() -> float:
    """Return the energy that the job's GPU has used since its driver was loaded.

    Missing without the package nvidia-ml-py, a GPU, or a driver that counts.
    """
    if find_spec("pynvml") is None:
        return math.nan
    nvml = importlib.import_module("pynvml")
    name = os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0]
    try:
        nvml.nvmlInit()
        if name.isdigit():
            handle = nvml.nvmlDeviceGetHandleByIndex(int(name))
        else:
            handle = nvml.nvmlDeviceGetHandleByUUID(name)
        return nvml.nvmlDeviceGetTotalEnergyConsumption(handle) / 1000
    except nvml.NVMLError:
        return math.nan
