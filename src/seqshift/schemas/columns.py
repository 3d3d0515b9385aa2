"""Columns that tables of results share: names, texts, choices, counts, numbers."""

import pandera.pandas as pa


def names(*keys: str) -> dict[str, pa.Column]:
    return {key: pa.Column(str, pa.Check.ne(""), coerce=True) for key in keys}


def texts(*keys: str) -> dict[str, pa.Column]:
    return {key: pa.Column(str, coerce=True, default="") for key in keys}


def choice(*values: str) -> pa.Column:
    return pa.Column(str, pa.Check.isin(values), coerce=True)


def counts(*keys: str, least: int = 0) -> dict[str, pa.Column]:
    return {key: pa.Column("int64", pa.Check.ge(least)) for key in keys}


def floats(*keys: str, nullable: bool = True) -> dict[str, pa.Column]:
    return {key: pa.Column("float64", nullable=nullable, coerce=True) for key in keys}


def shares(*keys: str) -> dict[str, pa.Column]:
    check = pa.Check.in_range(0, 1)
    return {k: pa.Column("float64", check, nullable=True, coerce=True) for k in keys}
