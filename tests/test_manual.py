"""docs/data.md: its tables are current, and what they say was tried was tried."""

import difflib

import pytest
import yaml

from seqshift import manual, registry


@pytest.fixture(scope="module")
def catalogue(repo):
    return yaml.safe_load((repo / "config/sources.yaml").read_text())["catalogue"]


def module(kind):
    return kind.replace("-", "_")


def test_the_tables_of_the_data_page_are_current(repo, catalogue):
    page = (repo / "docs/data.md").read_text()
    expected = manual.data_page(page, catalogue).splitlines()
    drift = "\n".join(difflib.unified_diff(page.splitlines(), expected, lineterm=""))
    assert not drift, drift


def test_a_marked_part_is_replaced_and_the_rest_of_a_page_kept():
    page = "a\n<!-- x -->\nold\n<!-- end of x -->\nb\n"
    found = manual.fill(page, {"x": "new\n"})
    assert found == "a\n<!-- x -->\nnew\n<!-- end of x -->\nb\n"


def test_a_row_says_terms_and_trials():
    spec = {
        "title": "Gauges",
        "url": "https://x.org/{name}",
        "coverage": "1990 to today",
        "licence": "none stated",
        "redistributable": False,
        "key": "X_KEY",
        "limits": [[300, 10], [50000, 86400]],
        "tried": {"mirror": ["gauges"], "imitation": True},
    }
    row = manual.sources({"gauge": spec}).splitlines()[-1]
    assert row == (
        "| `gauge` | Gauges | 1990 to today | none stated | no | `X_KEY` | simulated "
        "files, `gauges`, imitated endpoint |"
    )
    row = manual.addresses({"gauge": spec, "none": {}}).splitlines()[-1]
    places, limits = "`https://x.org/{name}`", "300 in 10 s, 50,000 in 86,400 s"
    assert row == f"| `gauge` | {places} | {limits} |"
    noted = {"gauge": spec | {"note": "Slow."}, "none": spec}
    assert manual.notes(noted) == "- `gauge`: Slow.\n"


def test_every_kind_is_a_module_with_tests_and_the_other_way_round(repo, catalogue):
    kinds = {module(kind) for kind in catalogue}
    sources = (repo / "src/seqshift/sources").glob("[a-z]*.py")
    assert {path.stem for path in sources} == kinds
    tests = (repo / "tests/sources").glob("test_*.py")
    assert kinds <= {path.stem.removeprefix("test_") for path in tests}


def test_a_kind_has_an_address_a_download_and_an_imitation_or_none_of_them(
    repo, catalogue
):
    for kind, spec in catalogue.items():
        imitation = repo / f"tests/support/endpoints/{module(kind)}.py"
        found = {
            "address": "url" in spec,
            "download": hasattr(registry.load("sources", kind), "download"),
            "imitation": imitation.is_file(),
            "said to be tried": spec["tried"]["imitation"],
        }
        assert len(set(found.values())) == 1, f"{kind}: {found}"


def test_every_folder_of_real_files_is_read_by_a_test(repo, catalogue):
    texts = {
        path: path.read_text()
        for path in (repo / "tests").rglob("test_*.py")
        if path.name != "test_manual.py"
    }
    for kind, spec in catalogue.items():
        for folder in spec["tried"]["mirror"]:
            readers = [p.name for p, text in texts.items() if folder in text]
            assert readers, f"{kind}: no test names {folder}"
