"""EIA-930 hourly demand from the bulk file of the EIA: EBA.zip, one EBA.txt.

A line is one series in JSON: `series_id`, as EBA.ERCO-ALL.D.H for the hourly demand of
an authority in UTC (hour ending), and `data`, pairs of time (20200101T00Z) and value,
newest first. Other lines are of other series. The rules are those of seqshift.demand.
"""

import json
import re
import zipfile
from pathlib import Path

import pandas as pd

from seqshift import demand, loads, zipped
from seqshift.errors import ANEW, BadInput

TABLE = "LOAD_HOURLY"
FILE, MEMBER = "EBA.zip", "EBA.txt"
FORM = "%Y%m%dT%H"
_SERIES = re.compile(rb'\{\s*"series_id"\s*:\s*"EBA\.([^".]+)-ALL\.D\.H"')
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def simulate(world, spec: dict, folder: Path) -> None:
    """Write demand in whole megawatthours, and other series as the real file has."""
    hourly = world.hourly().round().astype("int64")
    stamps = hourly.index[::-1].strftime(f"{FORM}Z")
    lines = [{"category_id": "2122628", "name": "Day-ahead demand forecast"}]
    for name in hourly.columns:
        pairs = list(zip(stamps, hourly[name].tolist()[::-1], strict=True))
        for kind, data in {"D.H": pairs, "NG.H": pairs[:24]}.items():
            series = {"series_id": f"EBA.{name}-ALL.{kind}", "units": "megawatthours"}
            lines.append(series | {"f": "H", "data": data})
    write(folder / FILE, lines)


def write(path: Path, lines: list[dict]) -> None:
    """Write the zip so that equal lines give equal bytes."""
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    entry = zipfile.ZipInfo(MEMBER, _NO_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w") as target:
        target.writestr(entry, text)


def download(spec: dict, client) -> None:
    """Save the file, with the time that the manifest beside it gives as revision."""
    place = spec["url"].rpartition("/")[0] + "/manifest.txt"
    listed = client.json(place)
    try:
        revision = listed["dataset"]["EBA"]["last_updated"]
    except (KeyError, TypeError):
        raise BadInput(
            f"{place} does not list the dataset EBA; check `url` of this source"
        ) from None
    client.save(FILE, spec["url"], revision=revision)


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return LOAD_HOURLY of the authorities in `query.names`, of all without names.

    `query.start` and `query.end` bound the hours.

    Raises
    ------
    BadInput
        Naming file, series and entry of a cell that no rule repairs.
    """
    path, query = Path(folder, FILE), spec.get("query") or {}
    wanted, bounds = query.get("names"), ["", "9"]
    if query.get("start"):
        bounds = [time.strftime(FORM) for time in demand.span(spec)]
    found = {}
    with zipped.opened(path, MEMBER, spec) as lines:
        for line in lines:
            series = _SERIES.match(line)
            name = series[1].decode() if series else ""
            if name and (not wanted or name in wanted):
                frame = _pairs(line, name, path)
                frame = frame[frame["time"].between(*bounds)]
                if frame["value"].ne("").any():
                    found[name] = frame
    names = demand.chosen(spec, found, path)
    return loads.stack({name: _load(name, found[name], path) for name in names})


def _pairs(line: bytes, name: str, path: Path) -> pd.DataFrame:
    """Return time and value of a line as text."""
    try:
        pairs = [[str(time), value] for time, value in json.loads(line)["data"]]
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            f"{path}, series EBA.{name}-ALL.D.H is cut or has another form "
            f"({type(error).__name__}); {ANEW}"
        ) from None
    frame = pd.DataFrame(pairs, columns=["time", "value"], dtype="object")
    value = frame["value"].map(lambda cell: "" if cell is None else str(cell))
    return frame.assign(time=frame["time"].str.removesuffix("Z"), value=value)


def _load(name: str, frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    def fault(position: int, column: str, value: object, what: str) -> BadInput:
        return BadInput(
            f"{path}, series EBA.{name}-ALL.D.H, entry {frame.index[position]} of "
            f"data, {column}: {value} {what}; {ANEW}"
        )

    return demand.published(name, frame["time"], frame["value"], FORM, fault)
