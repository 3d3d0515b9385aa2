"""T1 to T4: the tables that a reader of the study looks at."""

import numpy as np
import pandas as pd

from seqshift.schemas.findings import CELL, CONTROLS, LEAKS, TESTS
from seqshift.softgroup.findings import leakage
from seqshift.softgroup.findings.evidence import pick
from seqshift.softgroup.findings.family import METRIC
from seqshift.softgroup.runs.arms import BASE


def gains(tests: pd.DataFrame, family: pd.DataFrame, cells: list[dict]) -> pd.DataFrame:
    """T1: the gain of every arm over hard_single, planned rows without data included.

    Parameters
    ----------
    tests
        TESTS of all cells.
    family
        FAMILY; its rows that are not available come last, with the reason.
    cells
        Planned cells.
    """
    found = tests[(tests["role"] == "gain") & (tests["scope"] == "all")]
    return _with_missing(found, family, cells, [""])


def parts(tests: pd.DataFrame, family: pd.DataFrame, cells: list[dict]) -> pd.DataFrame:
    """T3: the gain of the declared arms by variable, parent or class of length."""
    declared = pd.MultiIndex.from_frame(family[[*CELL, "arm"]])
    own = tests[tests["scope"] == "part"]
    known = pd.MultiIndex.from_frame(own[[*CELL, "arm"]]).isin(declared)
    planned = [cell for cell in cells if cell["part"]]
    return _with_missing(own[known], family, planned, ["any"])


def controls(tests: pd.DataFrame, agreement: pd.DataFrame) -> pd.DataFrame:
    """T2: what a soft arm gains over each of its controls.

    Parameters
    ----------
    tests
        TESTS of all cells.
    agreement
        AGREEMENT of all runs: mass, level and weight of the controls.
    """
    head = tests[(tests["scope"] == "all") & (tests["metric"] == METRIC)]
    net = head[head["role"] == "net"].rename(columns={"base": "control", "gain": "net"})
    alone = head[head["role"] == "gain"].set_index([*CELL, "arm"])["gain"]
    for name in ("arm", "control"):
        keys = pd.MultiIndex.from_frame(net[[*CELL, name]])
        net[f"{name}_gain"] = alone.reindex(keys).to_numpy()
    matched = agreement.groupby([*CELL, "arm"])[["mass", "level", "weight"]].mean()
    keys = pd.MultiIndex.from_frame(net[[*CELL, "control"]])
    for name in matched:
        net[name] = matched[name].reindex(keys).to_numpy()
    return net[list(CONTROLS.columns)]


def leaks(
    leak: pd.DataFrame, tests: pd.DataFrame, cells: list[dict], statistics: dict
) -> pd.DataFrame:
    """T4: the leak of every cell that has it, taken apart and judged.

    Parameters
    ----------
    leak
        LEAK of all runs; of one without rows the reason stands instead.
    """
    found = []
    for cell in cells:
        if not cell["leak"]:
            continue
        key = {name: cell[name] for name in CELL}
        if cell["reason"]:
            found.append(_missing_leak(cell))
            continue
        table = leakage.decompose(pick(leak, **key), cell["world"], statistics)
        head = {"role": "gain", "scope": "all", "metric": METRIC, "base": BASE}
        seed = pick(tests, **key, **head, arm="seed")
        row = seed.iloc[0].to_dict() if len(seed) else None
        found.append(leakage.conclude(table, row))
    if not found:
        return pd.DataFrame({name: [] for name in LEAKS.columns})
    return pd.concat(found, ignore_index=True)


def _with_missing(
    tests: pd.DataFrame, family: pd.DataFrame, cells: list[dict], parts: list[str]
) -> pd.DataFrame:
    by_key = {tuple(cell[name] for name in CELL): cell for cell in cells}
    numbers = {
        name: np.nan for name, column in TESTS.columns.items() if column.nullable
    }
    lost = []
    for one in family[family["status"] == "not available"].to_dict("records"):
        key = tuple(one[name] for name in CELL)
        if key in by_key:
            cell = by_key[key]
            about = {"world": cell["world"], "unit": cell["unit"], "role": "gain"}
            about |= {"seeds": 0, "units": 0, "overlap": 0, "family": "confirmatory"}
            about |= {"verdict": "not available", "note": one["reason"], "band": ""}
            about["scope"] = "part" if parts != [""] else "all"
            own = {name: one[name] for name in (*CELL, "arm", "base", "metric")}
            lost += [{**numbers, **about, **own, "part": part} for part in parts]
    missing = pd.DataFrame(lost, columns=list(TESTS.columns))
    if tests.empty or missing.empty:
        return (missing if tests.empty else tests)[list(TESTS.columns)]
    return pd.concat([tests, missing], ignore_index=True)[list(TESTS.columns)]


def _missing_leak(cell: dict) -> pd.DataFrame:
    row = {name: np.nan for name, column in LEAKS.columns.items() if column.nullable}
    row |= {name: cell[name] for name in (*CELL, "world")}
    row |= {"design": "block", "variant": leakage.DIFFERENCE, "verdict": "not testable"}
    row |= dict.fromkeys(("lead", "context", "seeds", "blocks"), 0)
    return pd.DataFrame([row | {"text": cell["reason"]}])[list(LEAKS.columns)]
