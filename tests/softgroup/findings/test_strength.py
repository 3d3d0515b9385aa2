"""One point a source: horizons and variants of one data set are not independent."""

from dataclasses import replace

import pandas as pd
import pytest
from scipy import stats

import softgroupstudy
from seqshift.softgroup.findings import strength
from seqshift.softgroup.findings.evidence import key


@pytest.fixture(scope="module")
def evidence():
    return softgroupstudy.make()["evidence"]


def varied(evidence, dataset: str, names: dict[str, tuple]):
    """Return the evidence with variants of a cell, by name: gain shift, |r|, sweep."""
    cells = [cell for cell in evidence.cells if not cell["reason"]]
    of = next(cell for cell in cells if cell["dataset"] == dataset)
    tests, alike = [evidence.tests], [evidence.similarity]
    units = dict(evidence.units)
    for name, (shift, level, sweep) in names.items():
        cells.append(of | {"dataset": name, "sweep": of["sweep"] | sweep})
        own = evidence.tests[evidence.tests["dataset"] == dataset]
        tests.append(own.assign(dataset=name, gain=own["gain"] + shift))
        same = evidence.similarity[evidence.similarity["dataset"] == dataset]
        alike.append(same.assign(dataset=name, within=level))
        whole = units[key(of)]
        soft = whole["arm"] == "soft_single_selected"
        less = whole["sql"].where(~soft, whole["sql"] * (1 - shift / 100))
        units[key(cells[-1])] = whole.assign(dataset=name, sql=less)
    joint = {"tests": pd.concat(tests), "similarity": pd.concat(alike)}
    return replace(evidence, units=units, cells=cells, **joint)


def test_variants_of_a_source_are_averaged_to_one_point(evidence):
    variants = {f"ett-h1-{k}": (0.5 * k, 0.35, {}) for k in (1, 2, 3)}
    known = varied(evidence, "ett-h1", variants)
    row = strength.relations(known, known.cells)[0]
    assert (row["n_units"], row["world"], row["data"]) == (4, "mixed", "all")
    gain = {
        cell["dataset"]: known.one(cell, "soft_single_selected")["gain"]
        for cell in known.cells
    }
    ett = sum(gain[name] for name in gain if name.startswith("ett")) / 4
    x = [0.48, 0.35, 0.55 * 0.5, 0.8]
    y = [gain["clusters"], ett, gain["m4-hourly"], gain["eia930-hourly"]]
    fit = stats.linregress(x, y)
    assert row["estimate_pct"] == pytest.approx(fit.slope)
    assert row["p_raw"] == pytest.approx(fit.pvalue)


def test_descriptive_data_are_no_point(evidence):
    known = varied(evidence, "ett-h1", {"ett-h1-weekly": (3.0, 0.9, {})})
    known.cells[-1]["remarks"] = ["descriptive: few"]
    known.cells[-1]["source"] = "weekly"
    before = strength.relations(evidence, known.cells[:-1])[0]
    assert strength.relations(known, known.cells)[0] == before


def test_worlds_that_differ_in_noise_have_a_slope_over_their_replicates(evidence):
    noises = {
        "clear": (1.0, 0.7, {"noise": 0.2}),
        "noisy": (-0.8, 0.2, {"noise": 1.2}),
        "long": (0.0, 0.5, {"short": 0.0}),
    }
    known = varied(evidence, "clusters", noises)
    whole, swept = strength.relations(known, known.cells)
    assert swept["data"] == "clusters by noise H=96" and swept["n_units"] == 40
    assert swept["world"] == "simulated" and swept["estimate_pct"] > 0
    assert swept["ci_lo"] < swept["estimate_pct"] < swept["ci_hi"]
    assert "noise 0.2" in swept["text"] and "noise 1.2" in swept["text"]
    smaller, larger = sorted([whole["p_raw"], swept["p_raw"]])
    corrected = sorted([whole["p_bh"], swept["p_bh"]])
    assert corrected == pytest.approx([min(2 * smaller, larger), larger])


def test_fewer_than_three_sources_have_no_slope(evidence):
    cells = [cell for cell in evidence.cells if cell["kind"] in ("clusters", "ett")]
    found = strength.relations(evidence, [one for one in cells if not one["reason"]])
    assert [row["verdict"] for row in found] == ["not testable"]
    assert "three sources" in found[0]["text"]
