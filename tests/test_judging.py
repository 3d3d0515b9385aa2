"""The scripts that plan, vary and judge, on small tables, as their rules run them."""

import pandas as pd
import pytest

import planningtables
import resulttables
from errortable import SOUND, SPEC, STATISTICS, noisy
from seqshift import claimsfile, storage
from seqshift.metrics.score import score
from seqshift.schemas import planning, results
from seqshift.statistics import tests as hypotheses

STUDY = STATISTICS | planningtables.STATISTICS
STUDY["thresholds"] = STATISTICS["thresholds"] | {"collapse": 0.5}
STUDY["sensitivity"] = {
    "folds": 2,
    "thresholds": {"g_ratio": [1.5], "transfer_gap": [1.5], "robustness_delta": [1.2]},
}


@pytest.fixture
def inputs(tmp_path, monkeypatch):
    """Return the paths of the tables and forecasts of a run of two seeds."""
    runs = [noisy(seed, entities=3) for seed in range(2)]
    found = [score(run, SPEC, STATISTICS) for run in runs]
    scores, draws = (pd.concat(part) for part in zip(*found, strict=True))
    tests = hypotheses.test_hypotheses(scores, draws, STATISTICS, [], SOUND)
    monkeypatch.chdir(tmp_path)
    paths = [f"results/market/natural/mlp/seed={n}/forecasts.parquet" for n in (0, 1)]
    for path, run in zip(paths, runs, strict=True):
        storage.write_table(run, path, results.FORECASTS)
    made = resulttables.make(domains=("energy",), models=("mlp",), seeds=2)
    storage.write_table(scores, "scores.parquet", results.SCORES)
    storage.write_table(draws, "resamples.parquet", results.RESAMPLES)
    storage.write_csv(tests, "tests.csv", results.TESTS)
    names = ("ablations", "scaling", "drift")
    return {
        "scores": "scores.parquet",
        "resamples": "resamples.parquet",
        "tests": "tests.csv",
        "forecasts": paths,
        **resulttables.save({name: made[name] for name in names}, tmp_path),
    }


def run(script, monkeypatch, inputs, names, outputs, params) -> dict[str, str]:
    chosen = {name: inputs[name] for name in names}
    resulttables.run(script, monkeypatch, chosen, outputs, params)
    return outputs


def test_seeds_are_planned_and_the_sentence_is_written(inputs, monkeypatch):
    out = {"power": "power.csv", "sentence": "power.txt"}
    params = {"statistics": STUDY, "baselines": []}
    run("plan_power.py", monkeypatch, inputs, ("scores", "resamples"), out, params)
    frame = storage.read_csv("power.csv", planning.POWER)
    assert set(frame["seeds"]) == {2} and frame["sigma"].notna().all()
    with open("power.txt") as file:
        assert file.read().startswith("10 seeds find a change of 10%")


def test_settings_are_varied_from_the_forecasts(inputs, monkeypatch):
    era = {"test": ["2003-09-08", "2005-06-08"]}
    params = {
        "statistics": STUDY,
        "splits": {"market": {"splits": SPEC["splits"] | era}},
    }
    names, out = ("forecasts", "drift"), {"sensitivity": "sensitivity.csv"}
    run("vary_settings.py", monkeypatch, inputs, names, out, params)
    frame = storage.read_csv("sensitivity.csv", planning.SENSITIVITY)
    keys = ["axis", "slice", "metric"]
    own = frame[frame["setting"] == "all"].set_index(keys)["verdict"]
    tests = storage.read_csv("tests.csv", results.TESTS).set_index(keys)["verdict"]
    assert own.sort_index().equals(tests.sort_index()), "as configured is as tested"


def test_claims_are_judged_with_the_hash_of_their_file(inputs, monkeypatch, repo):
    inputs["claims"] = str(repo / "config/claims.yaml")
    names = ("claims", "tests", "scores", "resamples", "ablations", "scaling")
    out, params = {"claims": "claims.csv"}, {"statistics": STUDY}
    run("judge_claims.py", monkeypatch, inputs, names, out, params)
    frame = storage.read_csv("claims.csv", planning.CLAIMS)
    assert list(frame["claim"]) == [c["id"] for c in claimsfile.read(inputs["claims"])]
    assert set(frame["sha256"]) == {claimsfile.digest(inputs["claims"])}
    by = frame.set_index("claim")["verdict"]
    assert by["H4-warning"] == "undecided", "no arena was run"
