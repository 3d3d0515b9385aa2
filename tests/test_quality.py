"""Counts of data rules, and of rows that a regular calendar has and a table has not."""

import pandas as pd
import pytest

from seqshift import quality, sessions, storage
from seqshift.schemas.results import QUALITY

HOURS = pd.date_range("2019-12-31 12:00", "2020-01-01 11:00", freq="h", unit="ns")


def load(flags=None, drop=(), series="NORTH") -> pd.DataFrame:
    """Return a day of hourly load over New Year; `flags` at positions."""
    frame = pd.DataFrame({"series": series, "utc_end": HOURS, "mw": 1.0, "flag": ""})
    for place, flag in (flags or {}).items():
        frame.loc[place, "flag"] = flag
    return frame.drop(index=list(drop))


@pytest.fixture
def count(tmp_path):
    """Return a function: raw tables by source -> validated counts."""

    def make(**tables) -> pd.DataFrame:
        paths = []
        for source, frame in tables.items():
            paths.append(str(tmp_path / f"{source}.parquet"))
            frame.to_parquet(paths[-1])
        found = quality.count(paths)
        path = tmp_path / "quality.parquet"
        storage.write_table(found, path, QUALITY)
        return storage.read_table(path, QUALITY)

    return make


def lines(table) -> dict:
    keys = zip(table["entity"], table["year"], table["rule"], strict=True)
    return dict(zip(keys, table["rows"], strict=True))


def test_untouched_rows_are_counted_by_entity_and_year(count):
    table = count(load=pd.concat([load(), load(series="SOUTH")]))
    assert lines(table) == {
        (name, year, ""): 12 for name in ("NORTH", "SOUTH") for year in (2019, 2020)
    }
    assert set(table["checked"]) == {12} and set(table["action"]) == {""}
    assert set(table["source"]) == {"load"}


def test_a_row_counts_for_each_of_its_rules_and_is_checked_once(count):
    table = count(load=load({0: "E12", 1: "E12+E17", 20: "E14"}))
    assert lines(table) == {
        ("NORTH", 2019, ""): 10,
        ("NORTH", 2019, "E12"): 2,
        ("NORTH", 2019, "E17"): 1,
        ("NORTH", 2020, ""): 11,
        ("NORTH", 2020, "E14"): 1,
    }
    assert set(table["checked"]) == {12}
    actions = table.drop_duplicates("rule").set_index("rule")["action"]
    assert actions["E12"] == "repaired" and actions["E14"] == "removed"


def test_a_year_of_which_every_row_is_marked_keeps_its_line_of_untouched_rows(count):
    table = count(load=load(dict.fromkeys(range(12), "E17")))
    assert lines(table)["NORTH", 2019, ""] == 0


def test_hours_that_are_not_there_are_counted_between_the_first_and_the_last(count):
    table = count(load=load(drop=[0, 1, 5, 6, 14, 23]))
    found = lines(table)
    assert found["NORTH", 2019, "E23"] == 2 and found["NORTH", 2020, "E23"] == 1
    assert table.set_index("rule").loc["E23", "action"].unique() == ["removed"]
    checked = table[table["rule"] == ""].set_index("year")["checked"]
    assert checked.to_dict() == {2019: 8, 2020: 10}


def test_sessions_and_days_that_are_not_there_are_counted(count):
    days = sessions.between("2020-01-02", "2020-01-31").delete([3, 4])
    bars = pd.DataFrame({"entity": "AMD", "date": days, "close_adj": 1.0, "flag": ""})
    days = pd.date_range("2020-03-01", "2020-03-31", unit="ns").delete([0, 7])
    sky = pd.DataFrame({"station": "KJFK", "date": days, "t_mean": 1.0, "flag": ""})
    table = count(prices=bars, weather=sky)
    absent = table[table["rule"] != ""].set_index("source")
    assert absent["rule"].to_dict() == {"prices": "F5", "weather": "W6"}
    assert absent["rows"].to_dict() == {"prices": 2, "weather": 1}


def test_a_year_without_any_row_has_a_line(count):
    stamps = pd.DatetimeIndex(["2018-12-31 23:00", "2020-01-01 00:00"]).as_unit("ns")
    gap = load().iloc[:2].assign(utc_end=stamps)
    table = count(load=gap)
    year = table[table["year"] == 2019]
    assert dict(zip(year["rule"], year["rows"], strict=True)) == {"": 0, "E23": 8760}
    assert set(year["checked"]) == {0}


def test_tables_without_entity_or_date_are_counted_too(count):
    index = pd.DataFrame({"date": HOURS[:2].normalize(), "close": 15.0, "flag": "F8"})
    series = pd.DataFrame({"series": "H1", "step": [0, 1], "value": 1.0, "flag": ""})
    series["time"] = pd.Series(pd.NaT, series.index, dtype="datetime64[ns]")
    table = count(vix=index, m4=series)
    assert lines(table) == {
        ("all", 2019, ""): 0,
        ("all", 2019, "F8"): 2,
        ("H1", 0, ""): 2,
    }


def test_the_summary_counts_a_shared_source_once_and_gives_shares(count):
    table = count(load=load({0: "E12", 20: "E12"}, drop=[8, 9]))
    both = pd.concat([table.assign(domain=name) for name in ("one", "two")])
    found = quality.summary(both).set_index("rule")
    assert found.loc["", "rows"] == 20
    assert found.loc["E12", "rows"] == 2
    assert found.loc["E12", "share"] == pytest.approx(100 * 2 / 22)
    assert found.loc["E12", "years"] == "2019–2020"
    assert found.loc["E23", ["rows", "action"]].tolist() == [2, "removed"]
