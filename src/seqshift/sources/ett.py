"""Electricity transformer temperature: one CSV a file of the benchmark (ETTh1 ...).

Seven columns: six loads and the oil temperature OT, local time without a zone. ETTh
files are hourly, ETTm files quarter-hourly; both without gaps. Values may be zero or
below (B1), so nothing that reads them may take logarithms. A series is named
`<file>:<column>`.
"""

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import loads, queries, textfile
from seqshift.errors import BadInput

TABLE = "SERIES"
# Size of the simulated loads relative to OT; negative where load flows back.
_LOADS = dict(HUFL=0.5, HULL=0.2, MUFL=0.4, MULL=-0.1, LUFL=0.1, LULL=0.05)
COLUMNS = [*_LOADS, "OT"]
_STAMP = "%Y-%m-%d %H:%M:%S"
_SPACING = {"ETTh": pd.Timedelta("1h"), "ETTm": pd.Timedelta("15min")}


def simulate(world, spec: dict, folder: Path) -> None:
    """Write a file for each series of a world: OT, and loads that follow it.

    A load that the world has as a series of its own, `<file>:<column>`, is that series.
    """
    stamps = world.values.index.strftime(_STAMP)
    files = [name for name in world.values if ":" not in name]
    for number, file in enumerate(files):
        values = world.values[file]
        rng = np.random.default_rng(np.random.SeedSequence([world.seed, 3, number]))
        frame = pd.DataFrame({"date": stamps})
        for column, size in _LOADS.items():
            follower = values + rng.normal(size=len(values))
            own = world.values.get(f"{file}:{column}", follower)
            frame[column] = size * own.to_numpy()
        frame["OT"] = values.to_numpy()
        path = folder / f"{file}.csv"
        frame.to_csv(path, index=False, float_format="%.6f", lineterminator="\n")


def download(spec: dict, client) -> None:
    """Save the files in `query.names`, such as ETTh1."""
    (names,) = queries.need(spec, "names")
    for name in names:
        url = queries.fill(spec["url"], name=name)
        client.save(f"{name}.csv", url, check=partial(_file, name))


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return all files of a folder as SERIES.

    Raises
    ------
    BadInput
        Naming file, line and column of the first cell that cannot be right.
    """
    parts = [_file(name, path) for name, path in textfile.find(folder).items()]
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values(["series", "step"], ignore_index=True)


def _file(name: str, path: Path) -> pd.DataFrame:
    spacing = _SPACING.get(name[:4])
    if spacing is None:
        raise BadInput(f"{path} is not named like ETTh1 or ETTm1; rename or remove it")
    frame = textfile.table(path, ["date", *COLUMNS], ["date"])
    times = loads.stamps(frame["date"], _STAMP, path)
    bad = np.flatnonzero(times.diff().iloc[1:] != spacing) + 1
    if len(bad):
        cell, minutes = frame["date"].iloc[bad[0]], spacing // pd.Timedelta("1min")
        what = f"is not {minutes} minutes after the line above"
        raise textfile.wrong(path, bad[0], "date", cell, what)
    steps = np.arange(len(frame))
    parts = [
        pd.DataFrame(
            {"series": f"{name}:{column}", "step": steps, "time": times}
        ).assign(value=frame[column], flag="")
        for column in COLUMNS
    ]
    return pd.concat(parts).astype({"series": "str", "flag": "str"})
