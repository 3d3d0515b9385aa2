"""When memory runs out: which batch size would have fitted."""

from collections.abc import Callable

import torch

from seqshift.errors import BadInput

# What torch's allocator for the CPU says; that for CUDA has an exception of its own.
SHORTAGE = ("not enough memory", "can't allocate memory")


def exhausted(error: Exception) -> bool:
    """Tell whether an error means that memory ran out."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    text = str(error)
    return isinstance(error, RuntimeError) and any(part in text for part in SHORTAGE)


def guard(work: Callable[[], None], size: int, step: Callable[[int], None]):
    """Do some work in batches of `size` windows; if memory runs out, advise a size.

    Raises
    ------
    BadInput
        That of `advise`; errors of any other kind pass.
    """
    try:
        work()
        return
    except (RuntimeError, MemoryError) as error:
        if not exhausted(error):
            raise
    # Outside of `except`, whose traceback holds the tensors that filled the memory.
    raise advise(size, step)


def advise(size: int, step: Callable[[int], None]) -> BadInput:
    """Return the error for a batch of `size` windows that did not fit.

    `step(size)` takes one training step; it is tried at half the size, a quarter and
    so on until one fits.
    """
    fitting = size // 2
    while fitting and not _fits(fitting, step):
        fitting //= 2
    what = f"memory ran out at training.batch_size {size}; "
    if not fitting:
        return BadInput(
            what + "not even one window fits: use a smaller model, or a device with "
            "more memory"
        )
    return BadInput(what + f"{fitting} fits: set training.batch_size to {fitting}")


def _fits(size: int, step: Callable[[int], None]) -> bool:
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    try:
        step(size)
    except (RuntimeError, MemoryError) as error:
        if not exhausted(error):
            raise
        return False
    return True
