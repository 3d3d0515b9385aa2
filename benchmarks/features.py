"""Throughput of the data stages on the full-size simulated world.

Run `PYTHONPATH=src python benchmarks/features.py [FOLDER]`: 66 companies and 48 states
over 24 years, with the defects of real files, are simulated in official formats (two
processes, as `snakemake -c2` does), then parsed, joined to features and written by one
process. Printed are seconds, rows a second and the share of each step. Nothing asserts
them.
"""

import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import yaml

from seqshift import grid, raw, registry, storage, universe
from seqshift.schemas.features import features as schema
from seqshift.schemas.raw import TABLES

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ("sources", "config", "official", "simulated")
YEARS = {"start": "2001-01-01", "train_years": 12}  # of the states: 24 in all
DOMAINS = ("finance", "energy")


def merge(into: dict, other: dict) -> dict:
    """Lay one configuration over another as Snakemake does."""
    for key, value in other.items():
        both = isinstance(value, dict) and isinstance(into.get(key), dict)
        into[key] = merge(into[key], value) if both else value
    return into


def configuration() -> dict:
    config: dict = {}
    for name in LAYERS:
        merge(config, yaml.safe_load((ROOT / f"config/{name}.yaml").read_text()))
    config["worlds"]["grid"] |= YEARS
    config["domains"]["energy"]["start"] = YEARS["start"]
    return universe.resolve(config, ROOT)


def sources(config: dict) -> list[str]:
    """Return the names of the sources of both domains."""
    roles = [config["domains"][name]["sources"] for name in DOMAINS]
    return sorted({s for role in roles for names in role.values() for s in names})


def simulate(config: dict, name: str, folder: Path) -> None:
    spec = grid.source(config, name)
    raw.obtain(spec, config["worlds"][spec["world"]], None, folder / name)


class Clock:
    """Seconds and rows by step."""

    def __init__(self):
        self.seconds: dict[str, float] = {}
        self.rows: dict[str, int] = {}

    def time(self, step: str, function, *arguments):
        """Call a function and add its time to a step."""
        start = time.perf_counter()
        result = function(*arguments)
        elapsed = time.perf_counter() - start
        self.seconds[step] = self.seconds.get(step, 0.0) + elapsed
        rows = len(result) if result is not None else len(arguments[0])
        self.rows[step] = self.rows.get(step, 0) + rows
        return result

    def show(self) -> None:
        total = sum(self.seconds.values())
        for step, seconds in self.seconds.items():
            speed = self.rows[step] / seconds
            share = seconds / total
            print(f"{step:<28}{seconds:8.1f} s {share:6.0%} {speed:14,.0f} rows/s")
        print(f"{'all':<28}{total:8.1f} s")


def parse(config: dict, names: list[str], folder: Path, clock: Clock) -> dict:
    """Parse and write the raw tables; return them by name."""
    tables = {}
    for name in names:
        spec = grid.source(config, name)
        manifest = folder / name / raw.MANIFEST
        tables[name] = clock.time("parsing", raw.read, spec, manifest)
        form = TABLES[registry.load("sources", spec["kind"]).TABLE]
        path = folder / f"{name}.parquet"
        clock.time("writing", storage.write_table, tables[name], path, form)
    return tables


def join(config: dict, tables: dict, folder: Path, clock: Clock) -> None:
    """Make and write the features of both domains."""
    for name in DOMAINS:
        spec = config["domains"][name]
        roles = spec["sources"].items()
        given = {role: {s: tables[s] for s in named} for role, named in roles}
        make = registry.load("domains", spec["kind"]).features
        frame = clock.time("joining", make, given, spec)
        form = schema(spec["features"], spec["target"]["horizons"])
        path = folder / f"{name}.parquet"
        clock.time("writing", storage.write_table, frame, path, form)


def main(folder: Path) -> None:
    config = configuration()
    names = sources(config)
    start = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        jobs = [pool.submit(simulate, config, name, folder) for name in names]
        for job in jobs:
            job.result()
    print(f"simulated with two processes: {time.perf_counter() - start:.1f} s")
    clock = Clock()
    join(config, parse(config, names, folder, clock), folder, clock)
    clock.show()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as name:
            main(Path(name))
