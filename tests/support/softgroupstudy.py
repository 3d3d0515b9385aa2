"""A small invented study of soft group masks, from losses to all its tables."""

from functools import cache

import pandas as pd

import softgrouptables as made
from seqshift.softgroup.findings import (
    answers,
    comparisons,
    family,
    hypotheses,
    observations,
    recovery,
    seedclaims,
    tabulation,
)
from seqshift.softgroup.findings.evidence import Evidence, key

WEIGHTS = {"backbone": "chronos-2", "reason": "its weights were not run"}
CELLS = [made.CLUSTERS, made.ETTH1, made.M4, made.EIA["hourly"], made.ETTH2]
SIMULATED = [made.CLUSTERS, made.ETTH1 | {"world": "simulated"}]
SEEDS = [0, 1]
DROPPED = ("corr-clip", "dist", "_b10", "_b20", "_b50", "_b0.5", "corrdiff")


def arms(cell: dict) -> dict[str, float]:
    """Return the true gain of fewer arms than the study has."""
    found = made.gains(cell)
    return {arm: g for arm, g in found.items() if not any(d in arm for d in DROPPED)}


def best(cell: dict) -> dict[str, str]:
    known = made.best(cell)
    return {kind: arm for kind, arm in known.items() if arm in arms(cell)}


def joined(make, cells: list[dict], *rest) -> pd.DataFrame:
    """Return one table of all cells and seeds."""
    frames = [make(cell, seed, *rest) for cell in cells for seed in cell["seeds"]]
    return pd.concat(frames, ignore_index=True)


@cache
def make(simulated: bool = False) -> dict:
    """Return evidence and tables of a study of two seeds, by their names."""
    planned = SIMULATED if simulated else CELLS
    cells = [cell | {"seeds": SEEDS} for cell in planned]
    here = [cell for cell in cells if not cell["reason"]]
    declared, units, rows, facts = family.declare(cells), {}, [], []
    for cell in here:
        own = arms(cell)
        losses = pd.concat(made.losses(cell, seed, own) for seed in cell["seeds"])
        about = made.about(cell)
        names = family.members(cell)
        units[key(cell)] = observations.averaged(losses, about, cell["unit"], names)
        facts += [made.agreement(cell, seed, own) for seed in cell["seeds"]]
        pairs = comparisons.pairs(facts[-1], best(cell), cell["wrong"])
        rows.append(hypotheses.rows(units[key(cell)], pairs, cell, made.STATISTICS))
    joint = pd.concat(rows, ignore_index=True)
    tests = hypotheses.judge(joint, declared, made.STATISTICS["alpha"])
    leaking = [cell for cell in here if cell["leak"]]
    tables = {
        "leak": joined(made.leak, leaking),
        "curve": joined(made.curve, leaking),
        "mass": joined(made.mass, here),
        "similarity": pd.concat([made.similarity(c) for c in here], ignore_index=True),
        "agreement": pd.concat(facts, ignore_index=True),
    }
    leaks = tabulation.leaks(tables["leak"], tests, cells, made.STATISTICS)
    names = ("mass", "similarity", "agreement", "curve")
    evidence = Evidence(
        cells, [WEIGHTS], tests, leaks, made.STATISTICS, units,
        **{name: tables[name] for name in names},
    )  # fmt: skip
    return {
        **tables,
        "cells": cells,
        "evidence": evidence,
        "family": declared,
        "tests": tests,
        "leaks": leaks,
        "gains": tabulation.gains(tests, declared, cells),
        "parts": tabulation.parts(tests, declared, cells),
        "controls": tabulation.controls(tests, tables["agreement"]),
        "recovery": recovery.table(units, tests, cells, made.STATISTICS),
        "claims": seedclaims.judge(evidence),
        "answers": answers.answer(evidence),
        "matrices": [made.matrix(cell) for cell in here],
    }
