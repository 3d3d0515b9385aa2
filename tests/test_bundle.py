"""`snakemake bundle`: its jobs, its recipe, and a table made again by dvc."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile

import pytest
import yaml
from jsonschema import Draft202012Validator
from snakemake.utils import update_config

import dvctool
import study
from seqshift import checks, grid, universe
from seqshift.bundle import columns, recipes, spec

DATA = {"obtain", "parse", "build_features", "check_quality", "check_coverage", "split"}
CONFIGS = [["smoke"], ["pilot"], ["official"], ["official", "simulated"]]


def merged(repo, names):
    """Return the configuration as written, and as the workflow sees it."""
    written = {}
    for name in ("sources", "config", *names):
        update_config(
            written, yaml.safe_load((repo / f"config/{name}.yaml").read_text())
        )
    return written, grid.used(grid.canonical(universe.resolve(written, repo)))


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_bundle_needs_the_data_and_no_model(tmp_path):
    folder = study.copy(tmp_path / "clone")
    rules = {rule for rule, _ in study.planned(folder, "bundle", *study.SMOKE)}
    assert rules == DATA | {"bundle"}
    everything = {rule for rule, _ in study.planned(folder, "all", *study.SMOKE)}
    assert "bundle" not in everything


def test_the_extras_are_not_imported_before_they_are_used(repo):
    code = (
        "import sys\n"
        "from seqshift.bundle import publish\n"
        "print({'mlcroissant', 'dvc', 'torch'} & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(repo / "src")},
        capture_output=True,
        text=True,
    )
    assert done.stdout == "set()\n", done.stderr


@pytest.mark.parametrize("names", CONFIGS, ids="+".join)
def test_a_recipe_is_a_configuration_that_means_the_same(repo, tmp_path, names):
    written, config = merged(repo, names)
    recipes.write(tmp_path, config, [])
    again = {}
    for name in ("sources", "config"):
        text = (tmp_path / f"recipes/{name}.yaml").read_text()
        update_config(again, yaml.safe_load(text))
    schema = yaml.safe_load((repo / "config/schema.yaml").read_text())
    assert not [*Draft202012Validator(schema).iter_errors(again)]
    checks.check(again)
    mirror = {"mirror": "mirror" if config["mirror"] else ""}
    resolved = universe.resolve(again, tmp_path)  # no table needs to be there
    assert grid.used(grid.canonical(resolved)) == grid.canonical(config | mirror)
    assert all((repo / path).is_file() for path in grid.universes(grid.used(written)))


@pytest.mark.parametrize("names", CONFIGS, ids="+".join)
def test_every_feature_of_a_configuration_has_a_unit(repo, names):
    _, config = merged(repo, names)
    for domain in config["domains"].values():
        assert set(domain["features"]) <= set(columns.FEATURES)


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """Return the checkout of a study and the unpacked zip of its bundle."""
    pytest.importorskip("mlcroissant", reason="run make extras EXTRAS=bundle")
    dvctool.command()
    checkout = study.copy(tmp_path_factory.mktemp("study") / "clone")
    done = study.snakemake(checkout, "bundle", *study.SMOKE)
    assert done.returncode == 0, done.stdout[-4000:]
    folder = tmp_path_factory.mktemp("recipient")
    with zipfile.ZipFile(checkout / "results/bundle.zip") as zipped:
        zipped.extractall(folder)
    shutil.rmtree(checkout / "results")  # a recipient has the code only
    return checkout, folder / "seqshift-smoke"


@pytest.mark.parametrize("name", ["features.parquet", "coverage.csv"])
def test_dvc_makes_a_deleted_table_again_byte_for_byte(released, tmp_path, name):
    checkout, folder = released
    table = folder / "results/energy" / name
    before, lock = sha256(table), (folder / "dvc.lock").read_text()
    table.unlink()
    stage = f"energy-{table.stem}"
    dvctool.run(folder, tmp_path, "repro", "-s", stage, SEQSHIFT=str(checkout))
    assert sha256(table) == before
    assert (folder / "dvc.lock").read_text() == lock


def test_a_recipient_without_a_table_makes_it_from_the_sources(released, tmp_path):
    checkout, folder = released
    listed = {entry["path"]: entry for entry in spec.tables(spec.read(folder))}
    wanted = "results/finance/features.parquet"
    shutil.copytree(folder / "recipes", tmp_path / "recipes")
    path = f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}"
    environ = os.environ | {"SEQSHIFT": str(checkout), "PATH": path}
    dvctool.call(tmp_path, ["sh", "recipes/rebuild.sh", wanted], environ)
    assert sha256(tmp_path / wanted) == listed[wanted]["sha256"]


def test_rebuilding_without_a_checkout_says_what_to_set(tmp_path):
    (tmp_path / "rebuild.sh").write_text(recipes.REBUILD)
    done = subprocess.run(
        ["sh", str(tmp_path / "rebuild.sh"), "results/energy/features.parquet"],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "set SEQSHIFT to a checkout of seqshift at the commit" in done.stderr
