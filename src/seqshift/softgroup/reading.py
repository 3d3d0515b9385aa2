"""Reading of the study's files by the name that a rule gives them."""

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from seqshift import storage
from seqshift.schemas import findings, softgroup

SCHEMAS = {
    "losses": softgroup.LOSSES,
    "agreement": softgroup.AGREEMENT,
    "leak": softgroup.LEAK,
    "curve": softgroup.CURVE,
    "mass": softgroup.MASS,
    "probe": softgroup.PROBE,
    "similarity": softgroup.SIMILARITY,
    "units": findings.UNITS,
    "family": findings.FAMILY,
    "tests": findings.TESTS,
    "gains": findings.TESTS,
    "parts": findings.TESTS,
    "controls": findings.CONTROLS,
    "leaks": findings.LEAKS,
    "recovery": findings.RECOVERY,
    "claims": findings.CLAIMS,
    "answers": findings.ANSWERS,
}


def one(path: str, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """Read a table, csv or parquet by its suffix."""
    known = Path(path).suffix == ".parquet"
    return (storage.read_table if known else storage.read_csv)(path, schema)


def joined(paths: list[str], schema: pa.DataFrameSchema) -> pd.DataFrame:
    """Read tables of one kind below each other; an empty one if there is none."""
    frames = [one(path, schema) for path in paths]
    if not frames:
        return pd.DataFrame({name: [] for name in schema.columns})
    return pd.concat(frames, ignore_index=True)


def named(paths: dict) -> dict:
    """Read files by name: tables joined, of netCDF the list of datasets."""
    found = {}
    for name, files in paths.items():
        listed = [files] if isinstance(files, str) else list(files)
        if listed and listed[0].endswith(".nc"):
            found[name] = [storage.read_array(path) for path in listed]
        else:
            found[name] = joined(listed, SCHEMAS[name])
    return found
