"""A whole bundle of a small study, without the extras."""

import zipfile

import pytest
import yaml

import smallbundle
from seqshift import storage
from seqshift.bundle import release, spec
from seqshift.errors import BadInput


@pytest.fixture
def bundle(tmp_path, monkeypatch):
    """Return a function that writes the bundle of a small study."""
    smallbundle.without_extras(monkeypatch)

    def make(*barred, terms=None):
        inputs = smallbundle.study(tmp_path, barred, terms)
        return smallbundle.write(tmp_path, inputs)

    return make


def tables(folder):
    return {entry["path"] for entry in spec.tables(spec.read(folder))}


def test_what_may_be_passed_on_is_all_there(bundle):
    folder = bundle()
    found = spec.read(folder)
    assert found["left_out"] == [] and len(tables(folder)) == 4 + 2 * 3
    assert all((folder / path).is_file() for path in tables(folder))
    listed = {entry["path"] for entry in found["files"]}
    assert listed | {"dataset.yaml"} == set(spec.contents(folder))
    assert (found["name"], found["version"]) == ("seqshift-small", "0.1.0")
    assert found["commit"] == smallbundle.VERSION["commit"]


@pytest.mark.parametrize("source", smallbundle.RAW)
def test_a_source_that_may_not_be_passed_on_takes_its_domain_with_it(bundle, source):
    folder = bundle(source)
    domain = next(k for k, names in smallbundle.SOURCES.items() if source in names)
    parts = ("features.parquet", "quality.parquet", "coverage.csv")
    lost = {f"results/raw/{source}.parquet", *(f"results/{domain}/{p}" for p in parts)}
    found = spec.read(folder)
    assert {entry["path"] for entry in found["left_out"]} == lost
    assert all(f"{source} may not" in entry["why"] for entry in found["left_out"])
    assert not lost & set(spec.contents(folder))
    assert len(tables(folder)) == 10 - len(lost)


def test_a_study_of_closed_sources_gives_recipes_hashes_and_splits_only(bundle):
    folder = bundle(*smallbundle.RAW)
    assert tables(folder) == set()
    rooms = {path.split("/")[0] for path in spec.contents(folder) if "/" in path}
    assert rooms == {"recipes", "hashes", "splits"}


def test_a_source_without_a_licence_stays_out(bundle):
    assert tables(bundle(terms={"licence": ""})) == set()


def test_copies_from_a_mirror_stay_out_whatever_their_licence(bundle):
    assert tables(bundle(terms={"origin": "mirror"})) == set()


def test_the_splits_of_a_closed_domain_hold_no_value_of_a_feature(bundle):
    folder = bundle("weather")
    closed = storage.read_json(folder / "splits/energy.json")["thresholds"]["heat"]
    assert closed == {"above": True, "feature": "is_holiday"}
    kept = storage.read_json(folder / "splits/finance.json")["thresholds"]["heat"]
    assert kept["values"] == {"AA": 30.5}


def test_hashes_say_what_the_records_beside_the_files_know(bundle):
    found = storage.read_json(bundle("load") / "hashes/load.json")
    assert found["redistributable"] is False and found["origin"] == "download"
    (file,) = found["files"]
    assert file["revision"] == "revision of load"
    assert file["name"] == "load.csv" and len(file["sha256"]) == 64


def test_recipes_hold_the_configuration_without_a_place_of_this_machine(bundle):
    folder = bundle() / "recipes"
    config = yaml.safe_load((folder / "config.yaml").read_text())
    config |= yaml.safe_load((folder / "sources.yaml").read_text())
    assert config == smallbundle.config() | {"mirror": "mirror"}
    assert (folder / "universe/tickers.csv").read_text().startswith("entity,split")


def test_the_zip_holds_the_folder_with_fixed_times_and_order(bundle, tmp_path):
    folder = bundle()
    with zipfile.ZipFile(tmp_path / "results/bundle.zip") as zipped:
        entries = zipped.infolist()
        assert zipped.testzip() is None
        assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
        names = [f"seqshift-small/{path}" for path in spec.contents(folder)]
        assert [entry.filename for entry in entries] == names


def test_the_same_study_gives_the_same_bytes(bundle, tmp_path):
    bundle()
    smallbundle.write(tmp_path / "again", smallbundle.study(tmp_path / "again"))
    paths = [tmp_path / "results", tmp_path / "again/results"]
    first, second = [(path / "bundle.zip").read_bytes() for path in paths]
    assert first == second


def test_a_new_bundle_replaces_the_old_one_whole(bundle, tmp_path):
    old = tmp_path / "results/bundle"
    old.mkdir(parents=True)
    (old / "stray.txt").write_text("left over")
    assert not (bundle() / "stray.txt").exists()


def test_a_bundle_that_may_not_be_released_leaves_nothing_behind(
    bundle, tmp_path, monkeypatch
):
    monkeypatch.setenv("EIA_API_KEY", "revision of load")
    with pytest.raises(BadInput, match="hashes/load.json holds the value of EIA_API"):
        bundle()
    left = {path.name for path in (tmp_path / "results").iterdir()}
    assert left == {"raw", *smallbundle.SOURCES}


def test_the_datasheet_says_what_is_in_and_what_is_not(bundle):
    text = (bundle("weather") / "DATASHEET.md").read_text()
    heads = "Motivation Composition Collection Preprocessing Uses Distribution"
    assert all(f"\n## {head}\n" in text for head in [*heads.split(), "Maintenance"])
    assert "All data are observed; none are simulated." in text
    assert "| `results/raw/load.parquet` | 1 | load |" in text
    assert "| load | X1 | repaired | 7 | 0.500 % | 2 | 2001–2002 |" in text
    assert "| weather | house rules | no |" in text
    assert "| `results/energy/features.parquet` | weather may not be passed on" in text
    assert smallbundle.VERSION["commit"] in text


def test_simulated_data_are_said_to_be_simulated(tmp_path, monkeypatch):
    smallbundle.without_extras(monkeypatch)
    config = smallbundle.config()
    for source in config["sources"].values():
        source |= {"origin": "simulate", "world": "grid"}
    monkeypatch.setattr(smallbundle, "config", lambda: config)
    inputs = smallbundle.study(tmp_path, terms={"origin": "simulate"})
    folder = smallbundle.write(tmp_path, inputs)
    assert "**All data are simulated.**" in (folder / "DATASHEET.md").read_text()
    found = spec.read(folder)
    assert found["domains"]["energy"]["simulated"] == ["load", "weather"]
    assert found["sources"]["load"]["world"] == "grid"


def test_a_finished_bundle_passes_the_release_check_again(bundle):
    release.check(bundle("vix"), {})
