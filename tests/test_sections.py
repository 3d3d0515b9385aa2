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
    found = sections.studies({})
    assert all(found[name] == [] for name in sections.STUDIES)
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
