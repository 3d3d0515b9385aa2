"""Excel sheets read strictly and written so that equal cells give equal bytes."""

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
from python_calamine import CalamineError

from seqshift import zipped
from seqshift.errors import BadInput

_DAMAGED = (CalamineError, OSError, ValueError, KeyError)
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_STAMPS = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def find(folder: str | Path, name: str) -> dict[str, Path]:
    """Return plain name -> path of the workbooks whose plain name matches `name`.

    Raises
    ------
    BadInput
        If there is none, or the same one twice (plain and packed).
    """
    found: dict[str, Path] = {}
    for path in sorted(Path(folder).iterdir()):
        plain = path.stem if path.suffix in zipped.PACKED else path.name
        if not re.fullmatch(name, plain):
            continue
        if plain in found:
            raise BadInput(f"{path} repeats {found[plain].name}; delete one of the two")
        found[plain] = path
    if not found:
        raise BadInput(
            f"{folder} holds no file {name}; delete manifest.json there and run again"
        )
    return found


def read(path: Path, header: int | None) -> dict[str, pd.DataFrame]:
    """Return the sheets of a plain, .gz or .xz workbook; `header` counts from 0.

    Raises
    ------
    BadInput
        If the file is cut, damaged or no workbook.
    """
    try:
        book = zipped.content(path)
        zipped.examine(path, book)
        content = io.BytesIO(book)
        options = {"sheet_name": None, "header": header, "keep_default_na": False}
        return pd.read_excel(content, engine="calamine", na_values=[""], **options)
    except BadInput:
        raise
    except _DAMAGED as error:
        raise BadInput(
            f"{path} is cut or damaged ({type(error).__name__}: {error}); "
            "delete it and manifest.json beside it, then run again"
        ) from None


def write(sheets: dict[str, list[list]], path: Path) -> None:
    """Write rows of cells as an .xlsx file that carries no time of writing."""
    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    timed = io.BytesIO()
    book.save(timed)
    with zipfile.ZipFile(timed) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _STAMPS.sub(rb"\g<1>1980-01-01T00:00:00Z", data)
            info = zipfile.ZipInfo(name, _NO_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, data)
