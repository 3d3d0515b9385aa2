"""What the columns of published tables mean, and their units ("1": a pure number)."""

from pathlib import Path, PurePosixPath

import pyarrow.csv
import pyarrow.parquet

from seqshift.errors import BadInput

Column = tuple[str, str]  # unit, meaning

_TYPES = {
    "double": "float64",
    "int64": "int64",
    "bool": "bool",
    "timestamp[ns]": "time",
    "string": "text",
    "large_string": "text",
    "null": "text",  # a text column of a csv in which every cell is empty
}
_FLAG = ("", "ids of the data rules that marked the row, joined by +; empty if none")
_DATE = ("day", "calendar day")
_PRICE = "adjusted for splits"

_DEGREE_DAYS = {
    "cdd": ("°F·day", "cooling degree days above 65 °F, weighted by population"),
    "hdd": ("°F·day", "heating degree days below 65 °F, weighted by population"),
}

# The raw tables, each known by its columns.
RAW: list[dict[str, Column]] = [
    {
        "entity": ("", "traded company"),
        "date": ("day", "trading session"),
        "open": ("USD", f"opening price, {_PRICE}"),
        "high": ("USD", f"highest price, {_PRICE}"),
        "low": ("USD", f"lowest price, {_PRICE}"),
        "close": ("USD", f"closing price, {_PRICE}"),
        "close_adj": ("USD", "closing price, adjusted for splits and dividends"),
        "volume": ("shares", "shares traded"),
    },
    {"date": _DATE, "close": ("index points", "close of the index")},
    {
        "series": ("", "load series"),
        "utc_end": ("hour", "end of the hour, UTC"),
        "mw": ("MW", "mean power of the hour"),
    },
    {
        "station": ("", "weather station or state"),
        "date": ("day", "local day"),
        "t_mean": ("°C", "mean temperature"),
        "t_max": ("°C", "highest temperature"),
        "t_min": ("°C", "lowest temperature"),
    },
    {"station": ("", "state"), "date": ("day", "local day")} | _DEGREE_DAYS,
    {
        "state": ("", "US state"),
        "month": ("month", "first day of the month"),
        "pv_mw": ("MW", "photovoltaic power in operation"),
        "total_mw": ("MW", "power of all technologies in operation"),
    },
    {
        "state": ("", "US state"),
        "month": ("month", "first day of the month"),
        "mwh": ("MWh", "electricity sold in the month"),
    },
    {
        "entity": ("", "traded pair"),
        "utc_open": ("minute", "time of opening of the bar, UTC"),
        "open": ("quote currency", "opening price"),
        "high": ("quote currency", "highest price"),
        "low": ("quote currency", "lowest price"),
        "close": ("quote currency", "closing price"),
        "volume": ("base currency", "amount traded"),
    },
    {
        "series": ("", "benchmark series"),
        "step": ("1", "number of the value"),
        "time": ("hour", "time of the value, where the source gives one"),
        "value": ("as published", "value"),
    },
]
FEATURES: dict[str, Column] = {
    "log_return": ("1", "log of the adjusted close over that of the session before"),
    "volatility": ("1", "root of the exponentially weighted mean of squared returns"),
    "vix": ("% a year", "close of the volatility index"),
    "load": ("MWh", "load of the local day"),
    "cdd": ("°C·day", "cooling degree days above 18.333 °C (65 °F)"),
    "hdd": ("°C·day", "heating degree days below 18.333 °C (65 °F)"),
    "temp_mean": ("°C", "mean temperature of the local day"),
    "temp_max": ("°C", "highest temperature of the local day"),
    "is_holiday": ("1", "1 on a US federal holiday, else 0"),
    "solar_share": ("1", "photovoltaic over all power, or mean load, the month before"),
}
_OF_FEATURES: dict[str, Column] = {
    "entity": ("", "company or region"),
    "date": _DATE,
    "step": ("1", "number of the session or day"),
    "repaired": ("1", "share of the day's source values that a data rule repaired"),
}
QUALITY: dict[str, Column] = {
    "source": ("", "source of the raw table"),
    "entity": ("", "series of the source"),
    "year": ("year", "calendar year; 0 where the source gives no date"),
    "rule": ("", "data rule; empty for untouched rows"),
    "action": ("", "what the rule did: repaired, removed or kept"),
    "rows": ("rows", "rows that the rule marked"),
    "checked": ("rows", "rows that there are"),
}
COVERAGE: dict[str, Column] = {
    "entity": ("", "company or region"),
    "era": ("", "train, val or test; all for the three together"),
    "expected": ("days", "days of the era between the entity's first and last row"),
    "missing": ("days", "days without a row"),
    "repaired": ("days", "days repaired, parts of a day counted as parts"),
    "share": ("1", "missing and repaired days over expected ones"),
    "excluded": ("", "whether the entity is left out"),
    "reason": ("", "why it is left out"),
}


def describe(path: Path, spec: dict | None) -> tuple[int, list[dict]]:
    """Return the number of rows and name, type, unit and meaning of each column.

    `spec` is the domain that the table belongs to, None for a raw table.

    Raises
    ------
    BadInput
        If a column has no description.
    """
    read = _parquet if path.suffix == ".parquet" else _csv
    rows, types = read(path)
    known = _known(path, spec, set(types))
    found = [explain(name, known) | {"type": types[name]} for name in types]
    return rows, found


def explain(name: str, known: dict[str, Column]) -> dict[str, str]:
    """Return name, unit and meaning of a column.

    Raises
    ------
    BadInput
        If it has no description.
    """
    if name not in known:
        raise BadInput(
            f"column {name} has no unit and meaning; describe it in "
            "src/seqshift/bundle/columns.py"
        )
    unit, meaning = known[name]
    return {"name": name, "unit": unit, "meaning": meaning}


def _known(path: Path, spec: dict | None, found: set[str]) -> dict[str, Column]:
    if spec is None:
        fitting = (table for table in RAW if found - {"flag"} == set(table))
        return next(fitting, {}) | {"flag": _FLAG}
    kind = PurePosixPath(path).stem
    if kind == "features":
        return _OF_FEATURES | targets(spec) | features(spec)
    return {"quality": QUALITY, "coverage": COVERAGE}[kind]


def features(spec: dict) -> dict[str, Column]:
    """Return all features a domain may have; degree days as its source has them."""
    return FEATURES | (_DEGREE_DAYS if spec["sources"].get("degree_days") else {})


def targets(spec: dict) -> dict[str, Column]:
    """Return the target columns of a domain; they carry the unit of its target."""
    name, span = spec["target"]["name"], spec["target"]["span"]
    over = f" over {span} steps" if span > 1 else ""
    found = {}
    for horizon in spec["target"]["horizons"]:
        target = f"target_{horizon}"
        when = f"{horizon - 1} steps after the date" if horizon > 1 else "from the date"
        found[target] = (spec["unit"], f"{name}{over}, {when}")
        found[f"naive_{horizon}"] = (spec["unit"], f"naive forecast of {target}")
    return found


def _parquet(path: Path) -> tuple[int, dict[str, str]]:
    file = pyarrow.parquet.ParquetFile(path)
    return file.metadata.num_rows, _types(file.schema_arrow)


def _csv(path: Path) -> tuple[int, dict[str, str]]:
    table = pyarrow.csv.read_csv(path)
    return table.num_rows, _types(table.schema)


def _types(schema) -> dict[str, str]:
    return {field.name: _TYPES[str(field.type)] for field in schema}
