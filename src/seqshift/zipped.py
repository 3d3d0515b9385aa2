"""Safe reading of packed files: nothing touches the disk, may climb out or burst."""

import fnmatch
import gzip
import io
import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from seqshift.errors import ANEW, BadInput

MAX_RATIO = 200.0  # unpacked over packed bytes; text tables pack by less than 30
_LEAST = 1024  # packed bytes that count at least: tiny files may be all headers
_DAMAGE = (
    OSError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
)
PACKED = {".gz": gzip.open, ".xz": lzma.open}


def content(path: Path) -> bytes:
    """Return the bytes of a plain, .gz or .xz file, up to MAX_RATIO times its size.

    Raises
    ------
    BadInput
        If it is cut, damaged, or unpacks to more.
    """
    limit = MAX_RATIO * max(path.stat().st_size, _LEAST)
    try:
        with PACKED.get(path.suffix, open)(path, "rb") as file:
            found = file.read(int(limit) + 1)
    except _DAMAGE as error:
        raise BadInput(f"{path} is cut or damaged ({error}); {ANEW}") from None
    if len(found) > limit:
        raise BadInput(
            f"{path} unpacks to more than {MAX_RATIO:g} times its size; do not use it"
        )
    return found


def examine(path: Path, book: bytes) -> None:
    """Refuse a workbook that is a zip with a fault that `opened` would refuse.

    Raises
    ------
    BadInput
        Naming the entry.
    """
    if not book.startswith(b"PK"):
        return  # the old format is no zip
    try:
        with zipfile.ZipFile(io.BytesIO(book)) as packed:
            entries = [entry for entry in packed.infolist() if not entry.is_dir()]
            _examine(path, entries)
            for entry in entries:
                with packed.open(entry) as file:
                    limited = _Limited(file, path, entry, MAX_RATIO)
                    while limited.readinto(bytearray(2**20)):
                        pass
    except _DAMAGE as error:
        raise BadInput(f"{path} is cut or damaged ({error}); {ANEW}") from None


@contextmanager
def opened(path: str | Path, pattern: str, spec: dict) -> Iterator[BinaryIO]:
    """Open the one file of a zip whose name matches `pattern`, for reading.

    Every entry is examined, wanted or not. The limit `spec["max_ratio"]` holds for
    the bytes that come out, not for the sizes that the directory of the zip claims.

    Raises
    ------
    BadInput
        If the zip is damaged, an entry leaves the folder, is a link, encrypted or
        there twice; if not one entry matches; and, while it is read, if it unpacks to
        more than the ratio times its packed size.
    """
    path = Path(path)
    try:
        with zipfile.ZipFile(path) as packed:
            entries = [entry for entry in packed.infolist() if not entry.is_dir()]
            _examine(path, entries)
            wanted = [e for e in entries if fnmatch.fnmatch(e.filename, pattern)]
            if len(wanted) != 1:
                raise BadInput(
                    f"{path} holds {len(wanted)} files like '{pattern}' in place of "
                    f"one; {ANEW}"
                )
            with packed.open(wanted[0]) as file:
                ratio = spec.get("max_ratio", MAX_RATIO)
                limited = _Limited(file, path, wanted[0], ratio)
                yield io.BufferedReader(limited, 2**20)
    except _DAMAGE as error:
        raise BadInput(f"{path} is a damaged zip ({error}); {ANEW}") from None


class _Limited(io.RawIOBase):
    """The bytes of an entry, until there are more than its packed size can explain."""

    def __init__(
        self, file: BinaryIO, path: Path, entry: zipfile.ZipInfo, max_ratio: float
    ):
        self._file, self._path, self._entry = file, path, entry
        self._ratio, self._size = max_ratio, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        block = self._file.read(len(buffer))
        self._size += len(block)
        if self._size > self._ratio * max(self._entry.compress_size, _LEAST):
            raise BadInput(
                f"{self._path}: entry '{self._entry.filename}' unpacks to more than "
                f"{self._ratio:g} times its packed size; do not use this file, or "
                "raise `max_ratio` of this source"
            )
        buffer[: len(block)] = block
        return len(block)


def _examine(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse names that leave the folder, links, encrypted and repeated entries."""
    seen = set()
    for entry in entries:
        name = entry.filename
        parts = PurePosixPath(name.replace("\\", "/"))
        faults = {
            "leaves the folder": parts.is_absolute()
            or ".." in parts.parts
            or ":" in name
            or not parts.name,
            "is a link": stat.S_ISLNK(entry.external_attr >> 16),
            "is encrypted": bool(entry.flag_bits & 1),
            "appears twice": name in seen,
        }
        for fault, true in faults.items():
            if true:
                raise BadInput(f"{path}: entry '{name}' {fault}; do not use this file")
        seen.add(name)
