"""Data of the figures of soft group masks: what each draws, beside it as a table."""

import pandera.pandas as pa


def _texts(*names: str) -> dict[str, pa.Column]:
    return {name: pa.Column(str, coerce=True) for name in names}


def _counts(*names: str) -> dict[str, pa.Column]:
    return {name: pa.Column("int64", pa.Check.ge(0), coerce=True) for name in names}


def _floats(*names: str) -> dict[str, pa.Column]:
    return {name: pa.Column("float64", nullable=True, coerce=True) for name in names}


def _figure(*columns: dict[str, pa.Column]) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(
        {name: one for part in columns for name, one in part.items()}, strict=True
    )


_CELL = {**_texts("backbone", "dataset"), **_counts("H"), **_texts("world")}
_GAIN = _floats("gain", "low", "high")  # %

FIGURES = {
    "f1": _figure(
        _CELL,
        _texts("kind"),
        _floats("beta"),
        _GAIN,
        _floats("mass"),
        _counts("seeds", "units"),
    ),
    "f2": _figure(_CELL, _texts("part", "variant"), _counts("lead"), _GAIN),
    "f3": _figure(
        _CELL,
        _texts("arm", "sampling"),
        _counts("windows", "draw"),
        _floats("origins"),
        _GAIN,
        _floats("naive_t"),
    ),
    "f4": _figure(
        _CELL,
        _texts("arm", "part", "band"),
        _GAIN,
        _floats("p", "q"),
        _counts("seeds", "units"),
    ),
    "f5": _figure(
        _CELL,
        _texts("arm", "sweep"),
        _floats("value", "recovery", "low", "high", "gain", "right_gain"),
        _texts("reason"),
    ),
    "f6": _figure(
        {**_texts("dataset"), **_counts("H")},
        _texts("grouping", "row", "column"),
        _counts("row_group", "column_group"),
        _floats("r"),
        _counts("origins"),
    ),
}
