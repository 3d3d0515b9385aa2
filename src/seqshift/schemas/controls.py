"""Tables of the trial of Cos-Drift: its quarters, and the controls of a run."""

import pandera.pandas as pa

from seqshift.schemas.results import KEY, RUN

# In the order of the report. The last two inform and decide nothing.
CONTROLS_BY_NAME = (
    "pooled",
    "label-permutation",
    "id-id",
    "randomised",
    "graded",
    "completeness",
    "within",
    "untrained",
)
EVIDENCED = ("label-permutation", "id-id", "randomised", "graded", "completeness")
STATES = ("ok", "not_testable", "informative")


def _names(*names: str) -> dict[str, pa.Column]:
    return {name: pa.Column(str, pa.Check.ne(""), coerce=True) for name in names}


def _floats(*names: str) -> dict[str, pa.Column]:
    return {name: pa.Column("float64", nullable=True, coerce=True) for name in names}


def _counts(*names: str) -> dict[str, pa.Column]:
    return {name: pa.Column("int64", pa.Check.ge(0)) for name in names}


def _choice(*names: str) -> pa.Column:
    return pa.Column(str, pa.Check.isin(names), coerce=True)


def _text() -> pa.Column:
    return pa.Column(str, coerce=True, default="")


QUARTERS = pa.DataFrameSchema(
    {
        **_names(*RUN),
        **_counts("seed"),
        **_names("entity"),
        "period": pa.Column(str, pa.Check.str_matches(r"^\d{4}Q[1-4]$"), coerce=True),
        **_names("variant"),
        "role": _choice("reference", "test"),
        **_floats("drift", "null_mean", "null_sd", "z"),
        **_counts("windows"),
    },
    strict=True,
    unique=[*KEY, "period", "variant"],
)

# What one run contributes to its controls: a drift with its null and p, or a distance
# or gap alone; `least_p` is the smallest p that its number of years allows.
EVIDENCE = pa.DataFrameSchema(
    {
        **_names(*RUN),
        **_counts("seed"),
        "entity": _text(),
        "control": _choice(*EVIDENCED),
        **_floats("amplitude", "value", "null_mean", "p", "least_p"),
    },
    strict=True,
    unique=[*KEY, "control", "amplitude"],
)

CONTROLS = pa.DataFrameSchema(
    {
        **_names(*RUN),
        "control": _choice(*CONTROLS_BY_NAME),
        **_floats("value", "low", "high", "bound", "p"),
        "passed": pa.Column(bool),
        "status": _choice(*STATES),
        **_counts("seeds", "units"),
        "detail": _text(),
    },
    strict=True,
    unique=[*RUN, "control"],
)
