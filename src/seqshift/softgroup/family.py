"""The confirmatory family: what is tested, declared before any loss is read."""

import pandas as pd

from seqshift.schemas.findings import FAMILY
from seqshift.softgroup.arms import BASE

METRIC = "sql"


def members(cell: dict) -> list[str]:
    """Return the confirmatory arms of a cell.

    Hard masks by the wrong groups, the right groups and one group of all; the soft
    masks that validation chose, on single series and on the wrong groups; and the arm
    of the original study.
    """
    hard = [cell[name] for name in ("wrong", "right") if cell[name]]
    soft = ["single", *([cell["wrong"]] if cell["wrong"] else [])]
    return [
        *(f"hard_{groups}" for groups in [*hard, "joint"]),
        *(f"soft_{groups}_selected" for groups in soft),
        "seed",
    ]


def declare(cells: list[dict]) -> pd.DataFrame:
    """Return the table FAMILY of all planned cells, those without data included.

    Parameters
    ----------
    cells
        `backbone`, `dataset`, `H`, `wrong`, `right` (names of groupings, may be "")
        and `reason` (why the cell cannot be had, "" if it can).
    """
    rows = [
        {
            **{key: cell[key] for key in ("backbone", "dataset", "H")},
            **{"arm": arm, "base": BASE, "metric": METRIC},
            "status": "not available" if cell["reason"] else "planned",
            "reason": cell["reason"],
        }
        for cell in cells
        for arm in members(cell)
    ]
    return pd.DataFrame(rows, columns=list(FAMILY.columns))
