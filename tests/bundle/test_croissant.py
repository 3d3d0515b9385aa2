"""The description in the vocabulary of Croissant."""

import json
import sys

import pandas as pd
import pytest

from seqshift.bundle import croissant, spec
from seqshift.errors import BadInput


def test_without_the_library_one_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "mlcroissant", None)
    with pytest.raises(BadInput, match="needs the package mlcroissant.*EXTRAS=bundle"):
        croissant.library()


def test_every_table_has_a_file_and_a_record_set_with_units(complete):
    content = json.loads((complete / "croissant.json").read_text())
    entries = spec.tables(spec.read(complete))
    files = {each["contentUrl"]: each["sha256"] for each in content["distribution"]}
    assert files == {entry["path"]: entry["sha256"] for entry in entries}
    records = {each["@id"]: each["field"] for each in content["recordSet"]}
    assert len(records) == len(entries)
    (close,) = [f for f in records["raw-vix"] if f["name"] == "close"]
    assert close["dataType"] == "cr:Float64"
    assert close["description"] == "close of the index [index points]"
    assert content["license"] == "https://spdx.org/licenses/CC-BY-4.0.html"
    assert content["conformsTo"].endswith("croissant/1.0")
    assert content["datePublished"].startswith("2026-01-31")


def test_the_library_reads_the_rows_of_the_tables(complete, monkeypatch):
    library = croissant.library()
    monkeypatch.chdir(complete)
    dataset = library.Dataset(jsonld=str(complete / "croissant.json"))
    rows = [*dataset.records(record_set="finance-features")]
    frame = pd.read_parquet(complete / "results/finance/features.parquet")
    assert len(rows) == len(frame)
    for row, expected in zip(rows, frame.to_dict("records"), strict=True):
        found = {name.split("/")[1]: value for name, value in row.items()}
        assert found.pop("entity").decode() == expected.pop("entity")
        assert found == expected


def test_a_description_that_does_not_validate_is_refused(complete, tmp_path):
    description = spec.read(complete)
    for entry in spec.tables(description):
        entry["sha256"] = None
    with pytest.raises(BadInput, match="croissant.json does not validate"):
        croissant.write(description, tmp_path)
