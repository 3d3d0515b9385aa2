"""The release check: it trusts nobody."""

import shutil

import pytest
import yaml

import smallbundle
from seqshift import sidecar, storage
from seqshift.bundle import release, spec
from seqshift.errors import BadInput

FEATURES = "results/energy/features.parquet"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a bundle in which the source weather and its domain are left out."""
    folder = tmp_path_factory.mktemp("study")
    with pytest.MonkeyPatch.context() as patch:
        smallbundle.without_extras(patch)
        return smallbundle.write(folder, smallbundle.study(folder, ("weather",)))


@pytest.fixture
def bundle(made, tmp_path):
    return shutil.copytree(made, tmp_path / "bundle")


def add(bundle, path, content=b"x", role="metadata"):
    """Put a file into a bundle and list it, as a careless step might."""
    place = bundle / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    relist(bundle, path, role)


def relist(bundle, path, role=None):
    found = spec.read(bundle)
    entries = {entry["path"]: entry for entry in found["files"]}
    entry = entries.setdefault(path, {"path": path, "role": role})
    entry["sha256"] = sidecar.sha256(bundle / path)
    found["files"] = list(entries.values())
    spec.write(found, bundle)


def refusal(bundle, **environ):
    with pytest.raises(BadInput) as caught:
        release.check(bundle, environ)
    return str(caught.value)


def test_an_unlisted_file_is_refused(bundle):
    (bundle / "notes.txt").write_text("mine")
    assert "notes.txt is not listed in dataset.yaml" in refusal(bundle)


def test_a_missing_file_is_refused(bundle):
    (bundle / "splits/energy.json").unlink()
    assert "splits/energy.json is missing, but stands in" in refusal(bundle)


def test_an_altered_file_is_refused(bundle):
    (bundle / "DATASHEET.md").write_text("all is well")
    assert "DATASHEET.md is not the file that dataset.yaml lists" in refusal(bundle)


def test_a_link_in_place_of_a_file_is_refused(bundle, tmp_path):
    shutil.move(bundle / "DATASHEET.md", tmp_path / "elsewhere.md")
    (bundle / "DATASHEET.md").symlink_to(tmp_path / "elsewhere.md")
    assert "DATASHEET.md is not the file" in refusal(bundle)


@pytest.mark.parametrize("path", [FEATURES, "results/raw/weather.parquet"])
@pytest.mark.parametrize("role", ["table", "metadata"])
def test_a_table_of_a_closed_source_is_refused_whatever_the_list_says(
    bundle, path, role
):
    add(bundle, path, role=role)
    words = f"{path} is made of weather, which may not be passed on"
    assert words in refusal(bundle)


@pytest.mark.parametrize(
    "path", ["results/raw/load/load.csv", "results/energy/train.parquet"]
)
def test_a_file_below_results_that_is_no_table_is_refused(bundle, path):
    add(bundle, path)
    assert f"{path} is no table of a source or a domain" in refusal(bundle)


def test_a_table_in_another_place_is_refused(bundle):
    add(bundle, "recipes/data.parquet", role="table")
    assert "recipes/data.parquet is no table" in refusal(bundle)


def test_a_raw_file_of_a_closed_source_is_known_by_its_hash(bundle):
    add(bundle, "recipes/readme.txt", b"raw file of weather\n", role="recipe")
    assert "recipes/readme.txt is a raw file of weather" in refusal(bundle)


def test_a_manifest_that_turned_closed_bars_its_tables(bundle):
    place = bundle / "hashes/vix.json"
    storage.write_json(storage.read_json(place) | {"licence": ""}, place)
    relist(bundle, "hashes/vix.json")
    assert "made of vix, which may not be passed on" in refusal(bundle)


def test_a_table_without_a_manifest_is_refused(bundle):
    found = spec.read(bundle)
    kept = [e for e in found["files"] if e["path"] != "hashes/vix.json"]
    spec.write(found | {"files": kept}, bundle)
    (bundle / "hashes/vix.json").unlink()
    assert "made of vix, which may not be passed on" in refusal(bundle)


def test_a_recipe_that_names_a_further_source_bars_the_domain(bundle):
    place = bundle / "recipes/config.yaml"
    config = yaml.safe_load(place.read_text())
    config["domains"]["finance"]["sources"]["index"] = ["vix", "weather"]
    place.write_text(yaml.safe_dump(config))
    relist(bundle, "recipes/config.yaml")
    assert "made of weather, which may not be passed on" in refusal(bundle)


def test_thresholds_of_a_closed_domain_are_refused(bundle):
    open_splits = (bundle / "splits/finance.json").read_bytes()
    (bundle / "splits/energy.json").write_bytes(open_splits)
    relist(bundle, "splits/energy.json")
    assert "splits/energy.json holds values of a source" in refusal(bundle)


@pytest.mark.parametrize("name", ["EIA_API_KEY", "SHARADAR_API_KEY", "MY_TOKEN"])
def test_the_value_of_a_key_is_refused_and_not_repeated(bundle, name):
    path, secret = "recipes/config.yaml", "Zx9+secret/value"
    text = (bundle / path).read_text()
    for spelling in (secret, "Zx9%2Bsecret%2Fvalue"):
        (bundle / path).write_text(f"{text}# {spelling}\n")
        relist(bundle, path)
        words = refusal(bundle, **{name: secret})
        assert f"{path} holds the value of {name}" in words
        assert "secret" not in words


def test_a_short_or_unset_variable_is_no_key(bundle):
    release.check(bundle, {"EIA_API_KEY": "", "A_TOKEN": "load", "HOME": "recipes"})


@pytest.mark.parametrize("query", ["api_key=abcdef123", "X-Amz-Signature=0a1b2c3d"])
def test_an_address_with_a_key_is_refused(bundle, query):
    content = f"https://api.eia.gov/v2/x?start=1&{query}".encode()
    add(bundle, "recipes/log.txt", content, role="recipe")
    words = refusal(bundle)
    assert "recipes/log.txt holds an address with" in words
    assert query.split("=")[1] not in words
