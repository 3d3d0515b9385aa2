"""What an edit reruns: exactly the jobs whose code, values or inputs changed."""

import os
import shutil
from contextlib import contextmanager

import pytest

import study

LSTM = {"tune", "train", "forecast", "score", "attribute", "measure_drift"}
LSTM |= {"measure_signals"}
ABOVE = {
    "gather",
    "gather_trials",
    "judge_controls",
    "judge_arena",
    "judge_claims",
    "plan_power",
    "vary_settings",
    "test_hypotheses",
    "account_cost",
    "compare_ablations",
    "fit_scaling",
    "write_report",
    "record_provenance",
}
NAMES = "verdicts g_ratio failure_overlay cos_drift delta_rank learning_curves tuning "
NAMES += "ablations scaling scaling_flops cost control_panel arena sensitivity"
FIGURES = {f"plot_{name}" for name in NAMES.split()}
# No study, ablation or curve knows of a baseline.
OF_MODELS = {"gather_trials", "compare_ablations", "fit_scaling"}
OF_MODELS |= {"plot_tuning", "plot_ablations", "plot_scaling"}
ABOVE_BASELINES = (ABOVE | FIGURES) - OF_MODELS


@pytest.fixture(scope="module")
def smoke(smoke, tmp_path_factory):
    """Return a copy of the finished study, to be edited."""
    folder = tmp_path_factory.mktemp("edited") / "clone"
    return shutil.copytree(smoke, folder, symlinks=True)


@contextmanager
def edited(path, old, new):
    """Change a file of the study and put it back."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    try:
        yield
    finally:
        path.write_text(text)


def planned(folder, *arguments):
    return study.planned(folder, *(arguments or ("all",)), *study.SMOKE)


def rules(jobs):
    return {rule for rule, _ in jobs}


def test_a_finished_study_has_nothing_to_do(smoke):
    assert planned(smoke) == set()


def test_one_target_runs_only_its_own_chain(tmp_path):
    folder = study.copy(tmp_path / "clone")
    target = "results/finance/natural/mlp/seed=0/scores.parquet"
    jobs = planned(folder, target)
    chain = "obtain parse build_features check_coverage split synthesize tune train"
    assert rules(jobs) == {*chain.split(), "forecast", "score"}
    assert all("energy" not in wildcards for _, wildcards in jobs)
    assert not any("model=" in w and "model=mlp" not in w for _, w in jobs)


def test_an_edited_model_reruns_its_own_chain(smoke):
    with edited(
        smoke / "src/seqshift/models/lstm.py", "class Model", "A = 1\nclass Model"
    ):
        jobs = planned(smoke)
    assert rules(jobs) == LSTM | ABOVE | FIGURES
    runs = {wildcards for rule, wildcards in jobs if rule in LSTM}
    assert runs and all("model=lstm" in wildcards for wildcards in runs)


@pytest.mark.parametrize(
    "name",
    [
        "src/seqshift/models/lstm.py",
        "src/seqshift/splits.py",
        "workflow/scripts/train.py",
    ],
)
def test_a_comment_reruns_nothing(smoke, name):
    first = (smoke / name).read_text().splitlines()[0]
    with edited(smoke / name, first, first + "\n\n# why"):
        assert planned(smoke) == set()


def test_a_touched_checkout_reruns_nothing(smoke):
    for folder in ("src", "workflow", "rules", "config", "envs"):
        for path in (smoke / folder).rglob("*"):
            os.utime(path)
    assert planned(smoke) == set()


def test_a_changed_learning_rate_retrains_but_builds_no_features(smoke):
    with edited(
        smoke / "config/config.yaml", "learning_rate: 0.001", "learning_rate: 0.002"
    ):
        found = rules(planned(smoke))
    assert {"train", "forecast", "score", "attribute"} <= found
    assert not {"obtain", "parse", "build_features", "split", "synthesize"} & found


def test_tracking_retrains_nothing(smoke):
    with edited(smoke / "config/config.yaml", "mode: offline", "mode: online"):
        assert planned(smoke) <= {("record_provenance", ""), ("write_report", "")}
        assert rules(planned(smoke, "track")) == {"track"}


def test_a_model_without_a_study_is_not_tuned_anew(smoke):
    with edited(smoke / "config/config.yaml", "startup: 5", "startup: 4"):
        jobs = planned(smoke)
    runs = {wildcards for rule, wildcards in jobs if rule == "train"}
    assert runs and all("model=mlp" in wildcards for wildcards in runs)


def test_a_reordered_configuration_reruns_nothing(smoke):
    with edited(
        smoke / "config/config.yaml",
        "  epochs: 4\n  patience: 3\n",
        "  patience: 3\n  epochs: 4\n",
    ):
        assert planned(smoke) == set()


def test_an_edited_figure_redraws_that_figure(smoke):
    name = "src/seqshift/plotting/delta_rank.py"
    with edited(smoke / name, "import re\n", "import re\n\nA = 1\n"):
        assert rules(planned(smoke)) == {"plot_delta_rank", "write_report"}


def test_a_new_model_is_one_file_and_one_line(smoke):
    models = smoke / "src/seqshift/models"
    shutil.copy(models / "mlp.py", models / "gru.py")
    old = "  mlp: {kind: mlp, widths: [64, 32]"
    new = f"  gru: {{kind: gru, widths: [8], embedding: 16, dropout: 0.1}}\n{old}"
    try:
        with edited(smoke / "config/config.yaml", old, new):
            assert planned(smoke) == set()
            target = "results/finance/natural/gru/seed=0/scores.parquet"
            jobs = planned(smoke, target)
    finally:
        (models / "gru.py").unlink()
    assert rules(jobs) == {"tune", "train", "forecast", "score"}


def test_a_version_in_an_environment_reruns_the_jobs_of_that_environment(smoke):
    with edited(
        smoke / "envs/figures.yaml", "matplotlib-base =3", "matplotlib-base =2"
    ):
        found = rules(planned(smoke))
    assert found == FIGURES | {"plot_study", "record_provenance", "write_report"}


@pytest.mark.parametrize(
    ("module", "first"),
    [
        ("simulate/market", "obtain"),
        ("sources/vix", "obtain"),
        ("domains/energy", "build_features"),
        ("modalities/mixup", "synthesize"),
        ("metrics/collapse", "measure_collapse"),
    ],
)
def test_an_edited_plug_in_reruns_from_its_own_rule_on(smoke, module, first):
    path = smoke / f"src/seqshift/{module}.py"
    with edited(path, "\n\nimport ", "\n\nA = 1\nimport "):
        found = rules(planned(smoke))
    order = ["obtain", "parse", "build_features", "synthesize", "train", "score"]
    order = [rule for rule in order if rule in found] or ["measure_collapse"]
    assert order[0] == first
    assert {"gather", "write_report"} <= found


def test_a_label_or_a_threshold_recomputes_no_score(smoke):
    path = smoke / "config/config.yaml"
    with edited(path, "unit: MWh", "unit: MW h"):
        assert rules(planned(smoke)) == {"record_provenance", "write_report"}
    with edited(path, "alpha: 0.05", "alpha: 0.1"):
        assert not {"score", "measure_collapse"} & rules(planned(smoke))


def test_an_edited_baseline_reruns_its_own_forecasts(smoke):
    path = smoke / "src/seqshift/baselines/ridge.py"
    with edited(path, "import numpy", "A = 1\nimport numpy"):
        jobs = planned(smoke)
    assert rules(jobs) == {"forecast_baseline", "score"} | ABOVE_BASELINES
    own = {w for rule, w in jobs if rule in ("forecast_baseline", "score")}
    assert own and all("=ridge" in wildcards for wildcards in own)


def test_another_season_reruns_no_feature_and_no_model(smoke):
    with edited(smoke / "config/config.yaml", "season: 5", "season: 6"):
        found = rules(planned(smoke))
    assert found == {"forecast_baseline", "score"} | ABOVE_BASELINES
