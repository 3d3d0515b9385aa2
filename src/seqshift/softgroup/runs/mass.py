"""How much attention goes to other groups in each arm."""

import pandas as pd

from seqshift.softgroup.runs.arms import Arm
from seqshift.softgroup.runs.forecaster import Forecaster


def measure(forecaster: Forecaster, arms: list[Arm], run: dict) -> pd.DataFrame:
    """Return the table MASS of arms; `run` holds backbone and seed."""
    sizes, dataset = forecaster.windows.sizes, forecaster.windows.attrs["dataset"]
    rows = []
    for arm in arms:
        about = {name: getattr(arm, name) for name in ("kind", "how", "on", "beta")}
        key = {**run, "dataset": dataset, "H": sizes["step"], "arm": arm.id, **about}
        found = enumerate(forecaster.mass(arm))
        rows += [{**key, "layer": layer, "mass": mass} for layer, mass in found]
    return pd.DataFrame(rows)
