"""Every kind of source with a small world it can be simulated from."""

import importlib
from pathlib import Path

import yaml

import gridworld
from project import ROOT, SRC
from seqshift import registry

CATALOGUE = yaml.safe_load((ROOT / "config/sources.yaml").read_text())["catalogue"]
KINDS = sorted(CATALOGUE)
DOWNLOADED = [kind for kind in KINDS if CATALOGUE[kind]["tried"]["imitation"]]
# Large enough that hourly rules see whole weeks, small enough to read often.
_STATES = {"TX": "TX", "OH": "OH", "NY": "NY"}
_SHORT = {"train_years": 1, "val_years": 0, "test_years": 0}
_MARKET = {
    "kind": "market",
    "seed": 3,
    "entities": ["AAA", "BBB"],
    "start": "2003-01-02",
    "shift": "none",
    "strength": 0.0,
    "trend": False,
    "crises": [],
}
_SERIES = {"seed": 5, "start": "2016-07-01", "days": 42}
_WORLDS = {
    **dict.fromkeys(["sharadar", "yahoo", "vix"], _MARKET | _SHORT),
    **dict.fromkeys(
        ["pudl", "cpc", "nclimgrid"],
        gridworld.spec(entities=list(_STATES), states=_STATES) | _SHORT,
    ),
    "binance": {
        "kind": "intraday",
        "seed": 6,
        "entities": ["BTCUSDT"],
        "start": "2024-12-25",
        "days": 14,
        "test_days": 4,
        "shift": "none",
        "strength": 0.0,
    },
    "ett": _SERIES | {"kind": "series", "entities": ["ETTh1"]},
    "m4": _SERIES | {"kind": "series", "entities": ["H1", "H2"]},
}


# What a reader of the files must be told besides; simulated ids count the entities.
_QUERIES = {
    "isd-lite": {
        "zones": {f"{990000 + n}-{n:05d}": "America/Chicago" for n in (1, 2, 3)}
    }
}


def world_spec(kind: str) -> dict:
    return _WORLDS.get(kind, gridworld.spec() | _SHORT)


def source(kind: str):
    return registry.load("sources", kind)


def endpoint(kind: str):
    return importlib.import_module(f"endpoints.{kind.replace('-', '_')}")


def spec(kind: str, **changes) -> dict:
    """Return what a source is told, without real pins and limits that slow a test."""
    known = {k: v for k, v in CATALOGUE[kind].items() if k not in ("tried", "pins")}
    own = {"kind": kind, "limits": [[10000, 1]], "query": _QUERIES.get(kind, {})}
    return known | own | changes


def simulate(kind: str, folder: Path) -> Path:
    """Write the files of a small world and return their folder."""
    folder.mkdir(parents=True)
    described = world_spec(kind)
    world = registry.load("simulate", described["kind"]).make(described)
    source(kind).simulate(world, spec(kind), folder)
    return folder


def modules() -> list[str]:
    """Return the kinds that have a module."""
    files = (SRC / "seqshift/sources").glob("[a-z]*.py")
    return sorted(path.stem.replace("_", "-") for path in files)
