"""Reading and joining of raw tables and of result tables."""

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from seqshift import grid, storage
from seqshift.schemas import (
    comparisons,
    controls,
    costs,
    planning,
    results,
    signals,
    studies,
)


def by_role(paths: list[str], sources: dict[str, list[str]]) -> dict:
    """Return the parsed raw tables as {role: {source: frame}}."""
    files = {Path(path).stem: path for path in paths}
    return {
        role: {name: storage.read_parquet(files[name]) for name in names}
        for role, names in sources.items()
    }


def join(paths: list[str], schema: pa.DataFrameSchema) -> pd.DataFrame:
    """Return the rows of the tables of all runs; runs carry their own keys."""
    frames = []
    for path in paths:
        frames.append(storage.read_parquet(path).assign(**grid.keys(path)))
    return pd.concat(frames, ignore_index=True)[list(schema.columns)]


def join_signals(paths: list[str], schema: pa.DataFrameSchema) -> pd.DataFrame:
    """Return the warning signals of several models; they carry their keys."""
    frames = [storage.read_parquet(path) for path in paths]
    return schema.validate(pd.concat(frames, ignore_index=True))


def join_histories(paths: list[str]) -> pd.DataFrame:
    """Return the learning curves of all runs with the keys of their runs."""
    frames = []
    for path in paths:
        frame = storage.read_csv(path, results.HISTORY)
        frames.append(frame.assign(**grid.keys(path)))
    return pd.concat(frames, ignore_index=True)[list(results.HISTORIES.columns)]


def join_trials(paths: list[str]) -> pd.DataFrame:
    """Return the trials of several studies with the domain and model of their path."""
    frames = []
    for path in paths:
        domain, _, model = Path(path).parts[-4:-1]
        frame = storage.read_csv(path, studies.TRIALS)
        frames.append(frame.assign(domain=domain, model=model))
    return pd.concat(frames, ignore_index=True)[list(studies.STUDIES.columns)]


def windows(paths: list[str]) -> pd.DataFrame:
    """Return domain, modality and number of windows of training sets."""
    rows = []
    for path in paths:
        rows.append((*Path(path).parts[-3:-1], storage.count_rows(path)))
    return pd.DataFrame(rows, columns=["domain", "modality", "windows"])


def read_all(paths: dict[str, str]) -> dict[str, pd.DataFrame]:
    """Read result tables by name; the name tells the schema, the suffix the format."""
    schemas = {
        "tests": results.TESTS,
        "scores": results.SCORES,
        "resamples": results.RESAMPLES,
        "drift": results.DRIFT,
        "ranks": results.RANKS,
        "quarters": controls.QUARTERS,
        "controls": controls.CONTROLS,
        "arena": signals.ARENA,
        "roc": signals.ROC,
        "transfer": signals.TRANSFER,
        "warning": signals.WARNING,
        "history": results.HISTORIES,
        "cost": costs.LEDGER,
        "compute": costs.SUMMARY,
        "trials": studies.STUDIES,
        "ablations": comparisons.ABLATIONS,
        "scaling": comparisons.SCALING,
        "points": comparisons.POINTS,
        "curves": comparisons.CURVES,
        "power": planning.POWER,
        "sensitivity": planning.SENSITIVITY,
        "claims": planning.CLAIMS,
    }
    return {name: _reader(path)(path, schemas[name]) for name, path in paths.items()}


def slices(domains: dict) -> pd.DataFrame:
    """Return the dated extreme slices of the test era: domain, slice, start, end.

    `domains` maps names to specs with `splits.test` and `splits.slices`. A span that
    leaves the test era is cut to it; one wholly outside is left out.
    """
    rows = []
    for name, spec in domains.items():
        first, last = (pd.Timestamp(day) for day in spec["splits"]["test"])
        for label, rule in spec["splits"]["slices"].items():
            for span in rule.get("dates", []):
                start, end = (pd.Timestamp(day) for day in span)
                if start <= last and end >= first:
                    rows.append((name, label, max(start, first), min(end, last)))
    frame = pd.DataFrame(rows, columns=["domain", "slice", "start", "end"])
    return frame.astype({"start": "datetime64[ns]", "end": "datetime64[ns]"})


def join_domains(paths: list[str], schema: pa.DataFrameSchema) -> pd.DataFrame:
    """Return one table a domain, joined, with the domain: the folder of the file."""
    frames = [
        _reader(path)(path, schema).assign(domain=Path(path).parent.name)
        for path in paths
    ]
    return pd.concat(frames, ignore_index=True)


def further(
    paths: list[str], schema: pa.DataFrameSchema, shown: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return a table of other experiments with the column experiment: its folder.

    Runs (domain, modality, model) that are in `shown`, or in an earlier experiment,
    are left out if it is given.
    """
    run, frames = list(results.RUN), []
    held = set() if shown is None else set(pd.MultiIndex.from_frame(shown[run]))
    for path in paths:
        frame = _reader(path)(path, schema).assign(experiment=Path(path).parent.name)
        if shown is not None:
            own = pd.MultiIndex.from_frame(frame[run])
            frame = frame[~own.isin(held)]
            held |= set(own)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _reader(path: str):
    return storage.read_csv if path.endswith(".csv") else storage.read_table
