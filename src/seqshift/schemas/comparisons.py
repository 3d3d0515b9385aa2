"""Tables of ablations and of scaling curves: columns, units and keys."""

import pandera.pandas as pa

SPLITS = ("id_test", "temporal_test")
BUDGETS = ("time", "entity")
FORMS = ("power", "floor")
# ok; too few sizes for the form; a pure law that no floor could be tested against, and
# so may hide one; a floor that was fitted as zero; an exponent at its bound.
FITS = ("ok", "not_identifiable", "floor_unknown", "floor_at_zero", "at_bound")


def _names(*names: str) -> dict[str, pa.Column]:
    return {name: pa.Column(str, pa.Check.ne(""), coerce=True) for name in names}


def _choice(*names: str) -> pa.Column:
    return pa.Column(str, pa.Check.isin(names), coerce=True)


def _counts(*names: str, least: int = 0) -> dict[str, pa.Column]:
    return {name: pa.Column("int64", pa.Check.ge(least)) for name in names}


def _floats(*names: str) -> dict[str, pa.Column]:
    return {name: pa.Column("float64", nullable=True, coerce=True) for name in names}


def _shares(*names: str) -> dict[str, pa.Column]:
    check = pa.Check.in_range(0, 1)
    return {n: pa.Column("float64", check, nullable=True, coerce=True) for n in names}


def _table(columns: dict, unique: list[str]) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(columns, strict=True, unique=unique)


ABLATIONS = _table(
    {
        **_names("domain", "modality", "variant", "base"),
        "measure": _choice("rmse_id", "rmse_test", "g_ratio"),
        "family": _choice("secondary"),
        # Ratio variant / base, its interval, and the ratio that would have been found.
        **_floats("estimate", "low", "high", "detectable"),
        **_shares("p", "q"),
        "verdict": _choice("worse", "better", "undecided"),
        "status": _choice("ok", "underfit", "low_n", "not_testable"),
        **_counts("seeds", "entities", "blocks"),
    },
    unique=["domain", "modality", "variant", "measure"],
)

POINTS = _table(
    {
        **_names("domain", "modality", "model"),
        **_counts("seed"),
        "by": _choice("all", *BUDGETS),  # all: the whole training set
        **_shares("fraction"),
        "split": _choice(*SPLITS),
        **_counts("windows", least=1),
        "error": pa.Column("float64", pa.Check.gt(0)),  # RMSE, unit of the target
        **_counts("entities", least=1),
    },
    unique=["domain", "modality", "model", "seed", "split"],
)

CURVE = ("domain", "by", "model", "split", "form")
_CURVE = {
    **_names("domain"),
    "by": _choice(*BUDGETS),
    **_names("model"),
    "split": _choice(*SPLITS),
    "form": _choice(*FORMS),
}

SCALING = _table(
    {
        **_CURVE,
        **_counts("sizes", "seeds", "entities"),
        # RMSE = floor + coefficient * windows ** -exponent
        **_floats("exponent", "exponent_low", "exponent_high", "coefficient", "floor"),
        # floor / RMSE of the curve at the whole training set
        **_floats("floor_share", "floor_share_low", "floor_share_high"),
        **_floats("aicc"),
        "preferred": pa.Column(bool, coerce=True),  # least AICc of the forms fitted
        # RMSE at the whole training set: from all smaller ones, and as it came out
        **_floats("predicted", "predicted_low", "predicted_high", "actual"),
        "status": _choice(*FITS),
    },
    unique=[*CURVE],
)

CURVES = _table(
    {**_CURVE, **_floats("windows", "error", "low", "high")},
    unique=[*CURVE, "windows"],
)
