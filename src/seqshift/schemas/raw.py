"""Canonical tables of the raw layer: columns, units, keys and ranges.

Every table has a `flag`: "" for an untouched row, else the ids of the data rules that
repaired or marked it, joined by "+". Dates are naive; `utc_end` is UTC, hour ending.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pandera.pandas as pa

_FLAG = r"^([A-Z]\d+[a-z]?(\+[A-Z]\d+[a-z]?)*)?$"


def _number(low: float, high: float = np.inf, missing: bool = False) -> pa.Column:
    """Return a finite float column within [low, high]; NaN allowed if `missing`."""

    def within(values: pd.Series) -> pd.Series:
        return values.isna() | (np.isfinite(values) & values.between(low, high))

    words = f"finite and within [{low}, {high}]"
    check = pa.Check(within, error=words, ignore_na=False)
    return pa.Column("float64", check, nullable=missing)


def _positive(missing: bool = False) -> pa.Column:
    """Return a column of finite numbers above zero; NaN allowed if `missing`."""
    return _number(np.nextafter(0.0, 1.0), missing=missing)


def moment(valid: Callable[[pd.Series], pd.Series], words: str) -> pa.Column:
    """Return a column of times in nanoseconds of which each fulfils `valid`."""
    # pandera takes any resolution for this type; keys of mixed resolution break joins
    checks = [
        pa.Check(lambda values: values.dt.unit == "ns", error="datetime64[ns]"),
        pa.Check(valid, error=words),
    ]
    return pa.Column("datetime64[ns]", checks)


def day() -> pa.Column:
    """Return a column of days without time of day."""
    return moment(lambda values: values == values.dt.normalize(), "a whole day")


def _month() -> pa.Column:
    return moment(
        lambda values: (values == values.dt.normalize()) & (values.dt.day == 1),
        "the first day of a month",
    )


def _name(pattern: str = r"\S") -> pa.Column:
    """Return a column of names that match `pattern`."""
    return pa.Column(str, pa.Check.str_matches(pattern))


def unique(keys: list[str]) -> pa.Check:
    """Return the check that no two rows of a table agree in all `keys`."""
    return pa.Check(
        lambda frame: ~frame.duplicated(keys, keep=False),
        error=f"one row for each ({', '.join(keys)})",
    )


def _table(
    keys: list[str], columns: dict[str, pa.Column], *checks: pa.Check
) -> pa.DataFrameSchema:
    """Return the strict schema of a raw table with unique `keys`."""
    return pa.DataFrameSchema(
        columns | {"flag": pa.Column(str, pa.Check.str_matches(_FLAG))},
        checks=[unique(keys), *checks],
        strict=True,
        coerce=False,
        metadata={"keys": keys},
    )


def _ordered(low: str, high: str) -> pa.Check:
    """Return the check low <= high wherever both are present."""
    return pa.Check(
        lambda frame: ~(frame[low] > frame[high]), error=f"{low} is not above {high}"
    )


# Prices in USD, adjusted for splits; close_adj also for dividends. Volume in shares.
BARS_DAILY = _table(
    ["entity", "date"],
    {
        "entity": _name(),
        "date": day(),
        "open": _positive(missing=True),
        "high": _positive(),
        "low": _positive(),
        "close": _positive(),
        "close_adj": _positive(),
        "volume": _number(0.0),
    },
    *[_ordered("low", price) for price in ("open", "close")],
    *[_ordered(price, "high") for price in ("open", "close")],
)

# Index points (percent a year for the VIX).
INDEX_DAILY = _table(["date"], {"date": day(), "close": _number(1.0, 500.0)})

# Mean power of the hour that ends at utc_end, in MW.
LOAD_HOURLY = _table(
    ["series", "utc_end"],
    {
        "series": _name(),
        "utc_end": moment(
            lambda values: values == values.dt.floor("h"), "a whole hour (UTC)"
        ),
        "mw": _positive(missing=True),
    },
)

# Degrees Celsius of the station's local day; NaN where a gap is too long to be filled.
WEATHER_DAILY = _table(
    ["station", "date"],
    {
        "station": _name(),
        "date": day(),
        "t_mean": _number(-60.0, 60.0, missing=True),
        "t_max": _number(-70.0, 65.0, missing=True),
        "t_min": _number(-70.0, 65.0, missing=True),
    },
)

# Degree days in degrees Fahrenheit below and above 65, weighted by population.
DEGREE_DAYS = _table(
    ["station", "date"],
    {"station": _name(), "date": day(), "cdd": _number(0.0), "hdd": _number(0.0)},
)

# Power in operation in the state during the month, in MW: photovoltaic, and of all
# technologies where the source knows them.
CAPACITY = _table(
    ["state", "month"],
    {
        "state": _name(r"^[A-Z]{2}$"),
        "month": _month(),
        "pv_mw": _number(0.0),
        "total_mw": _number(0.0, missing=True),
    },
)

# Electricity sold in the state during the month, in MWh.
SALES_MONTHLY = _table(
    ["state", "month"],
    {"state": _name(r"^[A-Z]{2}$"), "month": _month(), "mwh": _positive()},
)

# Bars of any spacing; prices in the quote currency, time of opening in UTC.
BARS_INTRADAY = _table(
    ["entity", "utc_open"],
    {
        "entity": _name(),
        "utc_open": moment(
            lambda values: values == values.dt.floor("min"), "a whole minute (UTC)"
        ),
        "open": _positive(),
        "high": _positive(),
        "low": _positive(),
        "close": _positive(),
        "volume": _number(0.0),
    },
    *[_ordered("low", price) for price in ("open", "close")],
    *[_ordered(price, "high") for price in ("open", "close")],
)

# Benchmark series in their own units; no time where the source gives none.
SERIES = _table(
    ["series", "step"],
    {
        "series": _name(),
        "step": pa.Column("int64", pa.Check.ge(0)),
        "time": pa.Column("datetime64[ns]", nullable=True),
        "value": _number(-np.inf),
    },
)

TABLES = {
    "BARS_DAILY": BARS_DAILY,
    "INDEX_DAILY": INDEX_DAILY,
    "LOAD_HOURLY": LOAD_HOURLY,
    "WEATHER_DAILY": WEATHER_DAILY,
    "DEGREE_DAYS": DEGREE_DAYS,
    "CAPACITY": CAPACITY,
    "SALES_MONTHLY": SALES_MONTHLY,
    "BARS_INTRADAY": BARS_INTRADAY,
    "SERIES": SERIES,
}
