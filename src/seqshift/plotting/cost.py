"""Error relative to the naive forecast against the operations of the training."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogFormatterMathtext, LogLocator, MaxNLocator, NullLocator

from seqshift.plotting import panels, style

RUN = ["domain", "modality", "model", "seed"]
ERAS = {"id": "held-out blocks of the train era", "test": "test era"}
ERRORS = "domain modality model seed entity metric period slice value"


@style.styled
def draw(tables: dict[str, pd.DataFrame]) -> Figure:
    """Draw one row of panels per domain from COST and SCORES."""
    cost = panels.table(tables, "cost", "rule domain modality model seed flops")
    found = points(cost, panels.table(tables, "scores", ERRORS))
    if not found[[*ERAS]].notna().any(axis=None):
        return style.empty(
            "No training with counted operations and errors in this run."
        )
    domains = sorted(found["domain"].unique())
    figure = style.blank(style.DOUBLE, 2.15 * len(domains) + 0.6)
    grid = figure.subplots(len(domains), len(ERAS), squeeze=False)  # (domain, era)
    models = style.order(found["model"])
    limits = found["flops"].min() / 2, found["flops"].max() * 2
    for row, domain in zip(grid, domains, strict=True):
        own = found[found["domain"] == domain]
        for panel, (era, text) in zip(row, ERAS.items(), strict=True):
            panel.set_title(text, fontsize=style.SMALL)
            _panel(panel, own, era, models)
        panels.heading(row[0], domain)
        _scale(row, own, limits)
    figure.supxlabel(
        "operations of the whole training of a run (FLOP)", fontsize=style.NORMAL
    )
    panels.legend(figure, _handles(found, models))
    return figure


def points(cost: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Return flops, id and test of each run.

    The two are geometric means over seen entities of RMSE / RMSE of the naive forecast.
    """
    trained = cost[cost["rule"] == "train"].set_index(RUN)["flops"]
    whole = scores[(scores["period"] == "") & (scores["slice"] == "")]
    columns = {}
    for era in ERAS:
        pair = [
            whole[whole["metric"] == f"{kind}_{era}"]
            .drop_duplicates([*RUN, "entity"])
            .set_index([*RUN, "entity"])["value"]
            for kind in ("rmse", "rmse_naive")
        ]
        ratio = (pair[0] / pair[1]).astype(float)
        ratio = ratio.where(ratio > 0)
        columns[era] = np.exp(np.log(ratio).groupby(level=RUN).mean())
    found = pd.DataFrame(columns).join(trained, how="inner").reset_index()
    found.loc[~(found["flops"] > 0), [*ERAS]] = np.nan
    return found


def _panel(panel: Axes, own: pd.DataFrame, era: str, models: list[str]):
    colours = style.colours(models)
    panel.axhline(1, color=style.MUTED, lw=0.7, ls="--")
    others = panels.modalities(own)
    for (modality, model), runs in own.groupby(["modality", "model"]):
        value = runs[era].dropna()
        if value.empty:
            continue
        look = {"color": colours[model], "marker": style.mark(modality, others)[0]}
        x, y = runs.loc[value.index, "flops"], value
        low, high = y.min(), y.max()
        middle = np.exp(np.log(x).mean()), np.exp(np.log(y).mean())
        spread = {"lw": 0.8, "color": look["color"], "alpha": 0.6}
        panel.plot([middle[0]] * 2, [low, high], **spread)
        panel.plot([x.min(), x.max()], [middle[1]] * 2, **spread)
        panel.plot(*middle, ls="", ms=4.5, **look)
    lost = set(models) - set(own.loc[own[era].notna(), "model"])
    if lost:
        text = f"no value: {', '.join(style.order(lost))}"
        spot = {"ha": "right", "va": "bottom", "transform": panel.transAxes}
        panel.text(0.99, 0.02, text, color=style.MUTED, fontsize=style.SMALL, **spot)


def _scale(row: np.ndarray, own: pd.DataFrame, limits: tuple[float, float]):
    """Give the panels of a domain the same axes."""
    values = np.append(panels.finite(own["id"], own["test"]), 1)
    low, high = values.min(), values.max()
    pad = 0.1 * max(high - low, 0.02)
    for panel in row:
        panel.set_ylim(low - pad, high + pad)
        panel.yaxis.set_major_locator(MaxNLocator(5))
        panel.set_xscale("log")
        panel.set_xlim(*limits)
        panel.xaxis.set_major_locator(LogLocator(numticks=6))
        panel.xaxis.set_major_formatter(LogFormatterMathtext())
        panel.xaxis.set_minor_locator(NullLocator())
    row[0].set_ylabel("RMSE / RMSE of naive", fontsize=style.SMALL)
    for panel in row[1:]:
        panel.set_yticklabels([])


def _handles(found: pd.DataFrame, models: list[str]) -> list:
    plain, colours = {"ls": "", "marker": "o"}, style.colours(models)
    handles = [
        Line2D([], [], color=colours[model], label=model, **plain) for model in models
    ]
    others = panels.modalities(found)
    if len(others) > 1:
        handles += [
            Line2D([], [], ls="", color=style.MUTED, label=one,
                   marker=style.mark(one, others)[0])
            for one in others
        ]  # fmt: skip
    naive = Line2D([], [], color=style.MUTED, lw=0.7, ls="--", label="naive forecast")
    span = f"smallest to largest of {panels.seeds(found)}"
    return [*handles, naive, Line2D([], [], color=style.MUTED, lw=0.8, label=span)]
