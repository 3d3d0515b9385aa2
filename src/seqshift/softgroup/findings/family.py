"""The confirmatory family: what is tested, declared before any loss is read."""

import pandas as pd

from seqshift.schemas.findings import FAMILY
from seqshift.softgroup.runs.arms import BASE

METRIC = "sql"
DESCRIPTIVE = "descriptive"  # how the remark on such a cell begins


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


def descriptive(cell: dict) -> bool:
    """Return whether a cell is shown and decides nothing."""
    return any(remark.startswith(DESCRIPTIVE) for remark in cell["remarks"])


def declare(cells: list[dict]) -> pd.DataFrame:
    """Return the table FAMILY of all planned cells, those without data included.

    The rows that are planned are the family; a descriptive cell is outside of it.

    Parameters
    ----------
    cells
        `backbone`, `dataset`, `H`, `wrong`, `right` (names of groupings, may be ""),
        `reason` (why the cell cannot be had, "" if it can) and `remarks`.
    """
    rows = [
        {
            **{key: cell[key] for key in ("backbone", "dataset", "H")},
            **{"arm": arm, "base": BASE, "metric": METRIC},
            **_status(cell),
        }
        for cell in cells
        for arm in members(cell)
    ]
    return pd.DataFrame(rows, columns=list(FAMILY.columns))


def _status(cell: dict) -> dict:
    if cell["reason"]:
        return {"status": "not available", "reason": cell["reason"]}
    if descriptive(cell):
        return {"status": DESCRIPTIVE, "reason": "; ".join(cell["remarks"])}
    return {"status": "planned", "reason": ""}
