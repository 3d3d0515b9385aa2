"""One self-contained HTML page that states what a run found, and how sure that is."""

import base64
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from seqshift import sections, standing, storage

TABLES = (
    *("tests", "scores", "compute", "quality", "coverage"),
    *("further", "further_tests"),
)
VERDICTS = ("fails", "does not fail", "undecided")
LISTS = ("domains", "modalities", "models", "seeds")


def write(
    path: str | Path,
    tables: dict[str, pd.DataFrame],
    figures: dict[str, tuple[Path, str]],
    facts: dict[str, Any],
):
    """Write the report of a run: a page that needs no other file and no network.

    Parameters
    ----------
    path
        The HTML file.
    tables
        Any of tests, scores, compute, `sections.STUDIES`, quality (`quality.summary`),
        coverage (with the column domain), scores and tests of `further` experiments.
    figures
        Name of each figure -> its PNG and its caption (plain paragraphs).
    facts
        Any of: title, configuration, experiment, domains, modalities, models, seeds
        (lists), alpha, simulated (domains whose data are simulated), units (domain ->
        unit of the target), baselines (names, in order), not_run (domain -> names of
        baselines that it could have), deviations (where departures from the plan are
        listed), provenance (mapping, may be nested).
    """
    shown = {name: tables.get(name, pd.DataFrame()) for name in TABLES}
    facts = _facts(facts, shown["tests"], shown["scores"])
    text = environment().get_template("report.html.j2").render(
        facts=facts,
        **_result(shown, facts),
        eras=standing.ERAS,
        compute=shown["compute"].to_dict("records"),
        quality=shown["quality"].to_dict("records"),
        coverage=_coverage(shown["coverage"]),
        figures=[figure(name, *one) for name, one in figures.items()],
        studies=sections.studies(tables, facts["alpha"]),
        nan=math.nan,
        provenance=_flat(facts.get("provenance", {})),
    )  # fmt: skip
    storage.write_text(text, path)


def environment() -> Environment:
    """Return what renders the pages, with the filters of their numbers."""
    made = Environment(
        loader=PackageLoader("seqshift", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "number": _number, "interval": _interval, "chance": _chance, "key": _key,
    }  # fmt: skip
    return made


def _number(value: float) -> str:
    if not math.isfinite(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 999.5 else f"{value:#.3g}".rstrip(".")


def _interval(values: Iterable[float]) -> str:
    """Return an estimate with the ends of its interval."""
    middle, low, high = values
    if not math.isfinite(middle):
        return "–"
    return f"{_number(middle)} [{_number(low)}, {_number(high)}]"


def _chance(value: float) -> str:
    if not math.isfinite(value):
        return "–"
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _key(value: float) -> str:
    """Return a number by which a browser sorts; a missing one has none."""
    return repr(float(value)) if math.isfinite(value) else ""


def _facts(facts: dict, tests: pd.DataFrame, scores: pd.DataFrame) -> dict:
    known = {"title": "seqshift", "configuration": "", "experiment": "",
             "simulated": [], "deviations": "", "alpha": None, "units": {},
             "baselines": ["naive"], "not_run": {}} | facts  # fmt: skip
    for name, column in zip(LISTS, [*standing.RUN, "seed"], strict=True):
        if name not in facts:
            source = tests if column in tests else scores
            known[name] = sorted(source[column].unique()) if column in source else []
    return known


def _judged(tests: pd.DataFrame, facts: dict) -> pd.DataFrame:
    """Return the tests of models: those of baselines are counted apart."""
    return tests[~tests["model"].isin(facts["baselines"])] if len(tests) else tests


def _result(shown: dict[str, pd.DataFrame], facts: dict) -> dict[str, Any]:
    """Return what the page says of tests and errors, here and in other experiments."""
    tests, others = shown["tests"], _split(shown["further_tests"])
    judged = _judged(tests, facts)
    scores = {facts["experiment"]: shown["scores"], **_split(shown["further"])}
    return {
        "counts": _counts(judged),
        "alone": _alone(judged),
        "forced": int((judged["status"] != "ok").sum()) if len(judged) else 0,
        "tests": tests.to_dict("records"),
        "statuses": _statuses(tests),
        "standing": _standing(scores, facts),
        "further": {n: _counts(_judged(rows, facts)) for n, rows in others.items()},
    }


def _split(further: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return dict(iter(further.groupby("experiment"))) if len(further) else {}


def _standing(experiments: dict[str, pd.DataFrame], facts: dict) -> list[dict]:
    """Return the lines of every experiment, then those of baselines not run."""
    found = []
    for name, scores in experiments.items():
        own = standing.lines(scores, facts["baselines"], facts["units"])
        found += [line | {"experiment": name} for line in own]
        for domain in dict.fromkeys(line["run"][0] for line in own):
            for idle in facts["not_run"].get(domain, []):
                line = {"experiment": name, "run": (domain, "natural", idle)}
                found.append(line | {"cells": {}, "baseline": True})
    return found


def _counts(tests: pd.DataFrame) -> dict[str, int]:
    found = tests["verdict"].value_counts() if len(tests) else {}
    return {verdict: int(found.get(verdict, 0)) for verdict in VERDICTS}


def _statuses(tests: pd.DataFrame) -> dict[str, int]:
    """Return how many rows carry each status that forbids a verdict."""
    found = tests["status"].value_counts().sort_index() if len(tests) else {}
    return {name: int(count) for name, count in found.items() if name != "ok"}


def _alone(tests: pd.DataFrame) -> int:
    """Return in how many rows the seed column exceeds its threshold without failure."""
    if tests.empty:
        return 0
    above = tests["estimate_seed"] > tests["threshold"]
    return int((above & (tests["verdict"] != "fails")).sum())


def _coverage(coverage: pd.DataFrame) -> list[dict]:
    """Return one line a domain and era, with the entity of the largest share."""
    if coverage.empty:
        return []
    found = []
    for (domain, era), part in coverage.groupby(["domain", "era"], sort=False):
        sums = part[["expected", "missing", "repaired"]].sum()
        worst = part.loc[part["share"].idxmax(), ["entity", "share"]]
        lost = (sums["missing"] + sums["repaired"]) / max(sums["expected"], 1)
        line = {"domain": domain, "era": era, "entities": len(part), **sums, **worst}
        excluded = part[part["excluded"]].to_dict("records")
        found.append(line | {"lost": lost, "excluded": excluded})
    return found


def figure(name: str, path: Path, caption: str) -> dict:
    """Return a figure as a page holds it: image as text, caption in paragraphs."""
    paragraphs = [" ".join(one.split()) for one in caption.strip().split("\n\n")]
    image = Path(path).read_bytes() if Path(path).exists() else b""
    data = base64.b64encode(image).decode()
    return {"name": name, "data": data, "caption": paragraphs}


def _flat(facts: dict, prefix: str = "") -> list[tuple[str, str]]:
    rows = []
    for name, value in sorted(facts.items()):
        label = f"{prefix} {name}".strip()
        nested = isinstance(value, dict)
        rows += _flat(value, label) if nested else [(label, str(value))]
    return rows
