"""A small simulated grid and its raw files, for tests of the energy side."""

import csv
import json

import numpy as np
import pandas as pd

from seqshift import registry, storage
from seqshift.schemas.raw import TABLES
from seqshift.simulate import grid

NAMES = ["COAST", "EAST", "NORTH"]
STATES = {"COAST": "TX", "EAST": "TX", "NORTH": "OH"}


def spec(**changes) -> dict:
    """Return the spec of a small grid: three entities, three years."""
    return {
        "kind": "grid",
        "seed": 4,
        "entities": NAMES,
        "states": STATES,
        "timezone": "America/Chicago",
        "start": "2015-01-01",
        "train_years": 1,
        "val_years": 1,
        "test_years": 1,
        "shift": "none",
        "strength": 1.0,
        "trend": False,
    } | changes


def world(**changes) -> grid.World:
    return grid.make(spec(**changes))


def wide(**changes) -> dict:
    """Return the spec of eight entities over fourteen years."""
    names = list("ABCDEFGH")
    years = {"train_years": 8, "val_years": 2, "test_years": 4}
    states = dict.fromkeys(names, "TX")
    return spec(entities=names, states=states, start="2004-01-01") | years | changes


def read(source, folder) -> pd.DataFrame:
    """Read a folder and validate the table."""
    return storage.validate(source.read(folder, {}), TABLES[source.TABLE], folder)


def spoiled(source, folder, **changes) -> tuple[dict, dict]:
    """Return the marks that the defects of a spoiled world promise, and those read."""
    source.simulate(world(**changes), {}, folder)
    defects = registry.load("defects", source.__name__.rpartition(".")[2])
    promised = defects.spoil(folder, np.random.default_rng(0))
    return promised, rules(read(source, folder))


def listed(mirror, folder, end) -> dict[str, tuple[dict, dict]]:
    """Return stem -> row and measured facts of a folder in the mirror's list."""
    with (mirror / "MANIFEST.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["file"].startswith(folder)]
    return {
        row["file"].partition("/")[2].partition(end)[0]: (row, json.loads(row["check"]))
        for row in rows
    }


def load(table: pd.DataFrame) -> pd.DataFrame:
    """Return LOAD_HOURLY as utc_end x series."""
    return table.pivot(index="utc_end", columns="series", values="mw")


def rules(table: pd.DataFrame) -> dict[str, int]:
    """Return how often each data rule is marked."""
    marked = table["flag"][table["flag"] != ""].str.split("+").explode()
    return marked.value_counts().to_dict()
