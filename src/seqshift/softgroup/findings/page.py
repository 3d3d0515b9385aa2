"""The page of the study: claims first, and before them what was not tested."""

import itertools
from pathlib import Path

import pandas as pd

from seqshift import report, storage

PLURALS = {"origin": "origins", "replicate": "replicates", "series": "series"}
TABLES = ("claims", "answers", "gains", "controls", "leaks")


def write(
    path: str | Path,
    tables: dict[str, pd.DataFrame],
    figures: dict[str, tuple[Path, str]],
    gates: list[dict],
    about: dict,
):
    """Write the page; it needs no other file and no network.

    Parameters
    ----------
    tables
        `TABLES` and probe (PROBE of all runs).
    figures
        Name of each figure -> its PNG and its caption (plain paragraphs).
    gates
        What each backbone and seed showed, with `backbone` and `seed`.
    about
        `title`, `planned` (cells), `absent` (backbones not run), `trained` (names of
        backbones trained here), `statistics` and `gate` of the configuration.
    """
    shown = {name: tables[name].to_dict("records") for name in TABLES}
    text = report.environment().get_template("softgroup.html.j2").render(
        facts=facts(about, tables["gains"]),
        **shown,
        summary=summary(tables["claims"]),
        gates=gates,
        probes=probed(tables["probe"]),
        figures=[report.figure(name, *one) for name, one in figures.items()],
    )  # fmt: skip
    storage.write_text(text, path)


def facts(about: dict, gains: pd.DataFrame) -> dict:
    """Return what the page says of the study as a whole."""
    cells, rules, gate = about["planned"], about["statistics"], about["gate"]
    here = [cell for cell in cells if not cell["reason"]]
    lost = sorted((cell["reason"], cell["dataset"]) for cell in cells if cell["reason"])
    missing = [
        (reason, sorted({name for _, name in own}))
        for reason, own in itertools.groupby(lost, key=lambda pair: pair[0])
    ]
    return {
        **{name: about[name] for name in ("title", "absent", "trained")},
        **{name: rules[name] for name in ("alpha", "power", "margin", "alike")},
        "simulated": _names(here, lambda cell: cell["world"] == "simulated"),
        "undated": _names(here, lambda cell: not cell["calendar"]),
        "missing": missing,
        "only_trained": {cell["backbone"] for cell in cells} <= set(about["trained"]),
        "enforced": gate["enforced"],
        "bounds": {name: gate[name] for name in ("mase", "wql")},
        "scope": scope(here, gains),
    }


def summary(claims: pd.DataFrame) -> list[dict]:
    """Return one line a claim and backbone: its verdicts, and the row that leads.

    Real data lead simulated ones, and what was judged leads what was not. A backbone
    that was not run has one line for all claims.
    """
    run = claims["n_seeds"] > 0
    found = []
    for _, own in claims[run].groupby(["id", "backbone"], sort=False):
        judged = own[own["verdict"] != "not testable"]
        real = judged[judged["world"] == "real"]
        shown = next(part for part in (real, judged, own) if len(part))
        counts = shown["verdict"].value_counts()
        lead = shown[shown["verdict"] == counts.index[0]].iloc[0].to_dict()
        words = [f"{word} {count}" for word, count in counts.items()]
        verdict = counts.index[0] if len(counts) == 1 else ", ".join(words)
        found.append(lead | {"verdict": verdict, "rows": len(shown)})
    for name, own in claims[~run].groupby("backbone", sort=False):
        if name not in set(claims.loc[run, "backbone"]):
            ends = f"{own['id'].iloc[0]}–{own['id'].iloc[-1]}"
            about = {"id": ends, "claim": "all claims", "rows": 1}
            found.append(own.iloc[0].to_dict() | about)
    return found


def scope(cells: list[dict], gains: pd.DataFrame) -> str:
    """Return backbones with their seeds, data sets with units and world, in words."""
    backbones = {cell["backbone"]: len(cell["seeds"]) for cell in cells}
    said = [f"{name} ({count} seed{'s' * (count != 1)})"
            for name, count in backbones.items()]  # fmt: skip
    known = gains[gains["units"] > 0] if len(gains) else gains
    sets = [
        f"{row.dataset} H = {row.H}: {row.units} {PLURALS[row.unit]}, {row.world}"
        for row in known.drop_duplicates(["dataset", "H"]).itertuples()
    ]
    return f"Backbones: {', '.join(said)}. Units: {'; '.join(sets)}."


def probed(probe: pd.DataFrame) -> dict:
    """Return the largest change of forecasts outside the leak and inside it."""
    if probe.empty:
        return {}
    inside = probe["leak"] == 1
    leak = probe.loc[inside, "difference"]
    return {
        "honest": float(probe.loc[~inside, "difference"].max()),
        "leak": float(leak.max()) if len(leak) else float("nan"),
        "count": len(probe),
    }


def _names(cells: list[dict], kept) -> list[str]:
    return list(dict.fromkeys(cell["dataset"] for cell in cells if kept(cell)))
