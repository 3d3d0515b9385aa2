"""What the report says beside verdicts and errors, as rows for its templates."""

import pandas as pd

from seqshift import planning

STUDIES = (
    *("claims", "power", "ablations", "scaling"),
    *("controls", "arena", "transfer", "warning"),
)
BY = ["status", "domain", "metric", "axis", "slice"]


def studies(tables: dict[str, pd.DataFrame], alpha: float | None = None) -> dict:
    """Return the rows of each table by name; none where it is absent or empty.

    `alpha` is the level of the verdicts, 0.05 if it is not known.
    """
    frames = {name: tables.get(name, pd.DataFrame()) for name in STUDIES}
    found = {name: frame.to_dict("records") for name, frame in frames.items()}
    found["power_sentence"] = planning.sentence(frames["power"])
    tests = tables.get("tests", pd.DataFrame())
    return found | {"multiplicity": multiplicity(tests, alpha or 0.05)}


def multiplicity(tests: pd.DataFrame, alpha: float) -> dict:
    """Return what other dependence leaves of the verdicts, and the tests not made."""
    found = {"rows": len(tests), "by": None, "lost": [], "fails": 0, "passes": 0}
    if tests.empty:
        return found
    fails, passes = (tests["verdict"] == name for name in ("fails", "does not fail"))
    found |= {"fails": int(fails.sum()), "passes": int(passes.sum())}
    if {"q_by", "q_ok_by"} <= set(tests):
        kept = {"fails": fails & (tests["q_by"] <= alpha)}
        kept["passes"] = passes & ~kept["fails"] & (tests["q_ok_by"] <= alpha)
        found["by"] = {name: int(rows.sum()) for name, rows in kept.items()}
    lost = tests[tests["status"] != "ok"].assign(reason=lambda rows: reasons(rows))
    for key, part in lost.groupby([*BY, "reason"], sort=True):
        runs = part["modality"] + " " + part["model"]
        line = dict(zip([*BY, "reason"], key, strict=True))
        found["lost"].append(line | {"count": len(part), "runs": ", ".join(runs)})
    return found


def reasons(tests: pd.DataFrame) -> list[str]:
    """Return why each test that is not ok was not made."""
    return [_reason(row) for row in tests.to_dict("records")]


def _reason(row: dict) -> str:
    if row["status"] == "underfit":
        return "the model does not beat the naive forecast where it must"
    if row["status"] == "low_n":
        return "fewer windows than the least number in every entity"
    if row["status"] == "invalid":
        return "a control failed"
    if not row["entities"]:
        return "no entity has a value in every seed"
    if row["entities"] < 2:
        return "one entity has a value: nothing tells how entities differ"
    if row["blocks"] < 2:
        return "one block of days: nothing tells how periods differ"
    return "a value that the test needs is missing"
