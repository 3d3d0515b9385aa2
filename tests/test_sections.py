"""What the report says of ablations and of scaling curves."""

import pytest

import resulttables
from seqshift import report, sections


@pytest.fixture(scope="module")
def tables():
    made = resulttables.make(domains=("energy",), models=("mlp", "lstm"), seeds=2)
    return {name: made[name] for name in sections.STUDIES}


@pytest.fixture
def page(tmp_path):
    """Return a function that writes a report of tables and reads it back."""

    def make(tables) -> str:
        report.write(tmp_path / "report.html", tables, {}, {"alpha": 0.05})
        return " ".join((tmp_path / "report.html").read_text().split())

    return make


def test_a_run_without_these_studies_says_so(page):
    assert sections.studies({}) == dict.fromkeys(sections.STUDIES, [])
    text = page({})
    assert "No ablation was compared in this run." in text
    assert "No scaling curve was fitted in this run." in text


def test_the_counts_of_the_ablations_are_those_of_the_table(page, tables):
    frame = tables["ablations"].copy()
    frame["verdict"] = ["worse"] * 3 + ["better"] + ["undecided"] * (len(frame) - 4)
    text = page(tables | {"ablations": frame.assign(seeds=2)})
    assert f"Of {len(frame)} comparisons" in text
    assert "worse in 3, better in 1, and 8 are undecided" in text
    assert "With so few seeds only large differences" in text
    assert "With so few seeds" not in page(tables | {"ablations": frame})


def test_every_row_of_both_tables_is_shown(page, tables):
    text = page(tables)
    for name in ("ablations", "scaling"):
        part = text.split(f'<h2 id="{name}">')[1].split("<h2 ")[0]
        assert part.count("<tr><td>") == len(tables[name])


def test_three_sizes_are_said_to_hide_a_floor(page, tables):
    few = tables["scaling"].assign(sizes=3, status="floor_unknown")
    text = page(tables | {"scaling": few})
    assert "With 3 sizes a floor is not identifiable" in text
    assert "<code>floor_unknown</code>: too few sizes to test for a floor" in text
    assert "a floor is not identifiable" not in page(tables)


def test_the_report_opens_with_the_invalid_runs(page, tables):
    text = page(tables)
    rows = tables["controls"]
    assert text.index('id="invalid"') < text.index('<h2 id="result">')
    opening = text.split('id="invalid"')[1].split("</div>")[0]
    assert "No run is invalid" in opening and "<li>" not in opening
    wrong = (rows["model"] == "lstm") & rows["control"].isin(["pooled", "graded"])
    bad = rows.assign(passed=rows["passed"] & ~wrong)
    opening = page({"controls": bad}).split('id="invalid"')[1].split("</div>")[0]
    runs = bad.loc[wrong, ["domain", "modality"]].drop_duplicates()
    assert opening.count("<li>") == len(runs)
    assert "energy, natural, <strong>lstm</strong>: pooled, graded" in opening
    assert "No run is invalid" not in opening and "mlp" not in opening


def test_controls_that_could_not_be_tested_are_named_and_are_no_failure(page, tables):
    one = tables["controls"].iloc[:1]
    lost = one.assign(control="id-id", status="not_testable", passed=False)
    text = page({"controls": lost.assign(detail="too few years: the smallest p")})
    opening = text.split('id="invalid"')[1].split("</div>")[0]
    assert "No run is invalid" in opening
    assert "neither passed nor failed: id-id (1 run)" in opening
    section = text.split('<h2 id="controls">')[1].split("<h2 ")[0]
    assert "<td>not testable</td>" in section and "too few years" in section


def test_every_control_is_shown_with_its_band_and_outcome(page, tables):
    rows = tables["controls"]
    section = page(tables).split('<h2 id="controls">')[1].split("<h2 ")[0]
    assert section.count("<tr><td>") == len(rows)
    decided = rows[rows["status"] == "ok"]
    assert section.count("<td>passed</td>") == decided["passed"].sum()
    assert section.count("<td>informs only</td>") == 2 * len(rows) / 8
    assert "about 1" in section and "≤ 0.00500" in section and "≥ 0.800" in section


def test_the_finding_on_untrained_networks_is_that_of_the_table(page, tables):
    rows = tables["controls"]
    fresh = rows["control"] == "untrained"
    total = int(fresh.sum())
    more = page({"controls": rows.assign(value=rows["value"].where(~fresh, 1.37))})
    assert f"In {total} of {total} runs the untrained network drifts as much" in more
    assert "energy natural mlp 1.37" in more and "adds little" in more
    less = page({"controls": rows.assign(value=rows["value"].where(~fresh, 0.41))})
    assert f"In 0 of {total} runs the untrained network drifts as much" in less
    assert "energy natural mlp 0.410" in less and "adds little" not in less
    assert (
        "untrained network"
        not in page({"controls": rows[~fresh]})
        .split("Table of controls")[0]
        .split('id="controls"')[1]
    )


def test_the_literal_shuffle_is_said_to_leave_the_drift(page, tables):
    rows = tables["controls"]
    within = rows["control"] == "within"
    text = page({"controls": rows.assign(value=rows["value"].where(~within, 0.97))})
    assert "expected about the observed D, not at 0" in text
    assert "0.970 to 0.970 times the observed D" in text


def test_a_run_without_controls_says_so(page):
    assert "No control was judged in this run." in page({})
    assert 'id="invalid"' not in page({})
