"""Tables of the studies on the validation era: columns, units and keys."""

import pandera.pandas as pa

STATES = ("complete", "pruned", "diverged")
_OUTCOME = {
    "state": pa.Column(str, pa.Check.isin(STATES), coerce=True),
    # The least validation loss of its epochs, MSE in squared z-units; missing if the
    # trial diverged in its first epoch.
    "val_loss": pa.Column("float64", nullable=True, coerce=True),
    "epochs": pa.Column("int64", pa.Check.ge(0)),  # run, the broken off one included
}
_TRIAL = {
    "trial": pa.Column("int64", pa.Check.ge(0)),
    **_OUTCOME,
    "pruned_at": pa.Column("int64", pa.Check.ge(0)),  # epoch; 0 if not pruned
    "learning_rate": pa.Column("float64", pa.Check.gt(0), coerce=True),
    "dropout": pa.Column("float64", pa.Check.in_range(0, 1), coerce=True),
    "weight_decay": pa.Column("float64", pa.Check.ge(0), coerce=True),
    # Names of the values that lie at an end of their range.
    "at_edge": pa.Column(str, coerce=True, default=""),
}
_NAMES = {
    name: pa.Column(str, pa.Check.ne(""), coerce=True) for name in ("domain", "model")
}

TRIALS = pa.DataFrameSchema(_TRIAL, strict=True, unique=["trial"])

STUDIES = pa.DataFrameSchema(
    {**_NAMES, **_TRIAL}, strict=True, unique=["domain", "model", "trial"]
)

WIDTHS = pa.DataFrameSchema(
    {
        "width": pa.Column("int64", pa.Check.ge(1)),
        "parameters": pa.Column("int64", pa.Check.ge(1)),
        **_OUTCOME,
    },
    strict=True,
    unique=["width"],
)
