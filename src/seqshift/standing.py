"""How every run stands against the naive forecast, as lines of a table."""

import numpy as np
import pandas as pd

RUN = ["domain", "modality", "model"]
ERAS = ("train", "id", "test")
_KINDS = ("rmse", "rmse_naive", "skill")
_NAMES = [f"{kind}_{era}" for kind in _KINDS for era in ERAS]


def lines(
    scores: pd.DataFrame, baselines: list[str], units: dict[str, str]
) -> list[dict]:
    """Return errors and skill per run: mean over seeds with the range over seeds.

    Errors are geometric means over entities, because raw units differ in size between
    entities; skill is the arithmetic mean over entities. Baselines, named in the order
    in which they are shown, stand below the models of their domain.
    """
    if scores.empty:
        return []
    whole = (scores["period"] == "") & (scores["slice"] == "")
    rows = scores[whole & scores["axis"].isin(["temporal", "overall"])]
    rows = rows[rows["metric"].isin(_NAMES)]
    rows = rows.drop_duplicates([*RUN, "seed", "entity", "metric"])
    spread = _spread(rows)
    sizes = rows.groupby(RUN)[["seed", "entity"]].nunique()
    place = {name: position for position, name in enumerate(baselines)}

    def order(run: tuple[str, str, str]) -> tuple:
        return run[0], run[2] in place, run[1], place.get(run[2], 0), run[2]

    found = []
    for run in sorted(sizes.index, key=order):
        part = spread.loc[run].reindex(_NAMES)
        cells = dict(zip(_NAMES, part.itertuples(index=False, name=None), strict=True))
        seeds, entities = (int(size) for size in sizes.loc[run])
        size = {"seeds": seeds, "entities": entities, "baseline": run[2] in place}
        found.append({"run": run, "unit": units.get(run[0], ""), "cells": cells} | size)
    return found


def _spread(rows: pd.DataFrame) -> pd.DataFrame:
    """Return mean, min and max over seeds of each run and metric."""
    error = rows["metric"].str.startswith("rmse")
    value = rows["value"].where(~error, np.log(rows["value"].where(rows["value"] > 0)))
    seeds = rows.assign(value=value).groupby([*RUN, "metric", "seed"])["value"].mean()
    spread = seeds.groupby([*RUN, "metric"]).agg(["mean", "min", "max"])
    logs = spread.index.get_level_values("metric").str.startswith("rmse")
    spread[logs] = np.exp(spread[logs])
    return spread
