"""Small tables of the sources that softgroup reads."""

from pathlib import Path

import pandas as pd

from seqshift import storage
from seqshift.schemas.raw import TABLES
from seqshift.simulate import series

LOADS = ["HUFL", "HULL", "MUFL", "MULL", "LUFL", "LULL"]
METERS = {
    "kind": "series",
    "seed": 3,
    "start": "2016-07-01",
    "days": 25,
    "entities": ["ETTh1", *(f"ETTh1:{name}" for name in LOADS)],
    "sectors": {f"ETTh1:{name}": name[1:] for name in LOADS},
}


def parsed(source, folder: Path) -> pd.DataFrame:
    """Return the checked table of a folder of raw files."""
    return storage.validate(source.read(folder, {}), TABLES[source.TABLE], folder)


def table(source, folder: Path, world: dict) -> pd.DataFrame:
    """Return the table of a simulated source."""
    source.simulate(series.make(world), {}, folder)
    return parsed(source, folder)
