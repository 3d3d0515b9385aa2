"""Reading and writing of every file under results/: validated, atomic, repeatable."""

import glob
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa
import pyarrow.parquet as pq
import xarray as xr

from seqshift.errors import BadInput


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """Yield a temporary neighbour of `path` that takes its name on success.

    A job that dies, or whose node fails while its retry runs, leaves no half file.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    job = os.environ.get("SLURM_JOB_ID", "local")
    writer = f"{os.uname().nodename}.{os.getpid()}.{job}"
    temporary = path.with_name(f".{writer}.{path.name}")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def leftovers(path: str | Path) -> list[Path]:
    """Return what writers that were killed left of a file, beside it."""
    path = Path(path)
    found = path.parent.glob(f".*.{glob.escape(path.name)}")
    named = re.compile(rf"\..+\.\d+\.\w+\.{re.escape(path.name)}")
    return [one for one in found if named.fullmatch(one.name)]


def validate(frame: pd.DataFrame, schema: pa.DataFrameSchema, where: Any):
    """Return the frame if it satisfies the schema.

    Raises
    ------
    BadInput
        Naming the file, the column, the check and the first wrong row.
    """
    try:
        return schema.validate(frame)
    except pa.errors.SchemaError as error:
        raise BadInput(_sentence(error, frame, where)) from None
    except pa.errors.SchemaErrors as errors:
        raise BadInput(_sentence(errors.schema_errors[0], frame, where)) from None


def _sentence(error: pa.errors.SchemaError, frame: pd.DataFrame, where: Any) -> str:
    column, cases = getattr(error.schema, "name", None), error.failure_cases
    what = f"column {column} fails the check {error.check}"
    if column is None:
        what = str(error).splitlines()[0]
    rows = cases.get("index") if isinstance(cases, pd.DataFrame) else None
    if rows is not None and len(rows) and rows.iloc[0] in frame.index:
        row = int(rows.iloc[0])
        keys = [k for k in ("entity", "series", "station", "date") if k in frame]
        place = "".join(f", {key} {frame.loc[row, key]}" for key in keys)
        value = f", value {frame.loc[row, column]}" if column in frame else ""
        what = f"{what} at row {row}{place}{value}"
    return f"{where}: {what}; correct or exclude it at its source and run again"


def write_table(frame: pd.DataFrame, path: str | Path, schema: pa.DataFrameSchema):
    """Write a validated table as parquet; same rows, same bytes."""
    frame = validate(frame.reset_index(drop=True), schema, path)
    with atomic(path) as temporary:
        frame.to_parquet(temporary, index=False, compression="zstd")


def read_table(path: str | Path, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """Read a parquet table and validate it.

    Raises
    ------
    BadInput
        If the file is unreadable or violates the schema.
    """
    return validate(read_parquet(path), schema, path)


def read_parquet(path: str | Path) -> pd.DataFrame:
    """Read a parquet table that its writer has validated.

    Raises
    ------
    BadInput
        If the file is unreadable.
    """
    with readable(path):
        return pd.read_parquet(path)


def count_rows(path: str | Path) -> int:
    """Return how many rows a parquet table has, without reading them."""
    with readable(path):
        return pq.read_metadata(path).num_rows


@contextmanager
def readable(path: str | Path) -> Iterator[None]:
    """Turn a reader's own errors about a damaged file into one sentence."""
    try:
        yield
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).partition("\n")[0]
        raise BadInput(
            f"{path} cannot be read ({reason}); delete it and run again"
        ) from None


def write_csv(frame: pd.DataFrame, path: str | Path, schema: pa.DataFrameSchema):
    """Write a validated table as csv with round-trip floats."""
    frame = validate(frame.reset_index(drop=True), schema, path)
    with atomic(path) as temporary:
        frame.to_csv(temporary, index=False, lineterminator="\n")


def read_csv(path: str | Path, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """Read a csv table; empty cells of text columns are empty text."""
    with readable(path):
        frame = pd.read_csv(
            path,
            float_precision="round_trip",
            keep_default_na=False,
            na_values={name: [""] for name in _numbers(schema)},
        )
    if frame.empty:  # no row tells a type
        known = {name: schema.columns[name] for name in _numbers(schema)}
        frame = frame.astype({k: str(v.dtype) for k, v in known.items() if k in frame})
    return validate(frame, schema, path)


def _numbers(schema: pa.DataFrameSchema) -> list[str]:
    kinds = {name: str(column.dtype) for name, column in schema.columns.items()}
    return [name for name, kind in kinds.items() if kind.startswith(("int", "float"))]


def write_json(value: Any, path: str | Path):
    """Write JSON with sorted keys."""
    write_text(json.dumps(value, indent=1, sort_keys=True) + "\n", path)


def read_json(path: str | Path) -> Any:
    """Read JSON.

    Raises
    ------
    BadInput
        If the file is not JSON.
    """
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise BadInput(f"{path} is not JSON ({error}); delete it, run again") from None


def write_text(text: str, path: str | Path):
    """Write text atomically."""
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_array(dataset: xr.Dataset, path: str | Path):
    """Write a dataset as netCDF-4."""
    with atomic(path) as temporary:
        dataset.to_netcdf(temporary, engine="h5netcdf", format="NETCDF4")


def read_array(path: str | Path) -> xr.Dataset:
    """Read a netCDF-4 dataset into memory."""
    with readable(path), xr.open_dataset(path, engine="h5netcdf") as dataset:
        return dataset.load()
