"""What no source may break, and the sessions that lack a row."""

import pandas as pd
import pytest

from seqshift import bars, sessions
from seqshift.errors import BadInput


def frame(**changed):
    days = sessions.between("2020-01-02", "2020-01-31")[:10]
    values = {"open": 10.0, "high": 11.0, "low": 9.0, "close": 10.5, "close_adj": 10.0}
    table = pd.DataFrame({"entity": "A", "date": days, **values, "volume": 5.0})
    for column, (row, value) in changed.items():
        table.loc[row, column] = value
    return table


def wrong(row, column, value, what):
    return BadInput(f"row {row} {column}: {value} {what}")


def test_plain_bars_pass_unmarked():
    given = frame()
    pd.testing.assert_frame_equal(bars.clean(given, wrong)[[*given]], given)
    assert bars.clean(given, wrong)["flag"].eq("").all()


def test_several_rules_may_mark_one_row():
    clean = bars.clean(frame(open=(3, 0.0), volume=(3, 0.0), low=(3, 10.8)), wrong)
    assert clean["flag"].tolist() == [""] * 3 + ["F1+F2+F3"] + [""] * 6
    assert clean["low"][3] == 10.5


@pytest.mark.parametrize(
    ("column", "row", "value", "words"),
    [
        ("close", 2, 0.0, "row 2 close: 0.0 is too low"),
        ("close_adj", 4, -1.0, "row 4 close_adj: -1.0 is too low"),
        ("close_adj", 9, 900.0, "row 9 close_adj: 900.0 is more than e.3 times"),
        ("date", 0, pd.Timestamp("2020-01-01"), "row 0 date: 2020-01-01 is no trading"),
    ],
)
def test_what_no_rule_repairs_is_refused(column, row, value, words):
    with pytest.raises(BadInput, match=words):
        bars.clean(frame(**{column: (row, value)}), wrong)


def test_missing_sessions_are_counted_between_first_and_last_row():
    table = pd.concat([frame().drop([0, 4, 5]), frame().assign(entity="B")])
    found = bars.missing_sessions(table)
    assert found["entity"].tolist() == ["A", "A"]
    assert found["date"].tolist() == frame()["date"][4:6].tolist()


def test_no_missing_session_is_an_empty_table():
    found = bars.missing_sessions(frame())
    assert len(found) == 0 and [*found] == ["entity", "date"]
