"""Defects of Meteostat files: a mean outside the extremes of its day."""

from pathlib import Path

import numpy as np
import pandas as pd

_EACH = 3  # days a station


def spoil(folder: Path, rng: np.random.Generator) -> dict[str, int]:
    """Damage the simulated file; return the rows that will be flagged by rule."""
    path = Path(folder, "weather.csv")
    frame = pd.read_csv(path, dtype="str", keep_default_na=False)
    for rows in frame.groupby("airport_code").indices.values():
        odd = rng.choice(rows, 2 * _EACH, replace=False)
        for chosen, column, step in (
            (odd[:_EACH], "temp_max", 0.3),
            (odd[_EACH:], "temp_min", -0.3),
        ):
            beyond = frame.loc[chosen, column].astype("float64") + step
            frame.loc[chosen, "temp_avg"] = beyond.map("{:.1f}".format)
    frame.to_csv(path, index=False, lineterminator="\n")
    return {"W9": 2 * _EACH * frame["airport_code"].nunique()}
