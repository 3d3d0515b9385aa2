"""A small study whose sources may, or may not, be passed on; and a bundle of it."""

import hashlib
import json
import os
from pathlib import Path
from types import SimpleNamespace

import pandas as pd

import worlds
from seqshift import sidecar, storage
from seqshift.bundle import publish

SOURCES = {"energy": ["load", "weather"], "finance": ["prices", "vix"]}
VERSION = {"commit": "0123456789ab", "date": "2026-01-31"}
RAW = {
    "load": {"series": ["AA"], "utc_end": ["2001-01-01 01:00"], "mw": [1.5]},
    "weather": {
        "station": ["AA"],
        "date": ["2001-01-01"],
        "t_mean": [4.5],
        "t_max": [9.0],
        "t_min": [None],
    },
    "prices": {"entity": ["AA"], "date": ["2001-01-01"], "open": [1.0]}
    | {name: [1.0] for name in ("high", "low", "close", "close_adj", "volume")},
    "vix": {"date": ["2001-01-01"], "close": [21.5]},
}


def config() -> dict:
    """Return the configuration of two domains with four sources."""
    energy = worlds.small_spec() | {
        "sources": {"load": ["load"], "weather": ["weather"]},
        "start": "2001-01-01",
        "end": "2006-12-31",
        "unit": "MWh",
    }
    finance = energy | {
        "sources": {"prices": ["prices"], "index": ["vix"]},
        "features": ["log_return", "vix"],
        "target": energy["target"] | {"name": "log_return"},
        "unit": "log return",
    }
    known = {"coverage": "a few days", "licence": "CC-BY-4.0", "redistributable": True}
    return {
        "name": "small",
        "mirror": "/home/someone/mirror",
        "catalogue": {name: {"title": f"Data on {name}"} | known for name in RAW},
        "sources": {name: {"kind": name, "origin": "download"} for name in RAW},
        "domains": {"energy": energy, "finance": finance},
    }


def study(folder: Path, barred: tuple[str, ...] = (), terms: dict | None = None):
    """Write results/ of a study into a folder; return the inputs of its bundle.

    Manifests of `barred` sources say that they may not be passed on; `terms` replaces
    parts of the manifest of every source.
    """
    universe = folder / "config/universe/tickers.csv"
    universe.parent.mkdir(parents=True)
    universe.write_text("entity,split,stratum\nAA,seen,x\n")
    citation = {"title": "seqshift", "version": "0.1.0", "authors": [{"name": "us"}]}
    storage.write_json(citation, folder / "CITATION.cff")
    for name, columns in RAW.items():
        _raw(folder / "results/raw", name, columns, barred, terms or {})
    for domain, sources in SOURCES.items():
        _domain(folder / f"results/{domain}", sources)
    return SimpleNamespace(
        manifests=[f"results/raw/{name}/manifest.json" for name in RAW],
        tables=[f"results/raw/{name}.parquet" for name in RAW],
        features=[f"results/{name}/features.parquet" for name in SOURCES],
        quality=[f"results/{name}/quality.parquet" for name in SOURCES],
        coverage=[f"results/{name}/coverage.csv" for name in SOURCES],
        splits=[f"results/{name}/splits.json" for name in SOURCES],
        universes=["config/universe/tickers.csv"],
        citation="CITATION.cff",
    )


def _raw(folder: Path, name: str, columns: dict, barred, terms: dict):
    frame = pd.DataFrame(columns | {"flag": ["X1"]})
    for column in {"date", "utc_end"} & set(frame):
        frame[column] = frame[column].astype("datetime64[ns]")
    for column in {"t_min"} & set(frame):
        frame[column] = frame[column].astype("float64")
    path = folder / name / f"{name}.csv"
    storage.write_text(f"raw file of {name}\n", path)
    spec = {
        "kind": name,
        "origin": "download",
        "licence": "house rules" if name in barred else "CC-BY-4.0",
        "redistributable": name not in barred,
    } | terms
    facts = {"revision": f"revision of {name}", "retrieved_at": "2026-01-01"}
    sidecar.write(path, spec, "new", **facts)
    listed = {"name": path.name, "bytes": path.stat().st_size}
    listed["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    storage.write_json(spec | {"files": [listed]}, folder / name / "manifest.json")
    frame.to_parquet(folder / f"{name}.parquet")


def _domain(folder: Path, sources: list[str]):
    folder.mkdir()
    days = pd.date_range("2001-01-01", periods=3, unit="ns")
    names = config()["domains"][folder.name]["features"]
    values = dict.fromkeys(["repaired", "target_1", "naive_1", *names], 0.25)
    frame = pd.DataFrame({"entity": "AA", "date": days, "step": range(3)} | values)
    frame.to_parquet(folder / "features.parquet")
    key = {"source": sources, "entity": "AA", "year": 2001, "rule": "", "action": ""}
    counts = pd.DataFrame(key | {"rows": 0, "checked": 1})
    counts.to_parquet(folder / "quality.parquet")
    text = "entity,era,expected,missing,repaired,share,excluded,reason\n"
    (folder / "coverage.csv").write_text(text + "AA,all,3,0,0.0,0.0,False,\n")
    heat = {"above": True, "feature": names[-1], "values": {"AA": 30.5}}
    splits = {"entities": {"AA": {"seen": True}}, "thresholds": {"heat": heat}}
    storage.write_json(splits, folder / "splits.json")


def counts() -> pd.DataFrame:
    """Return the lines of a report on quality: one repair of load."""
    line = {"source": "load", "rows": 7, "share": 0.5, "entities": 2}
    line |= {"years": "2001–2002", "meaning": "a doubled hour, averaged"}
    rules = [{"rule": "", "action": ""}, {"rule": "X1", "action": "repaired"}]
    return pd.DataFrame([line | rule for rule in rules])


def write(folder: Path, inputs) -> Path:
    """Write the bundle of a study from its folder and return where it is."""
    here = Path.cwd()
    os.chdir(folder)
    try:
        target = Path("results/bundle")
        publish.write(inputs, config(), counts(), VERSION, target)
    finally:
        os.chdir(here)
    return folder / target


def without_extras(monkeypatch):
    """Let a bundle be written without mlcroissant and dvc, with stand-ins of both."""

    def croissant(description, folder):
        (folder / "croissant.json").write_text(json.dumps({"name": "stand-in"}))

    def project(description, folder):
        (folder / "dvc.yaml").write_text("stages: {}\n")

    nothing = {"library": lambda: None, "command": lambda: "dvc"}
    monkeypatch.setattr(publish.croissant, "library", nothing["library"])
    monkeypatch.setattr(publish.project, "command", nothing["command"])
    monkeypatch.setattr(publish.croissant, "write", croissant)
    monkeypatch.setattr(publish.project, "write", project)
