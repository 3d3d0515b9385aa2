"""Evidence of one or a few tests whose numbers are set by hand."""

import pandas as pd

import softgrouptables as made
from seqshift.softgroup.findings.evidence import Evidence

NUMBERS = {"gain": 2.0, "low": 1.0, "high": 3.0, "p": 0.001, "q": 0.002}
NUMBERS |= {"tost_p": 0.9, "mde": 1.3, "unit_p": 0.0004, "bartlett_p": 0.0003}
NUMBERS |= {"pooled_p": 1e-9, "n_eff": 30.0, "units": 117, "seeds": 5}
HEAD = {"role": "gain", "scope": "all", "metric": "sql", "base": "hard_single"}
HEAD |= {"verdict": "benefit"}


def arm_row(cell: dict, arm: str, **values) -> dict:
    """Return a row of TESTS, as far as judges read it."""
    about = {name: cell[name] for name in ("backbone", "dataset", "H")}
    return about | HEAD | NUMBERS | {"arm": arm} | values


def evidence(cell: dict, rows: list[dict], **tables) -> Evidence:
    """Return evidence of these rows of TESTS."""
    tables = {"leaks": pd.DataFrame()} | tables
    return Evidence([cell], [], pd.DataFrame(rows), statistics=made.STATISTICS,
                    **tables)  # fmt: skip
