import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest

from seqshift.schemas.raw import TABLES

DAYS = pd.to_datetime(["2020-01-01", "2020-02-01"]).as_unit("ns")
COLUMNS = {
    "BARS_DAILY": {
        "entity": "AAA",
        "date": DAYS,
        "open": [np.nan, 2.0],
        "high": 3.0,
        "low": 1.0,
        "close": 2.0,
        "close_adj": 1.5,
        "volume": [0.0, 5.0],
    },
    "INDEX_DAILY": {"date": DAYS, "close": 20.0},
    "LOAD_HOURLY": {
        "series": "s",
        "utc_end": DAYS + pd.Timedelta(hours=5),
        "mw": [np.nan, 9.0],
    },
    "WEATHER_DAILY": {
        "station": "s",
        "date": DAYS,
        "t_mean": 5.0,
        "t_max": [np.nan, 9.0],
        "t_min": [np.nan, 1.0],
    },
    "DEGREE_DAYS": {"station": "TX", "date": DAYS, "cdd": [0.0, 5.0], "hdd": 1.0},
    "CAPACITY": {
        "state": "TX",
        "month": DAYS,
        "pv_mw": [0.0, 5.0],
        "total_mw": [np.nan, 9.0],
    },
    "SALES_MONTHLY": {"state": "TX", "month": DAYS, "mwh": 7.0},
    "BARS_INTRADAY": {
        "entity": "BTC",
        "utc_open": DAYS + pd.Timedelta(minutes=5),
        "open": 2.0,
        "high": 3.0,
        "low": 1.0,
        "close": 2.0,
        "volume": [0.0, 5.0],
    },
    "SERIES": {"series": "s", "step": [0, 1], "time": pd.NaT, "value": [-1.0, 2.0]},
}


def table(name, **changes):
    values = COLUMNS[name] | {"flag": ["", "F1+E12"]} | changes
    return pd.DataFrame(values)


@pytest.mark.parametrize("name", TABLES)
def test_a_good_table_passes_and_keeps_its_types(name):
    frame = table(name)
    assert TABLES[name].validate(frame).equals(frame)
    assert len(TABLES[name].validate(frame.iloc[:0])) == 0


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("BARS_DAILY", {"date": DAYS[0]}),
        ("BARS_DAILY", {"date": DAYS + pd.Timedelta(hours=1)}),
        ("BARS_DAILY", {"date": DAYS.as_unit("us")}),
        ("BARS_DAILY", {"low": 2.5}),
        ("BARS_DAILY", {"high": 1.9}),
        ("BARS_DAILY", {"close_adj": 0.0}),
        ("BARS_DAILY", {"close_adj": np.nan}),
        ("BARS_DAILY", {"open": np.inf, "high": np.inf}),
        ("BARS_DAILY", {"volume": -1.0}),
        ("BARS_DAILY", {"volume": [1, 2]}),
        ("BARS_DAILY", {"entity": ""}),
        ("BARS_DAILY", {"flag": "odd"}),
        ("BARS_DAILY", {"extra": 1}),
        ("INDEX_DAILY", {"close": [20.0, np.nan]}),
        ("INDEX_DAILY", {"date": DAYS[0]}),
        ("LOAD_HOURLY", {"mw": 0.0}),
        ("LOAD_HOURLY", {"utc_end": DAYS + pd.Timedelta(minutes=5)}),
        ("LOAD_HOURLY", {"utc_end": DAYS[0]}),
        ("WEATHER_DAILY", {"t_mean": -99.0}),
        ("WEATHER_DAILY", {"t_mean": [5.0, np.inf]}),
        ("CAPACITY", {"pv_mw": -1.0}),
        ("CAPACITY", {"state": "Texas"}),
        ("SALES_MONTHLY", {"month": DAYS + pd.Timedelta(days=1)}),
        ("SALES_MONTHLY", {"mwh": 0.0}),
    ],
)
def test_a_bad_table_is_refused(name, changes):
    with pytest.raises((pa.errors.SchemaError, pa.errors.SchemaErrors)):
        TABLES[name].validate(table(name, **changes))
