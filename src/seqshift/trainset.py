"""The training set on disk: one wide row a window, in z-units."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from seqshift import storage
from seqshift.errors import BadInput
from seqshift.windows import Windows


def known(domain: dict, windows: Windows) -> dict:
    """Return the domain's description without the names that have no window here.

    A model trained on a budget has never seen such an entity, so it must take it for
    unknown. An empty name keeps the place, hence the number, of every other entity.
    """
    ids = set(np.unique(windows.entity).tolist())
    seen = domain["entities"]["seen"]
    named = [name if place in ids else "" for place, name in enumerate(seen, start=1)]
    return domain | {"entities": domain["entities"] | {"seen": named}}


def write(windows: Windows, names: list[str], path: str | Path):
    """Write windows as one wide row each: entity, date, day, x and target columns."""
    columns = {"entity": windows.entity, "date": windows.date}
    lags = range(windows.x.shape[1])
    columns |= {f"day_lag{lag:02d}": windows.day[:, lag] for lag in lags}
    for position, name in enumerate(names):
        for lag in lags:
            columns[f"{name}_lag{lag:02d}"] = windows.x[:, lag, position]
    for horizon in range(windows.target.shape[1]):
        columns[f"target_{horizon}"] = windows.target[:, horizon]
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    table = table.replace_schema_metadata({"features": ",".join(names)})
    with storage.atomic(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


def read(path: str | Path) -> Windows:
    """Read windows written by `write`.

    Raises
    ------
    BadInput
        If a value is not finite.
    """
    with storage.readable(path):
        table = pq.read_table(path)
    names = table.schema.metadata[b"features"].decode().split(",")
    lags = sum(name.startswith("day_lag") for name in table.column_names)
    stack = {
        name: np.stack([table[f"{name}_lag{lag:02d}"] for lag in range(lags)], axis=1)
        for name in ["day", *names]
    }
    targets = [name for name in table.column_names if name.startswith("target_")]
    windows = Windows(
        x=np.stack([stack[name] for name in names], axis=2),
        day=stack["day"],
        entity=table["entity"].to_numpy().copy(),
        date=table["date"].to_numpy().copy(),
        target=np.stack([table[name].to_numpy() for name in targets], axis=1),
    )
    if not (np.isfinite(windows.x).all() and np.isfinite(windows.target).all()):
        raise BadInput(f"{path} holds a value that is not finite; delete it, run again")
    return windows
