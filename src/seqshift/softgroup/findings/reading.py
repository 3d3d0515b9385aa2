"""Reading of the study's files by the name that a rule gives them."""

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from seqshift import storage
from seqshift.schemas import findings, softgroup
from seqshift.schemas.findings import CELL

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


def by_cell(paths: list[str], name: str) -> dict[tuple, pd.DataFrame]:
    """Read one table a cell: (backbone, dataset, H) -> its rows."""
    frames = (one(path, SCHEMAS[name]) for path in paths)
    return {tuple(frame[[*CELL]].iloc[0]): frame for frame in frames}


def cell(path: str, backbone: str, dataset: str, horizon: str) -> dict:
    """Read one planned cell."""
    sought = (backbone, dataset, int(horizon))
    planned = storage.read_json(path)["planned"]
    return next(one for one in planned if tuple(one[key] for key in CELL) == sought)


def selections(paths: list[str]) -> dict[tuple, dict]:
    """Read what validation selected: (backbone, dataset, H) -> selected.json."""
    found = {}
    for path in paths:
        dataset, horizon, backbone = Path(path).parts[-4:-1]
        key = backbone, dataset, int(horizon.removeprefix("horizon="))
        found[key] = storage.read_json(path)
    return found


def gates(paths: list[str]) -> list[dict]:
    """Read what each backbone and seed showed before it was used."""
    return [
        {"backbone": Path(path).parts[-3],
         "seed": int(Path(path).parts[-2].removeprefix("seed="))}
        | storage.read_json(path)
        for path in paths
    ]  # fmt: skip


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
