"""Tables of entities: lists, folds, regions, and what is wrong with a table."""

import csv
import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqshift import universe
from seqshift.errors import BadInput
from seqshift.universe import Entity

HEAD = "entity,split,stratum"
REGIONS = f"{HEAD},timezone,states,series,stations"

names = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=5)
tables = st.lists(
    st.tuples(names, st.sampled_from(universe.SPLITS), st.sampled_from("EFIOP")),
    min_size=2,
    max_size=70,
    unique_by=lambda row: row[0],
).map(lambda rows: [Entity(*row) for row in rows])


def members(table):
    return [entity for entity in table if entity.split != "none"]


@st.composite
def dealt(draw):
    table = draw(tables.filter(lambda table: len(members(table)) >= 2))
    return table, draw(st.integers(2, len(members(table))))


@given(dealt())
def test_every_entity_is_unseen_in_exactly_one_fold(drawn):
    table, folds = drawn
    parts = [universe.split(table, folds, fold) for fold in range(folds)]
    everyone = sorted(entity.name for entity in members(table))
    assert sorted(name for _, unseen in parts for name in unseen) == everyone
    for seen, unseen in parts:
        assert sorted(seen + unseen) == everyone and seen and unseen


@given(dealt())
def test_folds_are_of_one_size_overall_and_within_a_stratum(drawn):
    table, folds = drawn
    unseen = [set(universe.split(table, folds, fold)[1]) for fold in range(folds)]
    for stratum in ["EFIOP", *"EFIOP"]:
        group = {entity.name for entity in table if entity.stratum in stratum}
        sizes = [len(part & group) for part in unseen]
        assert max(sizes) - min(sizes) <= 1


@given(dealt(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_their_split_do_not_move_a_fold(drawn, order):
    table, folds = drawn
    shuffled = random.Random(order.random()).sample(table, len(table))
    assert universe.split(table, folds, 1) == universe.split(shuffled, folds, 1)
    marked = [Entity(e.name, "seen", e.stratum) for e in members(table)]
    assert universe.split(marked, folds, 1) == universe.split(table, folds, 1)


@given(tables)
def test_without_folds_the_column_decides(table):
    seen, unseen = universe.split(table)
    assert seen == sorted(e.name for e in table if e.split == "seen")
    assert unseen == sorted(e.name for e in table if e.split == "unseen")


def test_a_fold_never_changes():
    table = [Entity(name, "seen", "F") for name in "AMD CRUS LSCC NVDA".split()]
    assert universe.split(table, 2, 0)[1] == ["AMD", "NVDA"]


@pytest.mark.parametrize(("folds", "fold"), [(3, 3), (5, 0)])
def test_a_fold_that_does_not_exist_is_one_clear_sentence(folds, fold):
    table = [Entity(name, "seen", "F") for name in "ABCD"]
    with pytest.raises(BadInput, match=f"no fold {fold} of {folds} for 4 entities"):
        universe.split(table, folds, fold)


def written(folder, *lines):
    path = folder / "table.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def study(**chosen):
    """Return a configuration whose domain, world and query name the table."""
    listed = {"universe": "table.csv"}
    return {
        "domains": {
            "d": {"entities": {"seen": ["X"], **listed, **chosen}, "regions": {"X": 1}}
        },
        "worlds": {"w": {"entities": listed}, "plain": {"entities": ["X"]}},
        "sources": {"s": {"query": {"names": listed}}, "plain": {"kind": "vix"}},
    }


def test_a_table_takes_the_place_of_lists(tmp_path):
    written(tmp_path, f"{HEAD},note", 'B,seen,F,"b, c"', "A,unseen,I,", "Z,none,,")
    given_config = study()
    found = universe.resolve(given_config, tmp_path)
    assert found["domains"]["d"]["entities"] == {"seen": ["B"], "unseen": ["A"]}
    assert found["domains"]["d"]["regions"] == {"X": 1}
    assert found["worlds"] == {
        "w": {"entities": ["A", "B"]},
        "plain": {"entities": ["X"]},
    }
    assert found["sources"]["s"]["query"] == {"names": ["A", "B"]}
    assert given_config == study()


def test_a_query_gets_the_permanent_numbers_that_are_known(tmp_path):
    written(tmp_path, f"{HEAD},permaticker", "A,seen,F,199059", "B,seen,F,")
    query = universe.resolve(study(), tmp_path)["sources"]["s"]["query"]
    assert query == {"names": ["A", "B"], "permatickers": {"A": "199059"}}


def test_an_empty_universe_leaves_the_lists(tmp_path):
    config = {
        "domains": {"d": {"entities": {"seen": ["X"], "unseen": [], "universe": ""}}}
    }
    config |= {"worlds": {}, "sources": {}}
    assert universe.resolve(config, tmp_path) == config


def test_a_table_of_regions_gives_regions_states_and_time_zones(tmp_path):
    row = "N,{},x,America/Chicago,{},{},{}"
    written(
        tmp_path,
        REGIONS,
        row.format("seen", "TX OK", "a:N b:N1 b:N2", "w:KDFW"),
        "M,unseen,x,America/Denver,CO,,",
    )
    found = universe.resolve(study(), tmp_path)
    assert found["domains"]["d"]["regions"] == {
        "N": {
            "timezone": "America/Chicago",
            "states": ["TX", "OK"],
            "series": {"a": ["N"], "b": ["N1", "N2"]},
            "stations": {"w": ["KDFW"]},
        },
        "M": {
            "timezone": "America/Denver",
            "states": ["CO"],
            "series": {},
            "stations": {},
        },
    }
    world = found["worlds"]["w"]
    assert world["entities"] == ["M", "N"]
    assert world["states"] == {"N": "TX", "M": "CO"}
    assert world["timezones"] == {"N": "America/Chicago", "M": "America/Denver"}


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["entity,stratum", "A,F"], "line 1 begins with 'entity,stratum'"),
        ([], "line 1 begins with ''"),
        ([f"{HEAD},states", "A,seen,F,TX"], "line 1 lacks series"),
        ([HEAD, "A,seen"], "line 2 has not as many fields"),
        ([HEAD, "A,seen,F,G"], "line 2 has not as many fields"),
        (
            [HEAD, "A,seen,F", "B,seen,F", "A,unseen,F"],
            "line 4, column entity: 'A' st",
        ),
        ([HEAD, ",seen,F"], "line 2, column entity: is empty"),
        ([HEAD, "A,sen,F"], "split on line 2 of .*'sen': choose one of none, seen"),
        ([HEAD, "A,unseen,F"], "column split: no entity is seen, domain d cannot"),
        ([HEAD], "column split: no entity is seen"),
        ([REGIONS, "A,seen,F,,TX,,"], "line 2, column timezone: is empty"),
        ([REGIONS, "A,seen,F,UTC, ,,"], "line 2, column states: is empty"),
        ([REGIONS, "A,seen,F,UTC,TX,load,"], "column series: 'load' is no source:name"),
        ([REGIONS, "A,seen,F,UTC,TX,,w:"], "column stations: 'w:' is no source:name"),
    ],
)
def test_a_bad_table_is_one_clear_sentence(tmp_path, lines, words):
    path = written(tmp_path, *lines)
    with pytest.raises(BadInput, match=words) as caught:
        universe.resolve(study(), tmp_path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(BadInput, match=r"table\.csv not found"):
        universe.resolve(study(), tmp_path)


def hashed(name):
    return hashlib.sha256(f"seqshift-unseen-v1:{name}".encode()).hexdigest()


@pytest.mark.parametrize(
    ("name", "complete"),
    [
        ("tickers", lambda row: row["first_date"] == "2000-01-03"),
        ("states", lambda row: True),
        ("regions", lambda row: row["split"] != "none" and row["class"] in "AB"),
    ],
)
def test_unseen_entities_are_the_lowest_hash_of_their_stratum(repo, name, complete):
    path = repo / f"config/universe/{name}.csv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    unseen = {row["entity"] for row in rows if row["split"] == "unseen"}
    for stratum in {row["stratum"] for row in rows}:
        group = [row["entity"] for row in rows if row["stratum"] == stratum]
        whole = {row["entity"] for row in rows if complete(row)} & set(group)
        drawn = min(whole, key=hashed)
        assert unseen & set(group) in ({drawn}, set())
