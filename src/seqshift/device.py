"""Seeds, threads and the device that a model runs on."""

import os
import random

import numpy as np
import torch
from torch import nn

from seqshift.errors import BadInput, choose

NAMES = ["auto", "cpu", "cuda"]
PRECISIONS = ["float32", "tf32", "bfloat16"]


def seed_everything(seed: int) -> torch.Generator:
    """Seed python, numpy and torch, demand repeatable algorithms, return a generator.

    The generator lives on the CPU and serves the order of the windows only, so that
    it depends neither on the device nor on how many numbers the layers draw.
    """
    demand_repeatable()
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)
    return torch.Generator().manual_seed(seed)


def demand_repeatable():
    """Allow only algorithms that give the same bits each time, in full float32."""
    # cuBLAS is repeatable only with a fixed workspace, read when it first starts.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    # Some CUDA kernels have no repeatable twin: there a warning in the log must do.
    # Not by use_deterministic_algorithms, which loads torch's compiler for seconds.
    torch.set_deterministic_debug_mode("warn" if torch.cuda.is_available() else "error")
    # Filling fresh memory guards against reading it unwritten; no result changes.
    torch.utils.deterministic.fill_uninitialized_memory = False
    torch.backends.cudnn.benchmark = False
    set_precision("float32")


def set_precision(name: str):
    """Choose how matrix products of float32 tensors are computed on CUDA.

    `tf32` rounds their factors to 10 bits; so does `bfloat16` in what `autocast`
    leaves in float32. On the CPU there is no tf32 and nothing changes.
    """
    if name not in PRECISIONS:
        raise choose("precision under training.precision", name, PRECISIONS)
    torch.backends.cuda.matmul.allow_tf32 = name != "float32"
    torch.backends.cudnn.allow_tf32 = name != "float32"


def autocast(where: torch.device, precision: str) -> torch.autocast:
    """Return a context in which matrix products run in bfloat16 if that is asked for.

    Weights, losses and the optimiser's state stay in float32.
    """
    wanted = precision == "bfloat16"
    return torch.autocast(where.type, torch.bfloat16, enabled=wanted)


def set_threads(count: int):
    """Use `count` threads inside an operation; results repeat at an equal count."""
    torch.set_num_threads(count)


def pick(name: str) -> str:
    """Return the device for `auto`, `cpu` or `cuda`; its results are to repeat.

    Raises
    ------
    BadInput
        If the name is unknown, or `cuda` is asked for where there is none.
    """
    if name not in NAMES:
        raise choose("device under training.device", name, NAMES)
    found = torch.cuda.is_available()
    if name == "cuda" and not found:
        raise BadInput(
            "training.device is 'cuda', but torch sees no CUDA device here; set it to "
            "'auto' or 'cpu', or run the job where there is one"
        )
    demand_repeatable()
    return "cuda" if found and name != "cpu" else "cpu"


def of(model: nn.Module) -> torch.device:
    """Return the device of a model's weights."""
    return next(model.parameters()).device


def random_state(generator: torch.Generator) -> dict:
    """Return the state of every random source, in types a safe loader accepts."""
    version, words, spare = random.getstate()
    name, keys, *rest = np.random.get_state()
    return {
        "python": [version, list(words), spare],
        "numpy": [name, keys.tolist(), *rest],
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        "generator": generator.get_state(),
    }


def set_random_state(state: dict, generator: torch.Generator):
    """Put every random source back to a state from `random_state`."""
    version, words, spare = state["python"]
    random.setstate((version, tuple(words), spare))
    name, keys, *rest = state["numpy"]
    np.random.set_state((name, np.array(keys, np.uint32), *rest))
    torch.set_rng_state(state["torch"])
    if torch.cuda.is_available() and state["cuda"]:
        torch.cuda.set_rng_state_all(state["cuda"])
    generator.set_state(state["generator"])
