"""M4 competition, hourly series: Hourly-train.csv and Hourly-test.csv, no dates.

A row is a series: its id, then its values; rows end in empty cells up to the width of
the file. The steps of a series run through its training and then its test part: the
last HORIZON steps are the test part. Rule B2: an empty cell between values is refused.
"""

import csv
from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import queries, textfile
from seqshift.errors import BadInput

TABLE = "SERIES"
HORIZON = 48
_LENGTHS = (960, 700)  # of the training parts, in turn
_PARTS = {"Train": "train", "Test": "test"}  # folder -> word in the file name


def simulate(world, spec: dict, folder: Path) -> None:
    """Write the last hours of the series of a world, which needs 42 days of them."""
    longest = max(_LENGTHS) + HORIZON
    if len(world.values) < longest:
        raise BadInput(
            f"source m4: its world has {len(world.values)} hours and {longest} are "
            "needed; give it 42 days"
        )
    trains, tests = {}, {}
    for number, (name, values) in enumerate(world.values.items()):
        length = _LENGTHS[number % len(_LENGTHS)]
        series = [f"{value:.4f}" for value in values.iloc[-length - HORIZON :]]
        trains[name], tests[name] = series[:-HORIZON], series[-HORIZON:]
    _write(folder / "Hourly-train.csv", trains)
    _write(folder / "Hourly-test.csv", tests)


def _write(path: Path, series: dict[str, list[str]]) -> None:
    width = max(map(len, series.values()))
    rows = [[f"V{number}" for number in range(1, width + 2)]]
    rows += [[name, *cells] for name, cells in series.items()]
    lines = (",".join(f'"{cell}"' for cell in row) for row in rows)
    empty = ("," * (width + 1 - len(row)) for row in rows)
    pairs = zip(lines, empty, strict=True)
    path.write_text("".join(f"{line}{tail}\n" for line, tail in pairs))


def download(spec: dict, client) -> None:
    """Save both files."""
    for part, file in _PARTS.items():
        url = queries.fill(spec["url"], part=part, file=file)
        client.save(f"Hourly-{file}.csv", url, check=_part)


def read(folder: Path, spec: dict) -> pd.DataFrame:
    """Return both files of a folder as SERIES; `time` is missing.

    Raises
    ------
    BadInput
        If a file or a series is missing, or naming line and column of a wrong cell.
    """
    files = textfile.find(folder)
    wanted = {f"Hourly-{file}" for file in _PARTS.values()}
    if set(files) != wanted:
        raise BadInput(
            f"{folder} holds {', '.join(sorted(files))} and should hold "
            f"{' and '.join(sorted(wanted))}; "
            "delete manifest.json there and run again"
        )
    train, test = _part(files["Hourly-train"]), _part(files["Hourly-test"])
    for name in sorted(train.keys() | test.keys()):
        if len(test.get(name, [])) != HORIZON or name not in train:
            raise BadInput(
                f"{folder}: series {name} needs a training part and {HORIZON} test "
                "values; "
                "delete manifest.json there and run again"
            )
    series = {name: np.append(train[name], test[name]) for name in sorted(train)}
    lengths = [len(values) for values in series.values()]
    return pd.DataFrame(
        {
            "series": pd.Series(np.repeat([*series], lengths), dtype="str"),
            "step": np.concatenate([np.arange(length) for length in lengths]),
            "time": np.datetime64("NaT", "ns"),
            "value": np.concatenate([*series.values()]),
            "flag": pd.Series("", range(sum(lengths)), dtype="str"),
        }
    )


def _part(path: Path) -> dict[str, np.ndarray]:
    """Return id -> values of one file."""
    try:
        rows = list(csv.reader(textfile.text(path).splitlines(), strict=True))
    except csv.Error as error:
        raise BadInput(
            f"{path} is no csv file ({error}); delete manifest.json there and run again"
        ) from None
    header = rows[0] if rows else []
    if len(rows) < 2 or header != [f"V{n}" for n in range(1, len(header) + 1)]:
        raise BadInput(
            f"{path} should start with V1, V2 and so on and hold series; "
            "delete manifest.json there and run again"
        )
    series: dict[str, np.ndarray] = {}
    for row, cells in enumerate(rows[1:]):
        if len(cells) != len(header):
            what = f"in place of {len(header)}, the file was cut or edited"
            raise textfile.wrong(path, row, "all", f"{len(cells)} fields", what)
        if not cells[0] or cells[0] in series:
            what = "is empty or appears twice"
            raise textfile.wrong(path, row, "V1", f"'{cells[0]}'", what)
        series[cells[0]] = _values(cells[1:], path, row)
    return series


def _values(cells: list[str], path: Path, row: int) -> np.ndarray:
    while cells and not cells[-1]:
        cells.pop()
    values = pd.to_numeric(pd.Series(cells, dtype="str"), errors="coerce").to_numpy()
    bad = np.flatnonzero(~np.isfinite(values))
    if len(bad) or not cells:
        place = int(bad[0]) if len(bad) else 0
        cell = f"'{cells[place]}'" if cells else "''"
        raise textfile.wrong(path, row, f"V{place + 2}", cell, "is not a number")
    return values.astype(np.float64)
