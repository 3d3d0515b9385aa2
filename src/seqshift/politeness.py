"""How often a host may be asked: limits and turns shared by a user's processes."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import filelock
import pyrate_limiter

DEFAULT = [[2, 1]]  # requests, seconds: our own choice where a host states none


def folder() -> Path:
    """Return the folder of the counters; one a user, so that processes share it."""
    return Path(tempfile.gettempdir(), f"seqshift-{os.getuid()}")


@contextmanager
def turn(host: str, limits: list[list[int]]) -> Iterator[None]:
    """Wait for a request that `limits` allow; one request at a time is made to a host.

    `limits` lists [requests, seconds], shortest span first. A process that dies frees
    its turn.
    """
    place = folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = re.sub(r"\W", "_", host)
    rates = [pyrate_limiter.Rate(n, 1000 * seconds) for n, seconds in limits or DEFAULT]
    with filelock.FileLock(place / f"{name}.lock"):
        bucket = pyrate_limiter.SQLiteBucket.init_from_file(
            rates, table=name, db_path=str(place / f"{name}.sqlite"), use_file_lock=True
        )
        with closing(bucket):
            bucket.leak(bucket.now())
            factory = pyrate_limiter.SingleBucketFactory(bucket, schedule_leak=False)
            pyrate_limiter.Limiter(factory).try_acquire(name)
        yield
