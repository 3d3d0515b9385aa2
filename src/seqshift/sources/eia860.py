"""EIA-860 schedule 3_3 (solar): PV power in service per state and month.

The newest file of the folder is used; the stock of earlier months is rebuilt from the
operating dates by seqshift.plants, plants that ran and were retired included. Of the
second sheet only Status RE was in service (E21): the others were cancelled.
"""

import re
from pathlib import Path

import pandas as pd

from seqshift import plants, queries, workbook

TABLE = "CAPACITY"
OPERABLE, RETIRED = "Operable", "Retired and Canceled"
HEADER = [
    *["Plant Code", "State", plants.GENERATOR, "Status", "Technology", plants.MW],
    *plants.OPENED,
]
_FILE = r"3_3_Solar_Y\d{4}\.xlsx"
_MONTHS_BEFORE = 24  # simulated plants of the first stock opened so long before


def simulate(world, spec: dict, folder: Path) -> None:
    """Write the file of the world's last year: monthly openings that add up.

    One plant is retired, one was cancelled, neither is in service in the world.
    """
    rows, late = [], world.days[-1].year
    for state, steps in plants.openings(world, _MONTHS_BEFORE).items():
        for month, mw in steps[steps > 0].items():
            plant = [60000 + len(rows), state, "PV1", "OP", plants.PV, float(mw)]
            rows.append([*plant, month.month, month.year])
    past = world.days[0].year - 3
    gone = [[*rows[0][1:3], status, plants.PV, 9.9] for status in ("RE", "CN")]
    dates = [[1, past, 6, past], [" ", " ", 1, late]]
    retired = [[70000 + i, *gone[i], *dates[i]] for i in range(2)]
    title = ["Form EIA-860 Data - Schedule 3, 'Solar Technology Data'"]
    sheets = {
        OPERABLE: [title, HEADER, *rows],
        RETIRED: [title, [*HEADER, *plants.CLOSED], *retired],
    }
    workbook.write(sheets, folder / f"3_3_Solar_Y{late}.xlsx")


def download(spec: dict, client) -> None:
    """Save the workbooks in `query.names`, for example 3_3_Solar_Y2024.xlsx."""
    (names,) = queries.need(spec, "names")
    for name in names:
        client.save(name, queries.fill(spec["url"], name=name), check=_plants)


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return the newest file of a folder as CAPACITY.

    Raises
    ------
    BadInput
        If the file is no such workbook or a cell is wrong.
    """
    name, path = sorted(workbook.find(folder, _FILE).items())[-1]
    last = pd.Timestamp(int(re.search(r"Y(\d{4})", name)[1]), 12, 1)
    return plants.stock(_plants(path), last, whole=False)


def _plants(path: Path) -> pd.DataFrame:
    """Return the photovoltaic plants that are or were in service."""
    sheets = workbook.read(path, header=None)
    running = plants.table(sheets, OPERABLE, HEADER, path)
    closed = plants.table(sheets, RETIRED, [*HEADER, *plants.CLOSED], path)
    closed = closed[closed["Status"] == "RE"]
    parts = [
        plants.dated(running, OPERABLE, path, closed=False),
        plants.dated(closed, RETIRED, path, closed=True),
    ]
    whole = pd.concat(parts, ignore_index=True)
    return whole[whole["Technology"] == plants.PV]
