"""The companies of the finance study: who is unseen, and what real files say."""

import csv
import gzip
import hashlib

import pytest

from seqshift import universe

TABLE = "config/universe/tickers.csv"


@pytest.fixture(scope="module")
def rows(repo):
    with (repo / TABLE).open(newline="") as file:
        return list(csv.DictReader(file))


def test_sixty_one_companies_are_seen_and_five_are_not(repo):
    seen, unseen = universe.split(universe.read(repo / TABLE))
    assert len(seen) == 61
    assert unseen == ["AMD", "MKSI", "TSEM", "VSH", "WOLF"]


def test_the_unseen_company_of_a_stratum_has_the_lowest_hash_of_the_complete_ones(rows):
    strata = {row["stratum"] for row in rows}
    assert len(strata) == 5
    for stratum in strata:
        whole = [
            row["entity"]
            for row in rows
            if row["stratum"] == stratum and row["first_date"] == "2000-01-03"
        ]
        salted = {hashlib.sha256(f"seqshift-unseen-v1:{n}".encode()): n for n in whole}
        lowest = min(salted, key=lambda digest: digest.hexdigest())
        unseen = [r["entity"] for r in rows if r["stratum"] == stratum]
        marked = {r["entity"] for r in rows if r["split"] == "unseen"}
        assert [salted[lowest]] == sorted(marked.intersection(unseen))


def test_every_row_is_filled_and_sorted(rows):
    assert [*rows[0]] == "entity split stratum name permaticker first_date note".split()
    names = [row["entity"] for row in rows]
    assert names == sorted(names)
    assert all(row["name"] for row in rows)


@pytest.mark.mirror
def test_first_days_are_those_of_the_real_files(mirror, rows):
    for row in rows:
        path = mirror / f"finance_yahoo_daily_2024-03/{row['entity']}.csv.gz"
        with gzip.open(path, "rt") as file:
            first = [next(file) for _ in range(2)][1]
        assert first[:10] == row["first_date"], row["entity"]
