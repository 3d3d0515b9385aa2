"""Defects of EIA-860M: E20, a generator without dates, and E26, one without a state."""

from pathlib import Path

import numpy as np

from seqshift import spoiling
from seqshift.sources import eia860m


def spoil(folder: Path, rng: np.random.Generator) -> dict[str, int]:
    """Add both generators to the simulated file; return the rows marked, by rule."""
    path = next(Path(folder).glob("*.xlsx"))
    last = eia860m.month_of(path.name)
    return spoiling.generators(path, eia860m.OPERATING, eia860m.HEADER[:2], last, rng)
