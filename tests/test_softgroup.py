"""The whole study of soft group masks at smoke size, and a run that was stopped."""

import json
import re

import pandas as pd
import pytest

import study
from seqshift import storage
from seqshift.schemas import findings as schemas
from seqshift.schemas.softfigures import FIGURES
from seqshift.softgroup.findings import answers, reading, seedclaims

TABLES = {
    "family": schemas.FAMILY,
    "tests": schemas.TESTS,
    "t1": schemas.TESTS,
    "t2": schemas.CONTROLS,
    "t3": schemas.TESTS,
    "t4": schemas.LEAKS,
    "t5": schemas.CLAIMS,
    "t6": schemas.ANSWERS,
    "recovery": schemas.RECOVERY,
}
RESULTS = "results/softgroup"


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """Return a folder in which a run was stopped after its units, and went on."""
    pytest.importorskip("chronos", reason="run make extras EXTRAS=softgroup")
    folder = study.copy(tmp_path_factory.mktemp("softgroup"))
    stopped = study.snakemake(folder, "softgroup", *study.SMOKE, "--until", "test_arms")
    assert stopped.returncode == 0, stopped.stdout[-4000:]
    (folder / "left.txt").write_text(
        "\n".join(sorted(rule for rule, _ in study.planned(folder, "softgroup",
                                                           *study.SMOKE)))
    )  # fmt: skip
    ran = study.snakemake(folder, "softgroup", *study.SMOKE)
    assert ran.returncode == 0, ran.stdout[-4000:]
    return folder


def table(folder, name: str) -> pd.DataFrame:
    return storage.read_csv(folder / RESULTS / f"tables/{name}.csv", TABLES[name])


@pytest.mark.slow
def test_a_run_that_was_stopped_goes_on_where_it_was(done):
    left = set((done / "left.txt").read_text().split())
    assert not left & {"train_backbone", "score_arms", "test_arms"}
    assert {"tabulate", "answer_questions", "plot_leak", "write_softgroup"} <= left


@pytest.mark.slow
@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_there_and_keeps_its_schema(done, name):
    assert len(table(done, name))


@pytest.mark.slow
def test_every_claim_and_question_is_there_and_simulated_data_prove_nothing(done):
    claims, found = table(done, "t5"), table(done, "t6")
    assert set(claims["id"]) == {claim.id for claim in seedclaims.CLAIMED}
    assert set(found["id"]) == {question.id for question in answers.QUESTIONS}
    first = claims[claims["id"].isin([f"C{k}" for k in range(1, 7)])]
    assert set(first["verdict"]) == {"not testable"}
    away = found[found["backbone"] == "chronos-2"]
    assert set(away["verdict"]) == {"not available"}
    lost = found[found["data"].str.startswith("ett-h2")]
    assert len(lost) and lost["text"].str.contains("no source").all()


@pytest.mark.slow
def test_the_leak_is_in_its_own_table_alone(done):
    for name in ("family", "tests", "t1", "t2", "t3", "t6"):
        assert not table(done, name)["arm"].str.startswith("leak").any()
    leaks = table(done, "t4")
    assert {"all", "past", "future", "future-past"} <= set(leaks["variant"])
    folder = done / RESULTS / "ett-h1/horizon=96/tiny"
    chosen = json.loads((folder / "selected.json").read_text())
    assert not any("leak" in arm for arm in chosen["single"]["sql"])


@pytest.mark.slow
def test_no_arm_looks_ahead_and_the_leak_does(done):
    paths = sorted(str(path) for path in (done / RESULTS).glob("*/*/*/probe.csv"))
    probe = reading.named({"probe": paths})["probe"]
    assert (probe.loc[probe["leak"] == 0, "difference"] == 0).all()
    assert (probe.loc[probe["leak"] == 1, "difference"] > 0).any()


@pytest.mark.slow
@pytest.mark.parametrize("name", FIGURES)
def test_figures_stand_beside_their_data(done, name):
    folder = done / RESULTS / "figures"
    assert (folder / f"{name}.pdf").read_bytes().startswith(b"%PDF")
    assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    assert len(storage.read_csv(folder / f"{name}.csv", FIGURES[name]))


@pytest.mark.slow
def test_the_page_stands_alone_and_says_what_was_not_tested(done):
    page = (done / RESULTS / "report.html").read_text()
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert page.count("data:image/png;base64") == 6
    first = page[: page.index('id="claims"')]
    assert "Not tested on chronos-2" in first and "Simulated data" in first
