"""One control's outcome, as a part of a row of the table CONTROLS."""

import numpy as np


def judged(
    value: float,
    low: float,
    high: float,
    bound: float,
    passed: bool,
    units: int,
    detail: str,
    p: float = np.nan,
) -> dict:
    """Return the outcome of a control that was decided."""
    return {
        "value": value, "low": low, "high": high, "bound": bound, "p": p,
        "passed": bool(passed), "status": "ok", "units": units, "detail": detail,
    }  # fmt: skip


def lost(detail: str) -> dict:
    """Return the outcome of a control that cannot be tested, with the reason."""
    nothing = dict.fromkeys(("value", "low", "high", "bound", "p"), np.nan)
    state = {"passed": False, "status": "not_testable", "units": 0}
    return nothing | state | {"detail": detail}
