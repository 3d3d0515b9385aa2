"""Safe reading of zip files: nothing touches the disk, may climb out or burst."""

import fnmatch
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from seqshift.errors import BadInput

MAX_RATIO = 200.0  # unpacked over packed bytes; text tables pack by less than 30
MAX_BYTES = 8 * 2**30
_REMEDY = "delete the file and re-run fetch for this source"
_BLOCK = 2**20
_DAMAGE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError)


def members(
    path: str | Path, pattern: str = "*", max_ratio: float = MAX_RATIO
) -> dict[str, bytes]:
    """Return name -> content of the files in a zip whose name matches `pattern`.

    Every entry is examined, wanted or not. The limits hold for the bytes that come
    out, not for the sizes that the directory of the zip claims.

    Raises
    ------
    BadInput
        If the zip is damaged, an entry leaves the folder, is a link or encrypted,
        appears twice, or unpacks to more than `max_ratio` times its packed size; and
        if no entry matches.
    """
    path = Path(path)
    try:
        with zipfile.ZipFile(path) as packed:
            entries = [entry for entry in packed.infolist() if not entry.is_dir()]
            _examine(path, entries)
            wanted = [e for e in entries if fnmatch.fnmatch(e.filename, pattern)]
            if not wanted:
                raise BadInput(f"{path} holds no file like '{pattern}'; {_REMEDY}")
            return {e.filename: _content(path, packed, e, max_ratio) for e in wanted}
    except _DAMAGE as e:
        raise BadInput(f"{path} is a damaged zip ({e}); {_REMEDY}") from None


def _examine(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse names that leave the folder, links, encrypted and repeated entries."""
    seen = set()
    for entry in entries:
        name = entry.filename
        parts = PurePosixPath(name.replace("\\", "/"))
        faults = {
            "leaves the folder": parts.is_absolute()
            or ".." in parts.parts
            or ":" in parts.parts[0],
            "is a link": stat.S_ISLNK(entry.external_attr >> 16),
            "is encrypted": bool(entry.flag_bits & 1),
            "appears twice": name in seen,
        }
        for fault, true in faults.items():
            if true:
                raise BadInput(f"{path}: entry '{name}' {fault}; do not use this file")
        seen.add(name)


def _content(
    path: Path, packed: zipfile.ZipFile, entry: zipfile.ZipInfo, max_ratio: float
) -> bytes:
    """Return the bytes of one entry, read in blocks up to its limit."""
    limit = min(MAX_BYTES, max_ratio * max(entry.compress_size, 1024))
    blocks, size = [], 0
    with packed.open(entry) as file:
        while block := file.read(_BLOCK):
            size += len(block)
            if size > limit:
                raise BadInput(
                    f"{path}: entry '{entry.filename}' unpacks to more than "
                    f"{limit / 2**20:,.1f} MiB, {max_ratio:g} times its packed size; "
                    "do not use this file, or raise `max_ratio` of this source"
                )
            blocks.append(block)
    return b"".join(blocks)
