"""Defects of EIA-860: E20, a plant without dates, and E26, one without a state."""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import spoiling
from seqshift.sources import eia860


def spoil(folder: Path, rng: np.random.Generator) -> dict[str, int]:
    """Add both plants to the simulated file; return the rows marked, by rule."""
    path = next(Path(folder).glob("*.xlsx"))
    last = pd.Timestamp(int(re.search(r"Y(\d{4})", path.name)[1]), 12, 1)
    return spoiling.generators(path, eia860.OPERABLE, eia860.HEADER[:2], last, rng)
