"""The rules as Snakemake sees them: lint, dry runs, resources, documentation."""

import difflib
import functools
import re
import subprocess
import sys

import pytest
import yaml

import study
from seqshift import cost, manual

CONFIGS = [["config"], ["smoke"], ["pilot", "laptop"], ["pilot", "paper"]]
CONFIGS += [["official", "paper"], ["official", "simulated"]]
KEYS = ("SHARADAR_API_KEY", "NASDAQ_DATA_LINK_API_KEY", "EIA_API_KEY")
GPU = {"tune", "train", "forecast", "attribute"}
SOFT = {"declare_family", "score_arms", "test_arms", "write_softgroup"}


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    return study.copy(tmp_path_factory.mktemp("clone"))


@functools.cache
def dry_run(clone, *names: str) -> str:
    """Return what Snakemake prints of all jobs under these configurations."""
    files = [f"config/{name}.yaml" for name in names]
    with pytest.MonkeyPatch.context() as patch:
        for key in KEYS:
            patch.delenv(key, raising=False)
        done = study.snakemake(clone, "all", "softgroup", "-n", "--configfile", *files)
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_to_fetch_is_to_obtain_every_source_of_the_experiments(clone):
    jobs = study.planned(clone, "fetch", *study.SMOKE)
    sources = "prices vix load weather solar sales".split()
    expected = {("obtain", f"source={name}") for name in sources}
    assert jobs == expected | {("fetch", "")}


def test_an_edited_defect_spoils_its_own_source_anew(tmp_path):
    folder = study.copy(tmp_path / "clone")
    spoiled = yaml.safe_dump({"worlds": {"market": {"defects": "real"}}})
    (folder / "config/spoiled.yaml").write_text(spoiled)
    target = "results/raw/vix/manifest.json"
    files = ("--configfile", "config/smoke.yaml", "config/spoiled.yaml")
    assert study.snakemake(folder, target, *files).returncode == 0
    defects = folder / "src/seqshift/defects"
    for kind, jobs in (("yahoo", set()), ("vix", {("obtain", "source=vix")})):
        path = defects / f"{kind}.py"
        path.write_text(path.read_text() + "\nA = 1\n")
        assert study.planned(folder, target, *files) == jobs


@pytest.mark.parametrize("names", CONFIGS, ids="+".join)
def test_every_configuration_dry_runs_without_a_key(clone, names):
    rules = {rule for rule, _ in study.jobs(dry_run(clone, *names))}
    assert GPU | {"obtain", "build_features", "score", "write_report"} <= rules
    assert SOFT <= rules
    assert ("take_weights" in rules) == ("paper" in names)  # the only network


def test_the_cluster_profile_dry_runs_without_slurm_and_asks_for_an_a100(clone):
    done = study.snakemake(clone, "--profile", "slurm", "-n")
    assert done.returncode == 0, done.stdout
    blocks = [block for block in done.stdout.split("\n[") if "\nrule " in block]
    asked = {block.split("rule ")[1].split(":")[0]: block for block in blocks}
    assert GPU <= set(asked)
    for rule in GPU:
        assert "gpu=1, gpu_model=a100" in asked[rule]
        for resource in ("runtime", "mem_mb", "gpu_seconds"):
            assert f"{resource}=" in asked[rule]


def test_the_page_of_predicted_costs_is_current(clone, repo):
    text = (repo / "docs/cost.md").read_text()
    jobs = cost.read(dry_run(clone, "pilot", "paper"))
    expected = cost.page(text, jobs).splitlines()
    drift = "\n".join(difflib.unified_diff(text.splitlines(), expected, lineterm=""))
    assert not drift, drift


def test_lint_is_clean(clone):
    done = study.snakemake(clone, "--lint")
    assert done.returncode == 0, done.stdout
    assert "Congratulations" in done.stdout


def test_rules_are_formatted(repo):
    done = subprocess.run(
        [sys.executable, "-m", "snakefmt", "--check", "Snakefile", "rules"], cwd=repo
    )
    assert done.returncode == 0


def test_the_table_of_keys_is_current(repo):
    schema = yaml.safe_load((repo / "config/schema.yaml").read_text())
    expected = manual.table(schema).splitlines()
    found = (repo / "config/README.md").read_text().splitlines()
    drift = "\n".join(difflib.unified_diff(found, expected, lineterm=""))
    assert not drift, drift


def test_every_key_is_described(repo):
    schema = yaml.safe_load((repo / "config/schema.yaml").read_text())

    def undescribed(node, place=""):
        for name, entry in node.get("properties", {}).items():
            known = "description" in entry or "$ref" in entry or "properties" in entry
            if not known:
                yield f"{place}.{name}"
            yield from undescribed(entry, f"{place}.{name}")

    parts = [("", schema), *schema["$defs"].items()]
    assert [key for name, part in parts for key in undescribed(part, name)] == []


def test_each_rule_has_a_script_of_its_name_and_a_log(repo):
    scripts = {path.stem for path in (repo / "workflow/scripts").glob("*.py")}
    named = set()
    for path in (repo / "rules").glob("*.smk"):
        for block in path.read_text().split("\nrule ")[1:]:
            name = block.split(":")[0]
            for word in ("log:", "conda:", "code=code("):
                assert word in block, f"rule {name} lacks {word}"
            script = block.split("workflow/scripts/")[1].split(".py")[0]
            named.add(script)
            assert script == name or name.startswith("plot_")
    assert named == scripts


def test_profiles_hold_only_what_belongs_to_them(repo):
    default = yaml.safe_load((repo / "profiles/default/profile.yaml").read_text())
    assert default["rerun-triggers"] == ["mtime", "params", "input"]
    cluster = yaml.safe_load((repo / "slurm/profile.yaml").read_text())
    assert cluster["slurm-status-command"] == "squeue"
    assert set(cluster["set-resources"]) == GPU | {"train_seeds", "tune_width"}
    forbidden = {"slurm-array-jobs", "groups", "group-components", "rerun-triggers"}
    forbidden |= {"software-deployment-method", "conda-prefix", "rerun-incomplete"}
    assert not forbidden & set(cluster)
    assert not {"executor", "jobs", "retries", "set-resources"} & set(default)
    rules = "".join(path.read_text() for path in (repo / "rules").glob("*.smk"))
    assert not re.search(r"^\s+(?:retries|group):", rules, re.M)


def test_the_picture_in_the_readme_is_the_rule_graph(clone, repo):
    drawn = (repo / "README.md").read_text().split("```mermaid\n")[1].split("```")[0]
    edges = set()
    for line in drawn.splitlines()[1:]:
        first, second = line.strip().split(" --> ")
        edges |= {(a, b) for a in first.split(" & ") for b in second.split(" & ")}
    assert edges == study.rule_graph(clone)
