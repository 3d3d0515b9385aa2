"""Bad input, as a user meets it: one sentence, exit code not zero, no half file."""

import gzip
import shutil

import pandas as pd
import pytest
import yaml

import study
from seqshift import sidecar


@pytest.fixture
def clone(tmp_path):
    return study.copy(tmp_path / "clone")


@pytest.fixture
def fetched(smoke, tmp_path):
    """Return a copy of the finished study without anything made from raw files."""
    folder = tmp_path / "clone"
    shutil.copytree(smoke, folder)
    for domain in ("finance", "energy"):
        shutil.rmtree(folder / "results" / domain)
    for path in (folder / "results/raw").glob("*.parquet"):
        path.unlink()
    return folder


def refused(folder, *arguments):
    """Run, assert a failure, and return what a user reads."""
    done = study.snakemake(folder, *arguments, *study.SMOKE)
    assert done.returncode != 0
    assert "Traceback" not in done.stdout
    return done.stdout


def overlay(folder, **values):
    """Add keys to the smoke configuration."""
    path = folder / "config/smoke.yaml"
    config = yaml.safe_load(path.read_text())

    def merge(into, new):
        for key, value in new.items():
            both = isinstance(value, dict) and isinstance(into.get(key), dict)
            merge(into[key], value) if both else into.__setitem__(key, value)

    merge(config, values)
    path.write_text(yaml.safe_dump(config))


def mirrored(folder, source, **changes):
    """Turn a simulated source into a mirror of its own files."""
    kind = yaml.safe_load((folder / "config/config.yaml").read_text())["sources"][
        source
    ]
    raw = folder / "results/raw" / source
    files = folder / "mirror" / kind["folder"]
    files.mkdir(parents=True)
    for path in sidecar.files(raw):
        shutil.copy(path, files)
    (raw / "manifest.json").unlink()
    overlay(folder, mirror="mirror", sources={source: {"origin": "mirror"} | changes})
    return files


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"experiments": {"main": {"models": ["gru"]}}}, "'gru': choose one of"),
        ({"training": {"epoch": 3}}, "'epoch': choose one of"),
        ({"models": {"mlp": {"kind": "perceptron"}}}, "'perceptron': choose one of"),
        (
            {"domains": {"energy": {"entities": {"unseen": ["NORTH"]}}}},
            "NORTH is listed as seen and as unseen",
        ),
        (
            {"domains": {"energy": {"splits": {"test": ["2008-01-01", "2011-12-31"]}}}},
            "overlap; move one of the two dates",
        ),
    ],
)
def test_a_wrong_configuration_stops_before_anything_runs(clone, values, words):
    overlay(clone, **values)
    assert words in refused(clone, "all", "-n")
    assert not list((clone / "results").rglob("*.parquet"))


def test_a_truncated_raw_file_is_named(fetched):
    raw = fetched / "results/raw/prices"
    path = next(raw.glob("*.csv"))
    path.write_bytes(path.read_bytes()[:-100])
    said = refused(fetched, "results/raw/prices.parquet")
    assert path.name in said and "error: " in said
    assert not (fetched / "results/raw/prices.parquet").exists()


@pytest.mark.parametrize(
    ("alter", "words"),
    [
        (
            lambda lines: [*lines[:10], lines[9], *lines[10:]],
            "duplicate|twice|repeated",
        ),
        (
            lambda lines: [*lines[:9], negative(lines[9]), *lines[10:]],
            "-.* is too low",
        ),
        (lambda lines: [*lines[:9], lines[9][:12]], "fields|columns|truncated|cells"),
    ],
)
def test_a_wrong_price_file_names_file_and_row(fetched, alter, words):
    files = mirrored(fetched, "prices")
    path = next(files.glob("*.csv"))
    lines = path.read_text().splitlines()
    path.write_text("\n".join(alter(lines)) + "\n")
    said = refused(fetched, "results/finance/features.parquet")
    sentence = next(line for line in said.splitlines() if "error: " in line)
    assert path.stem in sentence
    assert pd.Series([sentence]).str.contains(words, case=False).all(), sentence
    assert not (fetched / "results/raw/prices.parquet").exists()


def negative(line):
    date, *values = line.split(",")
    return ",".join([date, *("-" + value for value in values[:-1]), values[-1]])


def test_a_missing_load_names_file_and_row(fetched):
    files = mirrored(fetched, "load")
    path = next(files.glob("NORTH*"))
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    stamp = lines[50].split(",")[0]
    lines[50] = f"{stamp},nan,OKAY,nan"
    path.write_bytes(gzip.compress("\n".join([*lines, ""]).encode(), mtime=0))
    said = refused(fetched, "results/energy/features.parquet")
    sentence = next(line for line in said.splitlines() if "error: " in line)
    assert "NORTH" in sentence and "nan" in sentence.lower()
    assert not (fetched / "results/energy/features.parquet").exists()


def test_a_packed_file_cut_short_is_named(fetched):
    files = mirrored(fetched, "prices")
    path = next(files.glob("*.csv"))
    packed = gzip.compress(path.read_bytes(), mtime=0)
    path.unlink()
    path.with_name(path.name + ".gz").write_bytes(packed[: len(packed) // 2])
    said = refused(fetched, "results/finance/features.parquet")
    assert path.name in next(line for line in said.splitlines() if "error: " in line)


def test_an_infinite_feature_names_entity_and_day(fetched):
    features = fetched / "results/finance/features.parquet"
    done = study.snakemake(fetched, "results/finance/features.parquet", *study.SMOKE)
    assert done.returncode == 0, done.stdout[-3000:]
    table = pd.read_parquet(features)
    table.loc[77, "volatility"] = float("inf")
    table.to_parquet(features)
    said = refused(fetched, "results/finance/splits.json")
    sentence = next(line for line in said.splitlines() if "error: " in line)
    assert "volatility" in sentence and "row 77" in sentence and "ALFA" in sentence
    assert not (fetched / "results/finance/splits.json").exists()


def test_an_empty_slice_is_one_sentence(fetched):
    slices = {"crash": {"dates": [["2020-01-01", "2020-02-01"]]}}
    overlay(fetched, domains={"finance": {"splits": {"slices": slices}}})
    said = refused(fetched, "results/finance/splits.json")
    assert "the slice crash holds no test day" in said
    assert not (fetched / "results/finance/splits.json").exists()


def test_a_missing_mirror_is_one_sentence(clone):
    overlay(clone, mirror="nowhere", sources={"vix": {"origin": "mirror"}})
    said = refused(clone, "results/raw/vix.parquet")
    assert "nowhere" in next(line for line in said.splitlines() if "error: " in line)
    assert not list((clone / "results").rglob("manifest.json"))
