"""Tables of ablations and of scaling curves: columns, units and keys."""

import pandera.pandas as pa

from seqshift.schemas import columns

SPLITS = ("id_test", "temporal_test")
BUDGETS = ("time", "entity")
FORMS = ("power", "floor")
# ok; too few sizes for the form; a pure law that no floor could be tested against, and
# so may hide one; a floor that was fitted as zero; an exponent at its bound.
FITS = ("ok", "not_identifiable", "floor_unknown", "floor_at_zero", "at_bound")


def _table(columns: dict, unique: list[str]) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(columns, strict=True, unique=unique)


ABLATIONS = _table(
    {
        **columns.names("domain", "modality", "variant", "base"),
        "measure": columns.choice("rmse_id", "rmse_test", "g_ratio"),
        "family": columns.choice("secondary"),
        # Ratio variant / base, its interval, and the ratio that would have been found.
        **columns.floats("estimate", "low", "high", "detectable"),
        **columns.shares("p", "q"),
        "verdict": columns.choice("worse", "better", "undecided"),
        "status": columns.choice("ok", "underfit", "low_n", "not_testable"),
        **columns.counts("seeds", "entities", "blocks"),
    },
    unique=["domain", "modality", "variant", "measure"],
)

POINTS = _table(
    {
        **columns.names("domain", "modality", "model"),
        **columns.counts("seed"),
        "by": columns.choice("all", *BUDGETS),  # all: the whole training set
        **columns.shares("fraction"),
        "split": columns.choice(*SPLITS),
        **columns.counts("windows", least=1),
        "error": pa.Column("float64", pa.Check.gt(0)),  # RMSE, unit of the target
        **columns.counts("entities", least=1),
    },
    unique=["domain", "modality", "model", "seed", "split"],
)

CURVE = ("domain", "by", "model", "split", "form")
_CURVE = {
    **columns.names("domain"),
    "by": columns.choice(*BUDGETS),
    **columns.names("model"),
    "split": columns.choice(*SPLITS),
    "form": columns.choice(*FORMS),
}

SCALING = _table(
    {
        **_CURVE,
        **columns.counts("sizes", "seeds", "entities"),
        # RMSE = floor + coefficient * windows ** -exponent
        **columns.floats(
            "exponent", "exponent_low", "exponent_high", "coefficient", "floor"
        ),
        # floor / RMSE of the curve at the whole training set
        **columns.floats("floor_share", "floor_share_low", "floor_share_high"),
        **columns.floats("aicc"),
        "preferred": pa.Column(bool, coerce=True),  # least AICc of the forms fitted
        # RMSE at the whole training set: from all smaller ones, and as it came out
        **columns.floats("predicted", "predicted_low", "predicted_high", "actual"),
        "status": columns.choice(*FITS),
    },
    unique=[*CURVE],
)

CURVES = _table(
    {**_CURVE, **columns.floats("windows", "error", "low", "high")},
    unique=[*CURVE, "windows"],
)
