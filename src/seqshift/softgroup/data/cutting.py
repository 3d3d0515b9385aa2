"""From the table of a source, or a seed, to a checked file of windows."""

from pathlib import Path

import xarray as xr

from seqshift import registry, sidecar, storage
from seqshift.schemas.raw import TABLES
from seqshift.softgroup.data import panels


def cut(
    name: str, spec: dict, split: str, horizon: int, tables: list[str], world: str
) -> xr.Dataset:
    """Return the windows of one split of dataset `name` at a horizon.

    `tables` holds the path of its source's table, or nothing. `world` is real or
    simulated. The rest of what a reader must know stands in attributes.

    Raises
    ------
    BadInput
        If the table cannot be read or no window can be cut from it.
    """
    kind = registry.load("softgroup.data.datasets", spec["kind"])
    table = storage.read_table(tables[0], TABLES[kind.TABLE]) if tables else None
    made = kind.windows(table, spec, split, horizon)
    made.attrs = {"dropped": 0} | made.attrs
    made = made.assign_attrs(
        dataset=name,
        horizon=horizon,
        split=split,
        season=spec["season"],
        stride=spec["stride"],
        calendar=kind.CALENDAR,
        world=world,
        unit=kind.UNIT,
        right=kind.RIGHT,
        wrong=kind.WRONG,
        digest=sidecar.sha256(Path(tables[0])) if tables else "",
    )
    return panels.check(made, name)
