"""What the answers and the claims are judged by, and the shape of their rows."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from seqshift.schemas.findings import CELL
from seqshift.softgroup.findings.family import METRIC

TESTS_FILE = "tables/tests.csv"
EMPTY = {
    **{"n_seeds": 0, "world": "", "arm": "", "base": ""},
    **{name: np.nan for name in ("estimate_pct", "ci_lo", "ci_hi", "p_raw", "p_bh")},
    **{"tost": np.nan, "mde_pct": np.nan, "n_units": 0, "n_eff": np.nan},
    "source_file": TESTS_FILE,
}


@dataclass(frozen=True)
class Evidence:
    """Tables of a study; `cells` and `absent` are what the configuration plans.

    `units` maps a cell's key to its UNITS, `mass`, `similarity`, `agreement` and
    `curve` join the files of all runs.
    """

    cells: list[dict]
    absent: list[dict]  # backbone, reason
    tests: pd.DataFrame
    leaks: pd.DataFrame
    statistics: dict
    units: dict[tuple, pd.DataFrame] = field(default_factory=dict)
    mass: pd.DataFrame = field(default_factory=pd.DataFrame)
    similarity: pd.DataFrame = field(default_factory=pd.DataFrame)
    agreement: pd.DataFrame = field(default_factory=pd.DataFrame)
    curve: pd.DataFrame = field(default_factory=pd.DataFrame)

    def of(self, cell: dict, **where) -> pd.DataFrame:
        """Return the rows of TESTS of a cell: all steps and parts, SQL, or as told."""
        asked = {"role": "gain", "scope": "all", "metric": METRIC} | where
        return pick(self.tests, **{name: cell[name] for name in CELL}, **asked)

    def one(self, cell: dict, arm: str, **where) -> dict | None:
        """Return the row of an arm, None if the arm was not run."""
        rows = self.of(cell, arm=arm, **where)
        return rows.iloc[0].to_dict() if len(rows) else None

    def leak(self, cell: dict) -> pd.DataFrame:
        return pick(self.leaks, **{name: cell[name] for name in CELL})


def key(cell: dict) -> tuple[str, str, int]:
    """Return what names a cell."""
    return tuple(cell[name] for name in CELL)


def pick(frame: pd.DataFrame, **where) -> pd.DataFrame:
    """Return the rows whose columns have these values; none of an empty table."""
    keep = np.ones(len(frame), bool)
    for name, value in where.items():
        if len(frame):
            keep &= (frame[name] == value).to_numpy()
    return frame[keep]


def data(cell: dict) -> str:
    """Return how a cell's data set and horizon are called in a table."""
    return f"{cell['dataset']} H={cell['H']}"


def row(cell: dict, verdict: str, text: str, **values) -> dict:
    """Return one row of an answer or a claim."""
    about = {"data": data(cell), "backbone": cell["backbone"], "world": cell["world"]}
    own = {"verdict": verdict, "text": text, "n_seeds": len(cell["seeds"])}
    return EMPTY | about | own | values


def unshown(test: dict) -> str:
    """Return what an open comparison would have found, or why it has no test."""
    return f"MDE {test['mde']:.2f} %" if test["mde"] >= 0 else test["note"]


def of_test(test: dict) -> dict:
    """Return the numbers of a row of TESTS under the names of an answer."""
    return {
        **{"arm": test["arm"], "base": test["base"], "n_seeds": test["seeds"]},
        **{"estimate_pct": test["gain"], "ci_lo": test["low"], "ci_hi": test["high"]},
        **{"p_raw": test["p"], "p_bh": test["q"], "tost": test["tost_p"]},
        **{"mde_pct": test["mde"], "n_units": test["units"], "n_eff": test["n_eff"]},
    }


def ends(test: dict) -> str:
    """Return a gain with its interval, in words."""
    if np.isnan(test["low"]):
        return f"{test['gain']:+.2f} % (no interval)"
    return f"{test['gain']:+.2f} % [{test['low']:+.2f}, {test['high']:+.2f}]"
