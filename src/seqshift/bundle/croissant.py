"""croissant.json: the bundle in the vocabulary of MLCommons Croissant 1.0.

The library mlcroissant is an extra: it is imported where it is used.
"""

import json
import re
from pathlib import Path, PurePosixPath
from types import ModuleType

from seqshift import extras, storage
from seqshift.bundle import spec
from seqshift.errors import BadInput

FILE = "croissant.json"
VERSION = "http://mlcommons.org/croissant/1.0"
_FORMATS = {".parquet": "application/x-parquet", ".csv": "text/csv"}


def library() -> ModuleType:
    """Return mlcroissant.

    Raises
    ------
    BadInput
        If it is not installed.
    """
    return extras.library("mlcroissant", "bundle", "a bundle, described in Croissant,")


def write(description: dict, folder: Path) -> None:
    """Write croissant.json with a record set for each table, and validate it.

    Raises
    ------
    BadInput
        If mlcroissant is not installed or finds the description invalid.
    """
    croissant = library()
    try:
        content = _metadata(croissant, description).to_json()
        text = json.dumps(content, indent=1, default=str) + "\n"
        storage.write_text(text, folder / FILE)
        croissant.Dataset(jsonld=str(folder / FILE))
    except croissant.ValidationError as error:
        raise BadInput(
            f"{FILE} does not validate ({error}); correct what it is made of in the "
            "configuration or in CITATION.cff"
        ) from None


def _metadata(croissant: ModuleType, description: dict):
    tables = spec.tables(description)
    sources = description["sources"]
    inside = {name for entry in tables for name in entry["sources"]}
    authors = [croissant.Organization(name=name) for name in description["authors"]]
    return croissant.Metadata(
        name=description["name"],
        description=description["title"],
        version=description["version"],
        date_published=description["date"],
        license=sorted({_licence(sources[name]["licence"]) for name in inside}),
        creators=authors,
        cite_as=description["citation"],
        conforms_to=[VERSION],
        distribution=[_file(croissant, entry) for entry in tables],
        record_sets=[_records(croissant, entry) for entry in tables],
    )


def _licence(words: str) -> str:
    """Return the address of a licence that is a plain SPDX identifier, else itself."""
    spdx = re.fullmatch(r"[A-Z][\w.]*-[\w.-]*\d[\w.-]*", words)
    return f"https://spdx.org/licenses/{words}.html" if spdx else words


def _file(croissant: ModuleType, entry: dict):
    path = PurePosixPath(entry["path"])
    return croissant.FileObject(
        id=str(path),
        name=path.name,
        content_url=str(path),
        content_size=f"{entry['bytes']} B",
        encoding_formats=[_FORMATS[path.suffix]],
        sha256=entry["sha256"],
    )


def _records(croissant: ModuleType, entry: dict):
    path = PurePosixPath(entry["path"])
    name = f"{path.parent.name}-{path.stem}"
    fields = [_field(croissant, name, str(path), column) for column in entry["columns"]]
    made_of = ", ".join(entry["sources"])
    return croissant.RecordSet(
        id=name,
        name=name,
        description=f"{entry['rows']} rows, made of: {made_of}",
        fields=fields,
    )


def _field(croissant: ModuleType, records: str, path: str, column: dict):
    unit = f" [{column['unit']}]" if column["unit"] else ""
    kinds = croissant.DataType
    types = {
        "text": kinds.TEXT,
        "float64": kinds.FLOAT64,
        "int64": kinds.INT64,
        "bool": kinds.BOOL,
        "time": kinds.DATETIME,
    }
    return croissant.Field(
        id=f"{records}/{column['name']}",
        name=column["name"],
        description=f"{column['meaning']}{unit}",
        data_types=[types[column["type"]]],
        source=croissant.Source(
            file_object=path, extract=croissant.Extract(column=column["name"])
        ),
    )
