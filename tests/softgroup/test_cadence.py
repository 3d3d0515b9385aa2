"""Differences between cadences: by quarter, and corrected among themselves."""

import pandas as pd
import pytest

import softgrouptables as made
from seqshift.softgroup import across, family, findings, observations
from seqshift.softgroup.comparisons import SELECTED, Pair
from seqshift.softgroup.evidence import Evidence, key
from seqshift.statistics import multiplicity

GAINS = {"hourly": 3.0, "daily": 1.0, "weekly": 0.9}


@pytest.fixture(scope="module")
def rows():
    cells = [cell | {"seeds": [0]} for cell in made.EIA.values()]
    units, tests = {}, []
    for cell in cells:
        losses = made.losses(cell, 0, {SELECTED: GAINS[cell["cadence"]]})
        names = family.members(cell)
        units[key(cell)] = observations.of_runs(
            [losses], made.about(cell), "origin", names
        )
        pairs = [Pair("gain", SELECTED, "hard_single")]
        tests.append(findings.rows(units[key(cell)], pairs, cell, made.STATISTICS))
    judged = findings.judge(pd.concat(tests), family.declare(cells), 0.05)
    evidence = Evidence(cells, [], judged, pd.DataFrame(), made.STATISTICS, units=units)
    return pd.DataFrame(across.cadence(evidence, cells))


def test_p_of_three_differences_is_corrected_among_them(rows):
    apart = rows[rows["data"].str.contains("minus")]
    assert len(rows) == 6 and len(apart) == 3
    expected = multiplicity.adjust(apart["p_raw"], "bh")
    assert apart["p_bh"].tolist() == pytest.approx(expected.tolist())
    assert (apart["p_bh"] > apart["p_raw"]).any()
    told = apart.loc[apart["verdict"] == "difference", "p_bh"]
    assert (told < 0.05).all()
