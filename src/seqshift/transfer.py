"""A file on its way: continued after a cut, judged before it takes its name.

A part is continued (RFC 9110, Range and If-Range) only under the validator it was begun
with; a server that has another file by now sends that one from its start.
"""

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path

import httpx

from seqshift import storage
from seqshift.errors import ANEW, BadInput

REMEDY = "try again later, or obtain the source by origin simulate or mirror"
_MAGIC = {".zip": b"PK", ".xlsx": b"PK", ".gz": b"\x1f\x8b", ".parquet": b"PAR1"}
_TEXT = (".csv", ".txt", ".json", ".dly")


class Mask:
    """Stars in place of secrets that an answer repeats, of the same length.

    What could be the start of a secret is held back until its end has come, so that a
    transfer that is cut leaves no part of one.
    """

    def __init__(self, secrets: list[str]):
        self._words = [secret.encode() for secret in secrets]
        self._hold = max(map(len, self._words), default=1) - 1
        self._held = b""

    def feed(self, block: bytes) -> bytes:
        """Return what is certain by now."""
        text = self._held + block
        for word in self._words:
            text = text.replace(word, b"*" * len(word))
        end = max(0, len(text) - self._hold)
        self._held = text[end:]
        return text[:end]

    def text(self, words: str) -> str:
        """Return a whole text, masked."""
        return (self.feed(words.encode()) + self.rest()).decode()

    def rest(self) -> bytes:
        """Return what was held back, at the end of the answer."""
        held, self._held = self._held, b""
        return held


class Part:
    """The part of a file that is here; it survives the process."""

    def __init__(self, path: Path):
        self.path = path
        self._validator = path.with_name(f"{path.name}.validator")
        path.parent.mkdir(parents=True, exist_ok=True)

    def headers(self) -> dict[str, str]:
        """Return what to ask for: the rest, if the server can confirm the start."""
        if not (self.path.is_file() and self._validator.is_file()):
            return {}
        start = self.path.stat().st_size
        validator = self._validator.read_text()
        return {"Range": f"bytes={start}-", "If-Range": validator} if start else {}

    def receive(
        self, response: httpx.Response, mask: "Mask", progress: Callable[[int], object]
    ):
        """Add the body of an answer, masked: a file, or the rest of one.

        Raises
        ------
        httpx.TransportError
            If the body ends early or does not fit the part; another try may succeed.
        """
        whole = _size(response)
        append = response.status_code in (206, 416)
        if append and not self._continued_by(response):
            self.drop()
            raise httpx.RemoteProtocolError("the rest does not fit the part")
        if not append:
            self.drop()
            if validator := _validator(response):
                storage.write_text(mask.text(validator), self._validator)
        with self.path.open("ab") as file:
            progress(file.tell())
            for block in response.iter_raw():
                file.write(mask.feed(block))
                progress(len(block))
            file.write(mask.rest())
            file.flush()
            os.fsync(file.fileno())
        if whole is not None and self.path.stat().st_size != whole:
            raise httpx.RemoteProtocolError("the body has another length than stated")

    def _continued_by(self, response: httpx.Response) -> bool:
        """Tell whether an answer goes on where the part ends, with the same file.

        Not all servers honour If-Range, so the validator is compared here too.
        """
        same = _validator(response) == self._validator.read_text()
        return same and _start(response) == self.path.stat().st_size

    def judge(self, place: str, sha256: str, check: Callable[[Path], None] | None):
        """Drop the part unless it is a file of the kind that its name says.

        Raises
        ------
        BadInput
            Naming `place`, for an empty answer, a web page, another format, a wrong
            checksum, or what `check` finds.
        """
        try:
            _inspect(self.path, place)
            if sha256 and _sha256(self.path) != sha256.lower():
                raise BadInput(
                    f"{place} does not have the sha256 that the source states "
                    f"({sha256[:12]}...); {REMEDY}"
                )
            if check is not None:
                check(self.path)
        except BadInput as error:
            self.drop()
            words = str(error).replace(str(self.path), place).replace(ANEW, REMEDY)
            raise BadInput(words) from None

    def place(self, target: Path) -> None:
        """Give the whole part its final name."""
        os.replace(self.path, target)
        self._validator.unlink(missing_ok=True)

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)
        self._validator.unlink(missing_ok=True)


def _inspect(path: Path, place: str) -> None:
    with path.open("rb") as file:
        start = file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n")
    magic = _MAGIC.get(path.suffix, b"")
    page = start[:1] == b"<" and path.suffix in (*_TEXT, *_MAGIC)
    if not start or page or not start.startswith(magic):
        what = (
            "a web page" if page else f"no {path.suffix} file" if start else "nothing"
        )
        raise BadInput(f"{place} gave {what} in place of {path.name}; {REMEDY}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _validator(response: httpx.Response) -> str:
    """Return what identifies this version of the file, "" if nothing does."""
    tag = response.headers.get("etag", "")
    weak = tag.startswith("W/")
    return response.headers.get("last-modified", "") if weak or not tag else tag


def _start(response: httpx.Response) -> int:
    span = re.match(r"bytes (\d+)-", response.headers.get("content-range", ""))
    return int(span[1]) if span else -1


def _size(response: httpx.Response) -> int | None:
    """Return the size of the whole file as the answer states it."""
    span = re.search(r"/(\d+)$", response.headers.get("content-range", ""))
    length = response.headers.get("content-length")
    if response.status_code == 206:
        return int(span[1]) if span else None
    return int(length) if length else None
