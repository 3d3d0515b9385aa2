"""EIA-860M: power in service per state and month, photovoltaic and of all kinds.

One workbook a month lists every generator with its dates, so the newest one gives the
stock of all months, also of those before the first workbook (2015-07), by one
definition: nameplate power, which files before 2016-04 lack. The header stands in the
second row until 2020-10 and in the third since; footnotes end the sheets. The rules
are those of seqshift.plants.
"""

import re
from pathlib import Path

import pandas as pd

from seqshift import plants, queries, workbook
from seqshift.errors import BadInput

TABLE = "CAPACITY"
OPERATING, RETIRED = "Operating", "Retired"
HEADER = [
    *["Plant ID", "Plant State", plants.GENERATOR, "Technology", plants.MW],
    *plants.OPENED,
]
MONTHS = (
    "january february march april may june july august september october november "
    "december"
).split()
GAS = "Natural Gas Fired Combined Cycle"
_COLUMNS = [
    *["Entity ID", "Entity Name", "Plant ID", "Plant Name", "Plant State", "County"],
    *["Balancing Authority Code", "Sector", plants.GENERATOR, "Unit Code", plants.MW],
    *["Net Summer Capacity (MW)", "Net Winter Capacity (MW)", "Technology"],
    *["Energy Source Code", "Prime Mover Code", *plants.OPENED],
]
_RUNNING = ["Planned Retirement Month", "Planned Retirement Year", "Status"]
_PLACE = ["Latitude", "Longitude"]
_NOTES = [["NOTES:"], ["Capacity from facilities with a total of 1 MW or more."]]
_FILE = rf"({'|'.join(MONTHS)})_generator(\d{{4}})\.xlsx"
_MONTHS_BEFORE = 24  # the photovoltaic stock of the first month opened so long before
_GAS_OPENED = pd.Period("1985-06", "M")


def simulate(world, spec: dict, folder: Path) -> None:
    """Write the file of the world's last month.

    All generators of a state have the same power in every month, twice the mean load:
    where solar power opens, as much gas power retires. So the photovoltaic share of a
    state is half its solar share on the first of the month.
    """
    opened = plants.openings(world, _MONTHS_BEFORE)
    total = world.total_mw().groupby(pd.Series(world.states)).sum().round(1)
    running, retired = [], []
    for state, steps in opened.items():
        for month, mw in steps[steps > 0].items():
            running.append(_row(len(running), state, plants.PV, mw, month))
            gas = _row(len(retired), state, GAS, mw, _GAS_OPENED)
            retired.append([*gas, month.month, month.year, 40.0, -90.0])
        rest = round(total[state] - steps.sum(), 1)
        running.append(_row(len(running), state, GAS, rest, _GAS_OPENED))
    running = [[*row, None, None, "(OP) Operating", 40.0, -90.0] for row in running]
    last = world.days[-1]
    title = [[f"Inventory of Operating Generators as of {last:%B %Y}"], []]
    columns = [*_COLUMNS, *plants.CLOSED, *_PLACE]
    sheets = {
        OPERATING: [*title, [*_COLUMNS, *_RUNNING, *_PLACE], *running, [], *_NOTES],
        "Planned": [*title, [*_COLUMNS[:-2], "Status"], [], *_NOTES],
        RETIRED: [*title, columns, *retired, [], *_NOTES],
    }
    name = f"{MONTHS[last.month - 1]}_generator{last.year}.xlsx"
    workbook.write(sheets, folder / name)


def _row(number: int, state: str, kind: str, mw: float, month: pd.Period) -> list:
    """Return one generator up to the month and year of its opening."""
    owner = [100, "Simulated Power", 60000 + number, f"Plant {number}", state, "County"]
    codes = ["SUN", "PV"] if kind == plants.PV else ["NG", "CA"]
    power = [float(mw), float(mw), float(mw)]
    unit = ["SIM", "IPP Non-CHP", "1", None, *power, kind, *codes]
    return [*owner, *unit, month.month, month.year]


def download(spec: dict, client) -> None:
    """Save the workbook of the month of `query.end`, from the archive if it is there.

    The newest file moves to the archive when the next one appears.
    """
    end = pd.Timestamp(queries.need(spec, "end")[0])
    parts = {"month": MONTHS[end.month - 1], "year": end.year}
    name = "{month}_generator{year}.xlsx".format(**parts)
    old, new = (queries.fill(spec[key], **parts) for key in ("archive", "url"))
    client.save(name, old, archive=new, check=_plants)


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return the newest file of a folder as CAPACITY.

    Raises
    ------
    BadInput
        If the file is no such workbook or a cell is wrong.
    """
    files = workbook.find(folder, _FILE)
    found = {month_of(name): path for name, path in files.items()}
    last = max(found)
    return plants.stock(_plants(found[last]), last, whole=True)


def month_of(name: str) -> pd.Timestamp:
    """Return the month of a workbook by its name."""
    month, year = re.fullmatch(_FILE, name).groups()
    return pd.Timestamp(int(year), MONTHS.index(month) + 1, 1)


def _plants(path: Path) -> pd.DataFrame:
    """Return the generators that are or were in service."""
    sheets = workbook.read(path, header=None)
    running = plants.table(sheets, OPERATING, HEADER, path)
    closed = plants.table(sheets, RETIRED, [*HEADER, *plants.CLOSED], path)
    if not len(running):
        raise BadInput(
            f"{path} lists no generator; "
            "delete it and manifest.json beside it, then run again"
        )
    parts = [
        plants.dated(running, OPERATING, path, closed=False),
        plants.dated(closed, RETIRED, path, closed=True),
    ]
    return pd.concat(parts, ignore_index=True)
