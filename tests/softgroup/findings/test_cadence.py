"""Differences between cadences: by quarter, and corrected among themselves."""

import pandas as pd
import pytest
from scipy import stats

import softgrouptables as made
from seqshift.softgroup.findings import across, family, hypotheses, observations
from seqshift.softgroup.findings.comparisons import SELECTED, Pair
from seqshift.softgroup.findings.evidence import Evidence, key
from seqshift.statistics import multiplicity

GAINS = {"hourly": 3.0, "daily": 1.0, "weekly": 0.9}


def answer(seeds: list[int], spread: float = 0.0) -> pd.DataFrame:
    """Return E3; at each seed the gain of hourly data is larger by `spread`."""
    cells = [cell | {"seeds": seeds} for cell in made.EIA.values()]
    units, tests = {}, []
    for cell in cells:
        gain, more = GAINS[cell["cadence"]], spread * (cell["cadence"] == "hourly")
        runs = [made.losses(cell, seed, {SELECTED: gain + more * seed})
                for seed in seeds]  # fmt: skip
        names = family.members(cell)
        losses = pd.concat(runs, ignore_index=True)
        units[key(cell)] = observations.averaged(
            losses, made.about(cell), "origin", names
        )
        pairs = [Pair("gain", SELECTED, "hard_single")]
        tests.append(hypotheses.rows(units[key(cell)], pairs, cell, made.STATISTICS))
    judged = hypotheses.judge(pd.concat(tests), family.declare(cells), 0.05)
    evidence = Evidence(cells, [], judged, pd.DataFrame(), made.STATISTICS, units=units)
    return pd.DataFrame(across.cadence(evidence, cells)).set_index("data")


@pytest.fixture(scope="module")
def rows():
    return answer([0])


def test_p_of_three_differences_is_corrected_among_them(rows):
    apart = rows[rows.index.str.contains("minus")]
    assert len(rows) == 6 and len(apart) == 3
    expected = multiplicity.adjust(apart["p_raw"], "bh")
    assert apart["p_bh"].tolist() == pytest.approx(expected.tolist())
    assert (apart["p_bh"] > apart["p_raw"]).any()
    told = apart.loc[apart["verdict"] == "difference", "p_bh"]
    assert (told < 0.05).all()


def test_a_difference_is_as_uncertain_as_its_seeds_where_they_differ_more(rows):
    seeds = [0, 1, 2, 3, 4]
    name = next(one for one in rows.index if "daily minus hourly" in one)
    alike, apart = (answer(seeds, spread).loc[name] for spread in (0.0, 2.0))
    width = apart["ci_hi"] - apart["ci_lo"]
    assert width > 2 * (alike["ci_hi"] - alike["ci_lo"])
    shifts = pd.Series([-2.0 * seed for seed in seeds])
    by_hand = 2 * stats.t.ppf(0.975, 4) * shifts.sem()
    assert width == pytest.approx(by_hand, rel=0.05)
