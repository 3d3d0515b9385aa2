"""Tables about the study itself: seeds it needs, verdicts under other settings."""

import pandera.pandas as pa

from seqshift.schemas import results

LEVELS = ("fails", "does not fail", "undecided")


def _names(*names: str) -> dict[str, pa.Column]:
    return {name: pa.Column(str, pa.Check.ne(""), coerce=True) for name in names}


def _texts(*names: str) -> dict[str, pa.Column]:
    return {name: pa.Column(str, coerce=True, default="") for name in names}


def _counts(*names: str) -> dict[str, pa.Column]:
    return {name: pa.Column("int64", pa.Check.ge(0)) for name in names}


def _floats(*names: str) -> dict[str, pa.Column]:
    return {name: pa.Column("float64", nullable=True, coerce=True) for name in names}


def _shares(*names: str) -> dict[str, pa.Column]:
    check = pa.Check.in_range(0, 1)
    return {n: pa.Column("float64", check, nullable=True, coerce=True) for n in names}


_CELL = {**_names(*results.RUN, "axis"), **_texts("slice"), **_names("metric")}

POWER = pa.DataFrameSchema(
    {
        **_CELL,
        "column": pa.Column(str, pa.Check.isin(("seed", "corr")), coerce=True),
        "sides": pa.Column("int64", pa.Check.isin((1, 2))),  # of the t-test
        **_counts("seeds", "entities"),  # of the pilot
        # Deviation over seeds of the mean log over entities; its 95 % interval; the
        # upper limit on which a careful plan rests.
        **_floats("sigma", "sigma_low", "sigma_high", "sigma_upper"),
        **_floats("ratio"),  # the change that is to be found
        **_counts("planned"),  # seeds of the study
        **_shares("target", "target_high"),  # power
        # Least seeds at the lower and the higher power, on sigma and on its limit.
        **_floats("needed", "needed_high", "needed_upper", "needed_high_upper"),
        **_shares("power", "power_upper"),  # of the planned seeds
        **_floats("sigma_limit"),  # largest sigma for the higher power with them
        # Entities and days: standard error that no seed shrinks, its share of the
        # variance with the planned seeds, and the power of a claim that counts it.
        **_floats("fixed_error"),
        **_shares("fixed_share", "power_total"),
    },
    strict=True,
    unique=[*results.RUN, "axis", "slice", "metric", "column", "sides"],
)

SENSITIVITY = pa.DataFrameSchema(
    {
        **_CELL,
        # What is varied ("all": everything at once) and its value.
        **_names("setting", "level"),
        **_counts("settings"),  # combinations of settings in this row
        **_shares("fails", "does_not_fail", "undecided"),  # of them
        "verdict": pa.Column(str, pa.Check.isin(LEVELS), coerce=True),  # as configured
        **_shares("kept"),  # of the combinations, those with that verdict
    },
    strict=True,
    unique=[*results.RUN, "axis", "slice", "metric", "setting", "level"],
)

CLAIMS = pa.DataFrameSchema(
    {
        **_names("claim", "source", "statement", "test", "family"),
        **_floats("threshold"),
        **_names("held", "failed", "measure"),  # what counts; what the estimate is
        **_floats("estimate", "low", "high"),
        # That the claim holds, and that its opposite does; missing where it is judged
        # by intervals or where a cell is not testable.
        **_shares("p", "q", "p_failed", "q_failed"),
        "verdict": pa.Column(
            str, pa.Check.isin(("held", "failed", "undecided")), coerce=True
        ),
        **_names("reason"),
        **_counts("units"),  # rows or comparisons that it speaks of
        **_names("sha256"),  # of claims.yaml
    },
    strict=True,
    unique=["claim"],
)
