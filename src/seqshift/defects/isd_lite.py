"""Defects of ISD-Lite files: hours missing or absent, a second number of a station.

Hours are taken around 18:00 UTC, which lie in one local day in all of the Americas.
"""

import gzip
from collections import Counter
from pathlib import Path

import numpy as np

from seqshift.sources.isd_lite import MISSING, write

_OTHER_NUMBER = "A00001"


def spoil(folder: Path, rng: np.random.Generator) -> dict[str, int]:
    """Damage the simulated files; return the rows that will be flagged by rule."""
    counts: Counter[str] = Counter()
    stations: dict[str, Path] = {}
    for path in sorted(Path(folder).glob("*.gz")):
        largest = stations.setdefault(path.name[:12], path)
        if path.stat().st_size > largest.stat().st_size:
            stations[path.name[:12]] = path
    for path in stations.values():
        counts += _spoil(path, rng)
    return dict(counts)


def _spoil(path: Path, rng: np.random.Generator) -> Counter:
    """Damage the file of one year."""
    text = gzip.decompress(path.read_bytes()).decode()
    hours = {line[:13]: int(line[13:19]) for line in text.splitlines()}
    days = sorted({stamp[:10] for stamp in hours})
    places = rng.choice(np.arange(3, len(days) - 5, 6), 6, replace=False)
    absent, missing, few, outage, same, other = (
        [f"{days[place + step]} {hour}" for step in range(3) for hour in range(14, 22)]
        for place in places
    )
    for stamp in [*absent[3:6], *few[:8], *outage]:
        del hours[stamp]
    for stamp in missing[4:6]:
        hours[stamp] = MISSING
    second = {stamp: hours[stamp] for stamp in [*same[:8], *other[:8]]}
    second[other[4]] += 10
    write(path, hours.items())
    write(path.with_name(f"{_OTHER_NUMBER}{path.name[6:]}"), sorted(second.items()))
    return Counter({"W7": 2, "W1": 4, "W8": 1})
