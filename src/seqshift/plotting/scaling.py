"""Error against the number of training windows, with the fitted laws."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from seqshift.plotting import panels, style

NEEDED = "domain by model seed split windows error"
LINES = "domain by model split form windows error low high"
COLOURS = {"id_test": style.BLUE, "temporal_test": style.VERMILLION}
WORDS = {"id_test": "held-out days of the training era", "temporal_test": "test era"}
STYLES = {"power": "-", "floor": (0, (3, 1.5))}
BUDGETS = ("time", "entity")


@style.styled
def draw(tables: dict[str, pd.DataFrame]) -> Figure:
    """Draw error against windows per domain, kind of budget and model."""
    points = panels.table(tables, "points", NEEDED)
    curves = panels.table(tables, "curves", LINES)
    if points.empty:
        return style.empty("No scaling curve was measured in this run.")
    groups = _groups(points)
    models = style.order(points["model"])
    figure, grid = panels.grid(
        {(domain, f"budgets by {by}"): 1.25 for domain, by in groups}, models
    )
    for domain, by in groups:
        own = {model: grid[(domain, f"budgets by {by}"), model] for model in models}
        held = points[(points["domain"] == domain) & points["by"].isin([by, "all"])]
        lines = curves[(curves["domain"] == domain) & (curves["by"] == by)]
        for model, panel in own.items():
            _points(panel, held[held["model"] == model])
            _lines(panel, lines[lines["model"] == model])
        _scale(models, own, held)
    figure.supxlabel("training windows (log scale)", fontsize=style.NORMAL)
    panels.legend(figure, _handles(points, curves))
    return figure


def _groups(points: pd.DataFrame) -> list[tuple[str, str]]:
    pairs = set(zip(points["domain"], points["by"], strict=True))
    domains = sorted(set(points["domain"]))
    return [(one, by) for one in domains for by in BUDGETS if (one, by) in pairs]


def _points(panel: Axes, own: pd.DataFrame):
    own = own[np.isfinite(own["error"])]
    if own.empty:
        style.note(panel, "no run")
        return
    for split, part in own.groupby("split"):
        colour = COLOURS[split]
        dots = {"marker": "o", "ms": 2, "alpha": 0.5, "ls": "", "color": colour}
        panel.plot(part["windows"], part["error"], **dots)
        logs = np.log(part["error"]).groupby(part["windows"]).mean()
        face = {"marker": "o", "ls": "", "mfc": style.PAPER, "mec": colour, "ms": 4}
        panel.plot(logs.index, np.exp(logs), zorder=3, **face)


def _lines(panel: Axes, own: pd.DataFrame):
    for (split, form), part in own.groupby(["split", "form"]):
        part = part.sort_values("windows")
        colour = COLOURS[split]
        panel.plot(part["windows"], part["error"], ls=STYLES[form], color=colour)
        if form == "power":
            band = {"alpha": 0.15, "lw": 0, "color": colour}
            panel.fill_between(part["windows"], part["low"], part["high"], **band)


def _scale(models: list[str], own: dict[str, Axes], held: pd.DataFrame):
    # From the points alone: the band of two seeds would hide every curve.
    errors, windows = panels.finite(held["error"]), panels.finite(held["windows"])
    if not len(errors):
        return
    pad = max(errors.max() / errors.min(), 1.1) ** 0.25
    wide = max(windows.max() / windows.min(), 1.5) ** 0.1
    full = [panel for panel in own.values() if panel.lines]
    labelled = panels.outer(models, own)
    for panel in full:
        limits = errors.min() / pad, errors.max() * pad
        panels.log_axis(panel.yaxis, *limits, room=0.15)
        limits = windows.min() / wide, windows.max() * wide
        panels.log_axis(panel.xaxis, *limits, room=0.09 + 0.05 * len(models))
        if panel in labelled:
            panel.set_ylabel("RMSE (unit of\nthe target)", fontsize=style.SMALL)
        else:
            panel.set_yticklabels([])


def _handles(points: pd.DataFrame, curves: pd.DataFrame) -> list:
    dot = {"ls": "", "marker": "o", "mfc": style.PAPER}
    shown = [split for split in WORDS if split in set(points["split"])]
    handles: list = [
        Line2D([], [], mec=COLOURS[split], label=f"{WORDS[split]}, mean", **dot)
        for split in shown
    ]
    seed = {"ls": "", "marker": "o", "ms": 2, "alpha": 0.6, "color": style.INK}
    handles.append(Line2D([], [], label=f"one of {panels.seeds(points)}", **seed))
    laws = {"power": "power law", "floor": "power law with a floor"}
    for form, label in laws.items():
        if form in set(curves["form"]):
            line = {"ls": STYLES[form], "color": style.INK}
            handles.append(Line2D([], [], label=label, **line))
    if np.isfinite(curves["low"].to_numpy(float)).any():
        handles.append(Patch(fc=style.MUTED, alpha=0.3, label="95 % interval, seeds"))
    return handles
