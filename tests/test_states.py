import csv
import hashlib

import pytest

from seqshift import localdays, states, universe
from seqshift.errors import BadInput


def rows(repo, name):
    with (repo / "config/universe" / name).open(newline="") as file:
        return list(csv.DictReader(file))


def lowest(names):
    """Return the name with the lowest hash: who is unseen in a stratum."""
    return min(
        names, key=lambda n: hashlib.sha256(f"seqshift-unseen-v1:{n}".encode()).digest()
    )


def test_there_are_48_states_with_their_codes():
    fips, names = states.fips(), states.names()
    assert len(fips) == len(names) == 48 and set(fips.values()) == set(names)
    assert list(names.values()) == sorted(names.values())
    assert (fips["01"], fips["11"] if "11" in fips else "", fips["56"]) == (
        "AL",
        "",
        "WY",
    )
    assert names["NC"] == "North Carolina"
    assert not set(states.ELSEWHERE) & set(fips)


def test_a_query_names_the_states_it_wants():
    found = ["TX", "NY", "OH"]
    assert states.wanted({}, found) == sorted(found)
    assert states.wanted({"query": {"names": ["TX", "OH"]}}, found) == ["OH", "TX"]
    with pytest.raises(BadInput, match="'CA': choose one of NY, OH, TX"):
        states.wanted({"query": {"names": ["CA"]}}, found)


def test_the_table_of_states_agrees_with_the_codes(repo):
    table = rows(repo, "states.csv")
    assert {row["fips"]: row["entity"] for row in table} == states.fips()
    assert {row["entity"]: row["name"] for row in table} == states.names()
    for row in table:
        name = row["entity"]
        localdays.zone(row["timezone"])
        assert row["states"] == name and row["series"] == f"pudl:{name}"
        assert row["stations"] == f"nclimgrid:{name} cpc:{name}"


def test_the_unseen_states_have_the_lowest_hash_of_their_stratum(repo):
    table = rows(repo, "states.csv")
    strata = {row["stratum"]: [] for row in table}
    for row in table:
        strata[row["stratum"]].append(row["entity"])
    assert sorted(map(len, strata.values())) == [8, 8, 9, 11, 12]
    unseen = {row["entity"] for row in table if row["split"] == "unseen"}
    assert unseen == {lowest(names) for names in strata.values()}
    assert unseen == {"NH", "OH", "MD", "AL", "NV"}


def test_the_unseen_regions_have_a_near_station_and_the_lowest_hash(repo):
    table = rows(repo, "regions.csv")
    chosen = universe.read(repo / "config/universe/regions.csv")
    assert [len(part) for part in universe.split(chosen)] == [14, 2]
    for stratum, name in {"ERCOT": "NORTH_C", "PJM": "COMED"}.items():
        near = [
            row["entity"]
            for row in table
            if row["stratum"] == stratum and row["class"] in "AB"
        ]
        assert lowest(near) == name
    left_out = {row["entity"] for row in table if row["split"] == "none"}
    assert left_out == {"DEOK", "FE"}


def test_each_region_has_one_station_list_for_both_eras(repo):
    pairs = {}
    for row in rows(repo, "regions.csv"):
        parts = [token.split(":") for token in row["stations"].split()]
        early = [name for source, name in parts if source == "udayton"]
        late = [name for source, name in parts if source == "weather"]
        assert len(early) == len(late) == len(parts) / 2
        for city, airport in zip(early, late, strict=True):
            assert pairs.setdefault(airport, city) == city
        assert row["class"] == "A" or row["note"].startswith("RMSE")
