"""Units and meanings of published columns."""

import pandas as pd
import pytest

from seqshift import storage
from seqshift.bundle import columns
from seqshift.errors import BadInput
from seqshift.schemas import raw, results


def test_every_raw_table_is_described_and_known_by_its_columns():
    described = [frozenset(table) for table in columns.RAW]
    assert len(set(described)) == len(described)
    found = {frozenset(table.columns) - {"flag"} for table in raw.TABLES.values()}
    assert found == set(described)


def test_the_counts_of_quality_and_coverage_are_described():
    assert set(columns.QUALITY) == set(results.QUALITY.columns)
    assert set(columns.COVERAGE) == set(results.COVERAGE.columns)


def test_a_table_is_described_by_name_type_unit_and_meaning(tmp_path):
    path = tmp_path / "vix.parquet"
    days = pd.date_range("2001-01-01", periods=2, unit="ns")
    pd.DataFrame({"date": days, "close": 20.5, "flag": ""}).to_parquet(path)
    rows, found = columns.describe(path, None)
    assert rows == 2
    assert [(c["name"], c["type"], c["unit"]) for c in found] == [
        ("date", "time", "day"),
        ("close", "float64", "index points"),
        ("flag", "text", ""),
    ]


def test_a_csv_is_described_though_its_reasons_are_all_empty(tmp_path):
    path = tmp_path / "coverage.csv"
    head = "entity,era,expected,missing,repaired,share,excluded,reason\n"
    storage.write_text(head + "AA,all,9,0,0.5,0.1,False,\n", path)
    rows, found = columns.describe(path, {"features": []})
    kinds = "text text int64 int64 float64 float64 bool text".split()
    assert rows == 1 and [column["type"] for column in found] == kinds


def test_a_column_without_a_unit_is_refused(tmp_path):
    path = tmp_path / "features.parquet"
    pd.DataFrame({"entity": ["AA"], "humidity": [0.5]}).to_parquet(path)
    target = {"name": "load", "span": 1, "horizons": [1]}
    spec = {"target": target, "unit": "MWh", "sources": {}}
    with pytest.raises(BadInput, match="humidity has no unit and meaning; describe"):
        columns.describe(path, spec)


def test_degree_days_have_the_unit_of_their_source():
    plain, weighted = {"sources": {}}, {"sources": {"degree_days": ["cpc"]}}
    assert columns.features(plain)["cdd"][0] == "°C·day"
    assert columns.features(weighted)["cdd"][0] == "°F·day"


def test_targets_carry_the_unit_of_the_domain():
    target = {"name": "log_volatility", "span": 5, "horizons": [1, 3]}
    found = columns.targets({"target": target, "unit": "log volatility"})
    assert found["target_1"] == (
        "log volatility",
        "log_volatility over 5 steps, from the date",
    )
    assert found["target_3"][1].endswith("2 steps after the date")
    assert found["naive_3"][1] == "naive forecast of target_3"
