"""Training and validation loss per epoch, a band over seeds."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from seqshift.plotting import panels, style

NEEDED = "domain modality model seed epoch train_loss val_loss"
CURVES = {"train_loss": ("-", "train"), "val_loss": ((0, (3, 1.5)), "validation")}


@style.styled
def draw(tables: dict[str, pd.DataFrame]) -> Figure:
    """Draw the loss of each epoch per domain, modality and model."""
    history = panels.table(tables, "history", NEEDED)
    if history.empty:
        return style.empty("No training history was written in this run.")
    groups, models = panels.groups(history), style.order(history["model"])
    figure, grid = panels.grid({group: 1.0 for group in groups}, models)
    colours = style.colours(models)
    for (group, model), panel in grid.items():
        own = panels.pick(history, group, model)
        if not own[[*CURVES]].notna().any(axis=None):
            style.note(panel, "no run" if own.empty else "no finite loss")
            continue
        _curves(panel, own, colours[model])
    for group in groups:
        _scale(models, {model: grid[group, model] for model in models})
    figure.supxlabel("epoch", fontsize=style.NORMAL)
    panels.legend(figure, _handles(panels.seeds(history)))
    return figure


def _curves(panel: Axes, own: pd.DataFrame, colour: str):
    for column, (line, _) in CURVES.items():
        epochs = own.groupby("epoch")[column]
        spread = epochs.agg(["min", "median", "max"]).dropna()
        band = {"alpha": 0.22, "lw": 0, "color": colour}
        panel.fill_between(spread.index, spread["min"], spread["max"], **band)
        ink = colour if column == "train_loss" else style.INK
        panel.plot(spread.index, spread["median"], ls=line, color=ink, lw=1.1)
    stops = own.groupby("seed")["epoch"].max()
    if stops.nunique() > 1 or len(stops) == 1:
        spot = {"transform": panel.get_xaxis_transform(), "ls": ""}
        panel.plot(stops, [0.03] * len(stops), marker="|", ms=5, color=colour, **spot)


def _scale(models: list[str], own: dict[str, Axes]):
    full = [panel for panel in own.values() if panel.lines]
    ends = [panel.dataLim.intervaly for panel in full]
    if not full:
        return
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    labelled = panels.outer(models, own)
    for panel in full:
        if low > 0:
            pad = max(high / low, 1.02)
            limits = low / pad**0.15, high * pad**0.05
            panels.log_axis(panel.yaxis, *limits, room=0.13)
        panel.xaxis.set_major_locator(MaxNLocator(4, integer=True, min_n_ticks=1))
        if panel in labelled:
            panel.set_ylabel("loss, MSE\n(squared z-units)", fontsize=style.SMALL)
        else:
            panel.set_yticklabels([])
    panels.share_limits(full, "x")
    panels.share_limits(full, "y")


def _handles(seeds: str) -> list:
    lines = [
        Line2D([], [], ls=line, color=style.INK, label=f"{text}, median")
        for line, text in CURVES.values()
    ]
    band = Patch(fc=style.MUTED, alpha=0.3, label=f"smallest to largest of {seeds}")
    stop = Line2D(
        [], [], ls="", marker="|", color=style.INK, label="a seed's last epoch"
    )
    return [*lines, band, stop]
