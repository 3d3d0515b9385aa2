"""Strict reading of delimited text, plain or packed, with errors that name the cell."""

import csv
import io
import re
from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import zipped
from seqshift.errors import ANEW, BadInput

EVER = ("1850-01-01", "2200-01-01")  # no source has other days, nanoseconds hold them
_DAYS = {  # by the presence of a slash
    False: ("%Y-%m-%d", r"\d{4}-\d\d-\d\d"),
    True: ("%m/%d/%Y", r"\d\d/\d\d/\d{4}"),
}
# Readers disagree on which of these end a line; no honest table holds one.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def find(folder: str | Path, suffix: str = ".csv") -> dict[str, Path]:
    """Return stem -> path of the `suffix` files of a folder, packed ones included.

    Raises
    ------
    BadInput
        If there is no such file, or the same one twice (plain and packed).
    """
    found: dict[str, Path] = {}
    for path in sorted(Path(folder).iterdir()):
        packed = path.suffix in zipped.PACKED
        plain = path.name.removesuffix(path.suffix) if packed else path.name
        if plain.startswith(".") or not plain.endswith(suffix):
            continue
        stem = plain.removesuffix(suffix)
        if stem in found:
            raise BadInput(f"{path} repeats {found[stem].name}; delete one of the two")
        found[stem] = path
    if not found:
        raise BadInput(
            f"{folder} holds no {suffix} file; delete manifest.json there and run again"
        )
    return found


def text(path: Path) -> str:
    """Return the text of a plain, .gz or .xz file; lines end with a line feed.

    Raises
    ------
    BadInput
        If the file is cut, damaged, not text or holds a control character.
    """
    try:
        content = zipped.content(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is cut or damaged ({error}); {ANEW}") from None
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    if odd := _CONTROL.search(content):
        line = content.count("\n", 0, odd.start()) + 1
        raise BadInput(f"{path}, line {line} holds a control character; {ANEW}")
    return content


def wrong(path: Path, row: int, column: str, value: object, what: str) -> BadInput:
    """Return the error for one cell; `row` counts from 0 below the header."""
    return BadInput(f"{path}, line {row + 2}, column {column}: {value} {what}; {ANEW}")


def whole(content: str, path: Path) -> str:
    """Return a text that ends with its last line.

    Raises
    ------
    BadInput
        If it ends within a line, whose last number may then be cut.
    """
    if content and not content.endswith("\n"):
        raise BadInput(f"{path} ends within a line, it was cut; {ANEW}")
    return content


def table(
    path: Path, header: list[str], words: list[str], ended: bool = True
) -> pd.DataFrame:
    """Read a comma-separated file with exactly this header; numbers but for `words`.

    `ended` is False for a format whose files may lack the last line feed.

    Raises
    ------
    BadInput
        Naming the line and column of the first field that is missing or no number.
    """
    content = text(path)
    lines = content.splitlines()
    if len(lines) < 2 or lines[0].split(",") != header:
        start = lines[0][:80] if lines else "nothing"
        raise BadInput(
            f"{path} should start with '{','.join(header)}' and hold rows, it starts "
            f"with '{start}'; check the kind of this source or {ANEW}"
        )
    _refuse_cut(lines, len(header), path)
    if ended:
        whole(content, path)
    numbers = [name for name in header if name not in words]
    types = dict.fromkeys(words, "str") | dict.fromkeys(numbers, "float64")
    options = {"na_filter": False, "quoting": csv.QUOTE_NONE}
    options["float_precision"] = "round_trip"
    try:
        frame = pd.read_csv(io.StringIO(content), dtype=types, **options)
    except ValueError:
        frame = pd.read_csv(io.StringIO(content), dtype="str", **options)
        cells = frame[numbers].apply(pd.to_numeric, errors="coerce")
        frame[numbers] = cells.astype("float64")
    for name in numbers:
        bad = np.flatnonzero(~np.isfinite(frame[name]))
        if len(bad):
            cell = lines[bad[0] + 1].split(",")[header.index(name)]
            raise wrong(path, bad[0], name, f"'{cell}'", "is not a number")
    return frame


def _refuse_cut(lines: list[str], count: int, path: Path) -> None:
    """Raise for the first line that has not `count` fields."""
    for number, line in enumerate(lines, 1):
        if line.count(",") != count - 1:
            raise BadInput(
                f"{path}, line {number} has {line.count(',') + 1} fields in place of "
                f"{count}, the file was cut or edited; {ANEW}"
            )


def moments(cells, **options) -> pd.Series:
    """Return `pandas.to_datetime` of cells; NaT for what is no time of any source."""
    times = pd.to_datetime(cells, errors="coerce", **options)
    return times.where(times.between(*EVER)).astype("datetime64[ns]")


def days(frame: pd.DataFrame, column: str, path: Path) -> pd.Series:
    """Return a column of ISO or MM/DD/YYYY dates, all alike and rising.

    Raises
    ------
    BadInput
        Naming the first date that is malformed, repeated or out of order.
    """
    cells = frame[column]
    form, pattern = _DAYS["/" in cells.iloc[0]]
    dates = pd.to_datetime(cells, format=form, errors="coerce")
    rules = {
        "is not a date like the first one": ~cells.str.fullmatch(pattern)
        | ~dates.between(*EVER),
        "appears twice": dates.duplicated(),
        "is before the date of the line above": dates.diff() < pd.Timedelta(0),
    }
    for what, bad in rules.items():
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            raise wrong(path, row, column, f"'{cells.iloc[row]}'", what)
    return dates.astype("datetime64[ns]")


def numbers(cells: list[str], path: Path, row: int, first: int) -> np.ndarray:
    """Return fields of one line as float64; `first` counts the first field's column.

    Raises
    ------
    BadInput
        Naming line and column of the first field that is empty, text or infinite.
    """
    try:
        values = np.array(cells, dtype="float64")
    except ValueError:
        values = pd.to_numeric(pd.Series(cells), errors="coerce").to_numpy("float64")
    bad = np.flatnonzero(~np.isfinite(values))
    if len(bad):
        cell = f"'{cells[bad[0]]}'"
        raise wrong(path, row, str(first + bad[0]), cell, "is not a number")
    return values
