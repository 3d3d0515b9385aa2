import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gridworld
from seqshift import plants
from seqshift.errors import BadInput

COLUMNS = ["Plant", "Where", plants.GENERATOR, "Technology", plants.MW, *plants.OPENED]
LAST = pd.Timestamp("2020-12-01")


def row(state="TX", mw=10.0, opened=(3, 2015), kind=plants.PV, plant=1):
    return [plant, state, "G1", kind, mw, *opened]


def sheet(*rows, above=2, header=COLUMNS):
    """Return a sheet as it is read without header: a title, then the table."""
    cells = [["Title"], [], ["More"]][:above] + [header, *rows]
    return pd.DataFrame(cells)


def table(*rows, **layout):
    return plants.table({"Main": sheet(*rows, **layout)}, "Main", COLUMNS, "book")


def stock(*rows, whole=True):
    known = plants.dated(table(*rows), "Main", "book", closed=False)
    return plants.stock(known, LAST, whole)


@pytest.mark.parametrize("above", [0, 1, 2, 3])
def test_the_header_is_found_wherever_it_stands(above):
    found = table(row(), row("OH"), above=above)
    assert found["state"].tolist() == ["TX", "OH"]
    assert found["line"].tolist() == [above + 2, above + 3]


def test_footnotes_below_the_table_are_left_out():
    assert len(table(row(), [], ["NOTES:"], ["Capacity is nameplate."])) == 1
    with pytest.raises(BadInput, match="line 5, Plant: a footnote stands among"):
        table(row(), ["NOTES:"], row())


def test_cells_of_the_header_may_carry_blanks():
    assert len(table(row(), header=[f" {name}\n" for name in COLUMNS])) == 1


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (row(mw="ten"), r"sheet Main, line 5, Nameplate Capacity \(MW\): no valid"),
        (row(mw=-1.0), "line 5, Nameplate"),
        (row(mw=None), "line 5, Nameplate"),
        (row(state="Texas"), "line 5, State: no valid value"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_place(bad, words):
    with pytest.raises(BadInput, match=words):
        table(row(), bad)


def test_another_layout_is_refused():
    with pytest.raises(BadInput, match="book has no sheet Main"):
        plants.table({}, "Main", COLUMNS, "book")
    with pytest.raises(BadInput, match="sheet Main has no column 'Technology'"):
        table(row(), header=[name.replace("Tech", "T") for name in COLUMNS])
    with pytest.raises(BadInput, match="none of the first 10 rows holds 'Plant' and"):
        table(row(), header=["Site", *COLUMNS[1:]])


@pytest.mark.parametrize("opened", [(13, 2015), ("May", 2015), (0, 2015)])
def test_a_date_that_is_no_month_is_refused(opened):
    words = "line 4, Operating Month and Operating Year: no month"
    with pytest.raises(BadInput, match=words):
        stock(row(opened=opened))


def test_the_total_is_of_all_kinds_of_generators_and_may_be_unknown():
    found = stock(row(), row(kind="Onshore Wind Turbine", mw=30.0, opened=(1, 2010)))
    assert found["month"].iloc[0] == pd.Timestamp("2010-01-01")
    assert found["pv_mw"].iloc[[0, -1]].tolist() == [0.0, 10.0]
    assert found["total_mw"].iloc[[0, -1]].tolist() == [30.0, 40.0]
    assert stock(row(), whole=False)["total_mw"].isna().all()


def test_generators_without_a_state_are_gathered_and_marked():
    found = stock(row(), row(" ", 0.5), row(None, 0.4, (11, 2020)))
    nowhere = found[found["state"] == "XX"]
    assert nowhere["pv_mw"].iloc[-1] == pytest.approx(0.9)
    assert set(nowhere["flag"]) == {"E26"}
    assert found["pv_mw"][found["month"] == LAST].sum() == pytest.approx(10.9)


@pytest.mark.parametrize("opened", [(" ", " "), (None, 2015), (3, None)])
def test_generators_without_a_date_are_left_out_and_marked_once(opened):
    found = stock(row(), row(mw=2.0, opened=opened), row("OH", opened=opened))
    texas = found[found["state"] == "TX"]
    assert texas["flag"].tolist()[-1] == "E20" and (texas["flag"] == "E20").sum() == 1
    assert texas["pv_mw"].iloc[-1] == 10.0
    ohio = found[found["state"] == "OH"]
    assert ohio[["month", "pv_mw", "flag"]].to_numpy().tolist() == [[LAST, 0.0, "E20"]]


def closed(*rows):
    cells = plants.table(
        {"Gone": sheet(*rows, header=[*COLUMNS, *plants.CLOSED])},
        "Gone",
        [*COLUMNS, *plants.CLOSED],
        "book",
    )
    return plants.stock(plants.dated(cells, "Gone", "book", closed=True), LAST, True)


def test_a_retired_generator_counts_from_its_opening_until_it_retires():
    found = closed([*row(opened=(1, 2015)), 6, 2015], [*row(mw=1.0), 5, 2010])
    first = found.set_index("month")["total_mw"]
    assert first["2015-05-01"] == 10.0 and first["2015-06-01"] == 0.0
    assert (first["2015-06-01":] == 0.0).all()  # retired before it opened: never ran


def test_a_retired_generator_without_a_date_of_retirement_is_left_out():
    found = closed([*row(), " ", " "], [*row(mw=3.0), 6, 2020])
    assert found["total_mw"].iloc[0] == 3.0
    assert found["flag"].iloc[-1] == "E20"


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["TX", "OH"]),
            st.floats(0.1, 900).map(lambda mw: round(mw, 1)),
            st.integers(0, 59),
            st.integers(0, 70),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_the_stock_of_a_month_is_what_is_open_and_not_yet_closed(generators):
    start = pd.Period("2016-01", "M")
    known = pd.DataFrame(
        {
            "state": [state for state, *_ in generators],
            "mw": [mw for _, mw, *_ in generators],
            "opened": [(start + first).start_time for *_, first, _ in generators],
            "closed": [(start + first + n).start_time for *_, first, n in generators],
            "Technology": plants.PV,
            "undated": False,
            "reversed": False,
        }
    )
    found = plants.stock(known, LAST, True).set_index(["state", "month"])
    for (state, month), power in found["pv_mw"].items():
        there = known[known["state"] == state]
        open_ = (there["opened"] <= month) & (month < there["closed"])
        assert power == pytest.approx(there["mw"][open_].sum(), abs=1e-6)
    assert (found["pv_mw"] >= 0).all()


def test_dates_that_cannot_be_are_marked_on_the_last_month():
    month = pd.Timestamp("2016-03-01")
    known = pd.DataFrame(
        {
            "state": ["NY", "OH", "TX"],
            "mw": 5.0,
            "opened": [month, LAST + pd.DateOffset(months=2), month],
            "closed": [month, pd.NaT, pd.NaT],
            "Technology": plants.PV,
            "undated": False,
            "reversed": [True, False, False],
        }
    )
    found = plants.stock(known, LAST, True)
    marked = found[found["flag"] == "E29"]
    assert marked["state"].tolist() == ["NY", "OH"]
    assert (marked["month"] == LAST).all() and (marked["pv_mw"] == 0).all()


@pytest.mark.parametrize("trend", [False, True])
def test_openings_add_up_to_the_solar_share_of_a_world(trend):
    world = gridworld.world(trend=trend)
    steps = plants.openings(world, before=24)
    assert steps.index[0] == pd.Period("2013-01", "M")
    firsts = world.days[world.days.day == 1]
    power = (world.solar_share * world.mean_mw())[["COAST", "EAST"]].sum(axis=1)
    np.testing.assert_allclose(steps["TX"].cumsum(), power[firsts], atol=0.051)
    assert (steps >= 0).all().all()
