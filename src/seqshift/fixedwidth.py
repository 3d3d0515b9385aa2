"""Strict reading of text whose columns stand at fixed places."""

from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import textfile
from seqshift.errors import BadInput


def block(path: Path, width: int, least: int) -> np.ndarray:
    """Return the characters of a plain, .gz or .xz file, (line, width).

    Lines of `least` characters or more are padded with blanks.

    Raises
    ------
    BadInput
        If the file is empty or damaged, or naming the first line of a wrong length.
    """
    lines = textfile.whole(textfile.text(path), path).splitlines()
    for number, line in enumerate(lines, 1):
        if not least <= len(line) <= width:
            raise BadInput(
                f"{path}, line {number} has {len(line)} characters in place of "
                f"{width}, the file was cut or edited; "
                "delete it and manifest.json beside it, then run again"
            )
    if not lines:
        raise BadInput(
            f"{path} is empty; delete it and manifest.json beside it, then run again"
        )
    padded = "".join(line.ljust(width) for line in lines).encode("ascii", "replace")
    return np.frombuffer(padded, "S1").reshape(-1, width)


def words(characters: np.ndarray, start: int, stop: int) -> np.ndarray:
    """Return the columns `start` to `stop` of the last axis as one word each."""
    part = np.ascontiguousarray(characters[..., start:stop])
    return part.view(f"S{stop - start}")[..., 0]


def integers(
    cells: np.ndarray, path: Path, column: str, lines: np.ndarray | None = None
) -> np.ndarray:
    """Return words as whole numbers; `lines` counts their lines from 0.

    Raises
    ------
    BadInput
        Naming the line of the first word that is none.
    """
    try:
        return cells.astype(np.int64)
    except ValueError:
        row = next(row for row, word in enumerate(cells) if not _whole(word))
        line = row if lines is None else int(lines[row])
        bad = next(word for word in np.atleast_1d(cells[row]) if not _whole(word))
        cell = f"'{bad.decode()}'"
        raise textfile.wrong(path, line - 1, column, cell, "is no integer") from None


def table(path: Path, width: int, places: dict[str, tuple[int, int]]) -> pd.DataFrame:
    """Return the whole numbers at `places` (start, stop) of all lines of a file."""
    characters = block(path, width, width)
    cells = {name: words(characters, *place) for name, place in places.items()}
    return pd.DataFrame({name: integers(c, path, name) for name, c in cells.items()})


def _whole(word: bytes | np.ndarray) -> bool:
    try:
        np.asarray(word).astype(np.int64)
    except ValueError:
        return False
    return True
