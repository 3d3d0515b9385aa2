import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqshift import demand
from seqshift.errors import BadInput

FORM = "%Y-%m-%dT%H"
HOURS = pd.date_range("2021-08-20 00:00", periods=500, freq="h")


def fault(position, column, value, what):
    return BadInput(f"file, entry {position}, {column}: {value} {what}; remedy")


def cells(changes=None, count=500):
    """Return the texts of a day cycle, with these cells by hour."""
    mw = 1000 + 100 * np.sin(2 * np.pi * np.arange(count) / 24.3)
    text = [str(round(value)) for value in mw]
    for hour, cell in (changes or {}).items():
        text[hour] = cell
    return pd.Series(text, name="value", dtype="object")


def read(values, name="XX", stamps=None):
    if stamps is None:
        stamps = HOURS[: len(values)].strftime(FORM)
    stamps = pd.Series(stamps, name="period")
    return demand.published(name, stamps, values, FORM, fault)


def rules(table):
    marked = table["flag"][table["flag"] != ""].str.split("+").explode()
    return marked.value_counts().to_dict()


def test_hours_without_a_value_are_marked_and_filled_up_to_three():
    gone = {50: None, 51: "", 52: None, **dict.fromkeys(range(100, 104))}
    table = read(cells(gone))
    assert rules(table) == {"E24": 7}
    assert np.flatnonzero(table["mw"].isna()).tolist() == [100, 101, 102, 103]


def test_words_zeros_and_absurd_values_are_repaired():
    bad = {50: "MISSING", 60: "EMPTY", 70: "0", 71: "-4", 200: "2147480000"}
    table = read(cells(bad | {300: "1900"}))
    assert rules(table) == {"E4": 2, "E3": 2, "E1a": 1, "E1b": 1}
    assert table["mw"].between(899, 1101).all()


def test_a_value_that_stands_for_two_days_is_removed_and_a_shorter_run_is_not():
    table = read(cells(dict.fromkeys(range(100, 148), "1234")))
    assert rules(table) == {"E25": 48}
    assert table["mw"][100:148].isna().all()
    assert rules(read(cells(dict.fromkeys(range(100, 147), "1234")))) == {}


def test_after_its_retirement_an_authority_has_no_load_whatever_is_stated():
    late = HOURS > pd.Timestamp("2021-09-01 05:00")
    hours = np.flatnonzero(late)
    table = read(cells({hours[0]: "0", hours[1]: "", hours[2]: "9"}), "AEC")
    assert rules(table) == {"E15": late.sum()}
    assert table["mw"].isna().to_numpy().tolist() == late.tolist()


def test_numbers_may_carry_commas_between_thousands_only():
    plain, commas = cells(), cells({5: "1,234", 6: "1,234.5", 7: "1234"})
    assert read(plain)["mw"].notna().all()
    assert read(commas)["mw"][5:8].tolist() == [1234.0, 1234.5, 1234.0]
    for cell in ("12,34", ",123", "1,2345", "1e5", "nan", "1.", " 5", "5 MW"):
        with pytest.raises(BadInput, match=f"entry 5, value: '{cell}' is not a number"):
            read(cells({5: cell}))


@pytest.mark.parametrize(
    ("stamp", "words"),
    [
        ("2021-08-20T04", "entry 5, period: '2021-08-20T04' appears twice"),
        ("2021-08-20", "entry 5, period: '2021-08-20' is not a time like %Y-%m-%dT%H"),
        ("2021-13-20T04", "entry 5, period: .* is not a time like"),
    ],
)
def test_a_wrong_time_is_refused_with_its_place(stamp, words):
    stamps = HOURS.strftime(FORM).tolist()
    stamps[5] = stamp
    with pytest.raises(BadInput, match=words):
        read(cells(), stamps=stamps)


def test_a_time_within_an_hour_is_refused():
    stamps = pd.Series(["2021-08-20 00:00", "2021-08-20 01:30"], name="period")
    with pytest.raises(BadInput, match="entry 1, period: .* is not a whole hour"):
        demand.published("XX", stamps, cells(count=2), "%Y-%m-%d %H:%M", fault)


def test_a_series_without_any_load_is_refused():
    with pytest.raises(BadInput, match="entry 0, value: '0' is, like all others"):
        read(cells(dict.fromkeys(range(500), "0")))


@settings(max_examples=20, deadline=None)
@given(order=st.permutations(range(60)), lost=st.sets(st.integers(1, 58), max_size=5))
def test_the_order_of_the_rows_does_not_matter(order, lost):
    left = [row for row in range(60) if row not in lost]
    turned = [row for row in order if row not in lost]
    stamps, text = HOURS.strftime(FORM), cells()
    tables = [read(text[rows], stamps=stamps[rows]) for rows in (left, turned)]
    pd.testing.assert_frame_equal(*tables)
    assert tables[0]["utc_end"].is_monotonic_increasing


def test_the_span_of_a_query_holds_whole_days_of_the_pacific_zone():
    spec = {"query": {"start": "2020-01-01", "end": "2020-01-31"}}
    first, last = demand.span(spec)
    assert str(first) == "2020-01-01 00:00:00" and str(last) == "2020-02-01 08:00:00"
    with pytest.raises(BadInput, match="`query` lacks end"):
        demand.span({"query": {"start": "2020-01-01"}})


def test_the_series_that_are_read_are_those_of_the_query_or_all(tmp_path):
    assert demand.chosen({}, {"B", "A"}, tmp_path) == ["A", "B"]
    spec = {"query": {"names": ["B"]}}
    assert demand.chosen(spec, {"B", "A"}, tmp_path) == ["B"]
    with pytest.raises(BadInput, match="holds no hourly demand of B; correct"):
        demand.chosen(spec, {"A"}, tmp_path)
    with pytest.raises(BadInput, match="holds no hourly demand; correct"):
        demand.chosen({}, {}, tmp_path)
