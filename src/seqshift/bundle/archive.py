"""A folder as a zip file: same files, same bytes."""

import shutil
import zipfile
from pathlib import Path

from seqshift import storage
from seqshift.bundle import spec

_FIRST = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can state
_PACKED = (".parquet",)


def pack(folder: Path, path: Path, root: str) -> None:
    """Write all files of a folder to a zip, below the folder `root` in it."""
    with storage.atomic(path) as temporary, zipfile.ZipFile(temporary, "w") as zipped:
        for name in spec.contents(folder):
            entry = zipfile.ZipInfo(f"{root}/{name}", _FIRST)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            entry.file_size = (folder / name).stat().st_size
            if not name.endswith(_PACKED):
                entry.compress_type = zipfile.ZIP_DEFLATED
            with (folder / name).open("rb") as file, zipped.open(entry, "w") as target:
                shutil.copyfileobj(file, target)
