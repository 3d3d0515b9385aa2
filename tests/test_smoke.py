"""The whole graph at smoke size: every output exists, validates and says something."""

import re

import numpy as np
import pandas as pd
import pytest
import yaml

import study
from seqshift import grid, storage, tables
from seqshift.schemas import controls, costs, results, studies


@pytest.fixture(scope="module")
def experiment(smoke):
    merged = yaml.safe_load((smoke / "results/config.yaml").read_text())
    return merged["experiments"]["main"]


def test_every_run_has_its_files_and_they_validate(smoke, experiment):
    for run in grid.runs(experiment):
        folder = smoke / "results/{domain}/{modality}/{model}/seed={seed}".format(**run)
        forecasts = storage.read_table(folder / "forecasts.parquet", results.FORECASTS)
        assert set(forecasts["model"]) == {run["model"]}
        assert {"train", "val", "id_test", "temporal_test"} <= set(forecasts["split"])
        storage.read_csv(folder / "history.csv", results.HISTORY)
        attributions = storage.read_array(folder / "attributions.nc")
        assert dict(attributions.sizes).keys() >= {"entity", "period", "lag", "feature"}
        assert not (folder / "resume.pt").exists()


def test_the_joined_tables_hold_every_run_and_the_naive_forecaster(smoke, experiment):
    folder = smoke / "results/tables/main"
    names = ("scores", "drift", "ranks", "quarters")
    paths = {name: f"{folder}/{name}.parquet" for name in names}
    paths |= {name: f"{folder}/{name}.csv" for name in ("tests", "controls")}
    read = tables.read_all(paths)
    baselines = {"naive", "seasonal-naive", "last-value", "ridge"}
    assert set(read["scores"]["model"]) == {*experiment["models"], *baselines}
    for name in ("drift", "quarters", "controls"):
        assert set(read[name]["model"]) == set(experiment["models"])
    tests = read["tests"]
    assert {"g_ratio", "transfer_gap", "robustness_delta"} <= set(tests["metric"])
    assert set(tests["domain"]) == set(experiment["domains"])
    judged = tests[tests["status"] == "ok"]
    assert len(judged) and (judged["q"] >= judged["p"] - 1e-12).all()
    beside = tests["model"].isin(baselines)
    assert set(tests.loc[beside, "family"]) == {"secondary"}
    # A cell with too few windows holds no seed at all.
    assert set(tests.loc[beside & (tests["status"] != "low_n"), "seeds"]) == {1}


def test_controls_that_six_years_cannot_test_do_not_make_a_run_invalid(smoke):
    folder = smoke / "results/tables/main"
    table = storage.read_csv(folder / "controls.csv", controls.CONTROLS)
    state = table.groupby("control")["status"].unique().map(set)
    for name in ("label-permutation", "id-id", "graded", "randomised"):
        assert state[name] == {"not_testable"}
    assert state["completeness"] == {"ok"}
    assert state["pooled"] <= {"ok", "not_testable"}
    assert state["within"] == state["untrained"] == {"informative"}
    tests = storage.read_csv(folder / "tests.csv", results.TESTS)
    named = set("+".join(tests["controls"]).split("+")) - {""}
    wrong = table[(table["status"] == "ok") & ~table["passed"]]
    assert named == set(wrong["control"])
    page = (smoke / "results/report.html").read_text()
    assert page.index('id="invalid"') < page.index('<h2 id="result">')


def test_the_report_shows_the_baselines_of_volatility_and_what_was_not_run(smoke):
    page = (smoke / "results/report.html").read_text()
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "Experiment volatility: of" in text
    assert "volatility finance-volatility natural har" in text
    assert "main energy natural lightgbm not run" in text
    assert "energy natural har" not in text, "it has no log volatility"


def test_the_seasonal_naive_forecast_of_load_is_the_naive_one(smoke):
    folder = smoke / "results/energy/natural"
    naive, season = (
        pd.read_parquet(folder / name / "seed=0/forecasts.parquet")
        for name in ("naive", "seasonal-naive")
    )
    pd.testing.assert_frame_equal(naive.drop(columns="model"), season[naive.columns]
                                  .drop(columns="model"))  # fmt: skip


def test_collapse_is_judged_where_a_run_has_natural_twins(smoke):
    scores = pd.read_parquet(smoke / "results/tables/twins/scores.parquet")
    rows = scores[scores["metric"] == "collapse"]
    assert set(rows["modality"]) == {"mixup"}
    assert set(rows["column"]) == {"seed", "corr"}
    tests = storage.read_csv(smoke / "results/tables/twins/tests.csv", results.TESTS)
    assert set(tests.loc[tests["metric"] == "collapse", "family"]) == {"secondary"}


def test_the_naive_forecaster_neither_beats_nor_loses_to_itself(smoke):
    scores = pd.read_parquet(smoke / "results/tables/main/scores.parquet")
    naive = scores[(scores["model"] == "naive") & (scores["metric"] == "g_ratio")]
    corrected = naive[(naive["column"] == "corr") & naive["value"].notna()]
    assert len(corrected)
    np.testing.assert_allclose(corrected["value"], 0, atol=1e-9)


def test_figures_and_report_are_there_and_the_report_stands_alone(smoke):
    for figure in yaml.safe_load((smoke / "config/config.yaml").read_text())["figures"]:
        pdf, png = (smoke / f"results/figures/{figure}.{s}" for s in ("pdf", "png"))
        assert pdf.read_bytes().startswith(b"%PDF")
        assert png.read_bytes().startswith(b"\x89PNG")
    page = (smoke / "results/report.html").read_text()
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert page.count("data:image/png;base64") >= 6


def test_every_job_of_a_gpu_rule_is_in_the_ledger_near_its_prediction(
    smoke, experiment
):
    folder = smoke / "results/tables"
    ledger = storage.read_csv(folder / "cost.csv", costs.LEDGER)
    runs = {tuple(run.values()) for run in grid.runs(experiment)}
    for rule in ("train", "forecast", "attribute"):
        keys = ledger.loc[ledger["rule"] == rule, [*grid.KEYS]]
        assert runs <= set(keys.itertuples(index=False, name=None))
    swept = ledger[ledger["rule"] == "tune"]
    assert set(swept["model"]) >= set(experiment["models"])
    # Simulated entities are there every day, so little but rounding is estimated.
    known = ledger[(ledger["rule"] != "attribute") & (ledger["flops"] > 0)]
    assert (ledger.loc[ledger["flops"] == 0, "predicted_flops"] == 0).all()
    np.testing.assert_allclose(known["predicted_flops"] / known["flops"], 1, atol=0.1)
    summary = storage.read_csv(folder / "cost-summary.csv", costs.SUMMARY)
    whole = summary[summary["rule"] == "all"]
    assert whole["jobs"].sum() == len(ledger)
    np.testing.assert_allclose(whole["flops"].sum(), ledger["flops"].sum())


def test_the_studies_are_tables_and_figures(smoke, experiment):
    joined = storage.read_csv(smoke / "results/tables/main/trials.csv", studies.STUDIES)
    assert set(joined["model"]) == {"mlp"}
    assert joined.groupby(["domain", "model"])["trial"].nunique().eq(2).all()
    for domain in experiment["domains"]:
        folder = smoke / "results" / domain / "natural"
        for model in experiment["models"]:
            trials = storage.read_csv(folder / model / "trials.csv", studies.TRIALS)
            assert len(trials) == 2 * (model == "mlp")
            assert not (folder / model / "trials.journal").exists()
        path = folder / "cross-entity/widths.csv"
        widths = storage.read_csv(path, studies.WIDTHS)
        assert widths["width"].tolist() == [8, 16]
        for view in ("history", "importance", "slice"):
            name = f"results/figures/studies/{domain}/mlp-{view}"
            assert (smoke / f"{name}.png").read_bytes().startswith(b"\x89PNG")
            assert (smoke / f"{name}.pdf").read_bytes().startswith(b"%PDF")


def test_snakemakes_own_report_is_written(smoke):
    target = "results/snakemake.html"
    done = study.snakemake(smoke, "--report", target, *study.SMOKE)
    assert done.returncode == 0, done.stdout
    assert (smoke / target).stat().st_size > 100_000


def test_the_same_seed_gives_the_same_bytes(smoke, tmp_path):
    run = "results/energy/natural/lstm/seed=0"
    again = study.copy(tmp_path / "clone")
    done = study.snakemake(again, f"{run}/scores.parquet", *study.SMOKE)
    assert done.returncode == 0, done.stdout[-4000:]
    for name in ("checkpoint.safetensors", "history.csv", "forecasts.parquet"):
        first, second = (folder / run / name for folder in (smoke, again))
        assert first.read_bytes() == second.read_bytes(), name
