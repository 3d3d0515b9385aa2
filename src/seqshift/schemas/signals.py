"""Tables of the early-warning arena: signals, their scores, and the claim."""

import pandera.pandas as pa

from seqshift.schemas.results import RUN

COS_DRIFT = "cos-drift"
RATIO = "cos-drift-ratio"
# In the order of the report: Cos-Drift in its forms, then its rivals.
OWN = (COS_DRIFT, RATIO, "cos-drift-z", "mass")
LABELLED = ("val-ratio", "previous-g")  # these read errors, of the past alone
RIVALS = (
    "ndcg",
    "explanation-c2st",
    "input-c2st",
    "ks",
    "psi",
    "mmd",
    "prediction-ks",
    "mahalanobis",
    "disagreement",
    "dle",
    "untrained",
    *LABELLED,
)
SIGNALS_BY_NAME = (*OWN, *RIVALS)
LABELS = ("g-seed", "g-corr", "loses-to-naive")
OUTCOMES = ("held", "failed", "not testable", "supported", "not supported")


def _names(*names: str) -> dict[str, pa.Column]:
    return {name: pa.Column(str, pa.Check.ne(""), coerce=True) for name in names}


def _floats(*names: str) -> dict[str, pa.Column]:
    return {name: pa.Column("float64", nullable=True, coerce=True) for name in names}


def _shares(*names: str) -> dict[str, pa.Column]:
    check = pa.Check.in_range(0, 1)
    return {n: pa.Column("float64", check, nullable=True, coerce=True) for n in names}


def _counts(*names: str) -> dict[str, pa.Column]:
    return {name: pa.Column("int64", pa.Check.ge(0), coerce=True) for name in names}


def _choice(*names: str) -> pa.Column:
    return pa.Column(str, pa.Check.isin(names), coerce=True)


def _text() -> pa.Column:
    return pa.Column(str, coerce=True, default="")


def _table(columns: dict, unique: list[str]) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(columns, strict=True, unique=unique)


SIGNALS = _table(
    {
        **_names(*RUN),
        **_counts("seed"),
        **_names("entity"),
        "axis": _choice("temporal"),
        "period": pa.Column(str, pa.Check.str_matches(r"^\d{4}Q[1-4]$"), coerce=True),
        "signal": _choice(*SIGNALS_BY_NAME),
        **_floats("value"),
    },
    unique=[*RUN, "seed", "entity", "axis", "period", "signal"],
)

CELL = {
    **_names("domain"),  # "all": the mean over domains
    "label": _choice(*LABELS),
    **_counts("lead"),  # quarters from signal to label
    "signal": _choice(*SIGNALS_BY_NAME),
}

ARENA = _table(
    {
        **CELL,
        **_counts("units", "positives"),
        **_shares("prevalence"),
        **_shares("auroc", "auroc_low", "auroc_high"),
        # AUROC minus that of Cos-Drift, on the same units and resamples
        **_floats("difference", "difference_low", "difference_high"),
        **_shares("precision", "precision_low", "precision_high"),
        **_floats("spearman", "spearman_low", "spearman_high"),
        **_floats("lead_days", "false_alarms"),  # median; a year
        **_shares("never"),  # of failing courses, without an alarm in time
        **_counts("models", "seeds", "entities", "quarters"),
        "status": _choice("ok", "not_testable"),
        "reason": _text(),
    },
    unique=[*CELL],
)

ROC = _table(
    {**CELL, **_shares("false_positives", "true_positives")},
    unique=[*CELL, "false_positives"],
)

TRANSFER = _table(
    {
        **_names("source", "domain"),
        **{name: column for name, column in CELL.items() if name != "domain"},
        **_floats("threshold"),
        **_shares("accuracy", "accuracy_low", "accuracy_high"),  # balanced
        "status": _choice("ok", "not_testable"),
        "reason": _text(),
    },
    unique=["source", *CELL],
)

WARNING = _table(
    {
        "part": _choice("i", "ii", "iii", "iv", "claim"),
        **_names("scope"),  # a domain, a pair of them, or all
        **_floats("estimate", "low", "high", "bound"),
        "outcome": _choice(*OUTCOMES),
        "detail": _text(),
    },
    unique=["part", "scope"],
)
