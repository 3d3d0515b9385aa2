"""Error against the operations of the training, for models and training budgets."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogFormatterSciNotation, LogLocator, NullLocator

from seqshift.plotting import panels, style

RUN = ["domain", "modality", "model", "seed"]
SPLITS = {"id_test": "held-out days of the training era", "temporal_test": "test era"}
MARKS = {"time": "o", "entity": "^"}


@style.styled
def draw(tables: dict[str, pd.DataFrame]) -> Figure:
    """Draw one row of panels per domain from POINTS and COST."""
    found = joined(
        panels.table(tables, "points", "domain by model seed split windows error"),
        panels.table(tables, "cost", "rule domain modality model seed flops"),
    )
    if found.empty:
        return style.empty("No scaling curve with counted operations in this run.")
    domains = sorted(found["domain"].unique())
    models = style.order(found["model"])
    figure = style.blank(style.DOUBLE, 2.3 * len(domains) + 0.6)
    grid = figure.subplots(len(domains), len(SPLITS), squeeze=False)  # (domain, split)
    for row, domain in zip(grid, domains, strict=True):
        own = found[found["domain"] == domain]
        for panel, (split, text) in zip(row, SPLITS.items(), strict=True):
            panel.set_title(text, fontsize=style.SMALL)
            _panel(panel, own[own["split"] == split], models)
        panels.heading(row[0], domain)
        _scale(row, own, found["flops"])
    figure.supxlabel("operations of the whole training of a run (FLOP)", fontsize=8)
    panels.legend(figure, _handles(found, models))
    return figure


def joined(points: pd.DataFrame, cost: pd.DataFrame) -> pd.DataFrame:
    """Return POINTS with the operations of the training behind each."""
    if points.empty or cost.empty:
        return points.iloc[:0].assign(flops=[])
    trained = cost.loc[cost["rule"] == "train", [*RUN, "flops"]]
    found = points.merge(trained, on=RUN)
    return found[found["flops"] > 0]


def _panel(panel: Axes, own: pd.DataFrame, models: list[str]):
    """Join the means of a model's budgets, each kind up to the whole training set."""
    colours = style.colours(models)
    for model, runs in own.groupby("model"):
        for by, mark in MARKS.items():
            part = runs[runs["by"].isin([by, "all"])]
            if by not in set(part["by"]):
                continue
            look = {"color": colours[model], "marker": mark}
            panel.plot(part["flops"], part["error"], ls="", ms=2, alpha=0.5, **look)
            logs = np.log(part[["flops", "error"]]).groupby(part["windows"]).mean()
            x, y = np.exp(logs["flops"]), np.exp(logs["error"])
            panel.plot(x, y, ls="-" if by == "time" else ":", ms=4, **look)
    lost = set(models) - set(own.loc[own["error"].notna(), "model"])
    if lost:
        text = f"no run: {', '.join(style.order(lost))}"
        spot = {"ha": "right", "va": "top", "transform": panel.transAxes}
        panel.text(0.99, 0.98, text, color=style.MUTED, fontsize=style.SMALL, **spot)


def _scale(row: np.ndarray, own: pd.DataFrame, flops: pd.Series):
    values = panels.finite(own["error"])
    pad = max(values.max() / values.min(), 1.1) ** 0.1
    for panel in row:
        limits = values.min() / pad, values.max() * pad
        panels.log_axis(panel.yaxis, *limits, room=0.1)
        panel.set_xscale("log")
        panel.set_xlim(flops.min() / 2, flops.max() * 2)
        steps = (1, 3) if flops.max() < 100 * flops.min() else (1,)
        panel.xaxis.set_major_locator(LogLocator(subs=steps, numticks=6))
        form = LogFormatterSciNotation(labelOnlyBase=False, minor_thresholds=(9, 9))
        panel.xaxis.set_major_formatter(form)
        panel.xaxis.set_minor_locator(NullLocator())
    row[0].set_ylabel("RMSE (unit of\nthe target)", fontsize=style.SMALL)
    for panel in row[1:]:
        panel.set_yticklabels([])


def _handles(found: pd.DataFrame, models: list[str]) -> list:
    colours = style.colours(models)
    handles = [Line2D([], [], color=colours[model], label=model) for model in models]
    for by, mark in MARKS.items():
        if by in set(found["by"]):
            look = {"ls": "-" if by == "time" else ":", "marker": mark}
            label = f"budgets by {by}, mean"
            handles.append(Line2D([], [], color=style.MUTED, label=label, **look))
    seed = {"ls": "", "marker": "o", "ms": 2, "alpha": 0.6, "color": style.INK}
    return [*handles, Line2D([], [], label=f"one of {panels.seeds(found)}", **seed)]
