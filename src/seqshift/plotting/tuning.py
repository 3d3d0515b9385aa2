"""Validation loss of the trials of each study, in their order."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from seqshift.plotting import panels, style

NEEDED = "domain model trial state val_loss learning_rate dropout weight_decay at_edge"
SHORT = {"learning_rate": "rate", "dropout": "dropout", "weight_decay": "decay"}


@style.styled
def draw(tables: dict[str, pd.DataFrame]) -> Figure:
    """Draw the trials of each domain and model that has a study."""
    trials = panels.table(tables, "trials", NEEDED).assign(modality="natural")
    if trials.empty:
        return style.empty("No trial was made in this run.")
    groups, models = panels.groups(trials), style.order(trials["model"])
    figure, grid = panels.grid({group: 1.0 for group in groups}, models)
    colours = style.colours(models)
    for (group, model), panel in grid.items():
        own = panels.pick(trials, group, model).sort_values("trial")
        if not own["val_loss"].notna().any():
            style.note(panel, "no run" if own.empty else "no finite loss")
            continue
        _study(panel, own, colours[model])
    for group in groups:
        _label(models, {model: grid[group, model] for model in models})
    figure.supxlabel("trial", fontsize=style.NORMAL)
    panels.legend(figure, _handles())
    return figure


def _study(panel: Axes, own: pd.DataFrame, colour: str):
    whole = own["state"] == "complete"
    for rows, face in ((whole, colour), (~whole, style.PAPER)):
        spot = {"ls": "", "marker": "o", "color": colour, "mfc": face}
        panel.plot(own.loc[rows, "trial"], own.loc[rows, "val_loss"], **spot)
    best = own["val_loss"].where(whole).cummin().ffill()
    panel.step(own["trial"], best, where="post", color=style.INK, lw=0.9)
    if best.notna().any():
        chosen = own.loc[own["val_loss"].where(whole).idxmin()]
        ends = [SHORT[name] for name in chosen["at_edge"].split()]
        text = f"trial {chosen['trial']}" + "".join(f"\n{one} at edge" for one in ends)
        put = {"ha": "right", "va": "top", "transform": panel.transAxes}
        panel.text(0.97, 0.97, text, fontsize=style.SMALL, **put)
    low, high = own["val_loss"].min(), own["val_loss"].max()
    span = high - low or abs(high) or 1.0
    panel.set_ylim(low - 0.1 * span, high + 0.7 * span)  # the label has room above
    panel.xaxis.set_major_locator(MaxNLocator(4, integer=True, min_n_ticks=1))
    panel.yaxis.set_major_locator(MaxNLocator(4))


def _label(models: list[str], own: dict[str, Axes]):
    for panel in panels.outer(models, own):
        panel.set_ylabel("validation MSE\n(squared z-units)", fontsize=style.SMALL)


def _handles() -> list[Line2D]:
    dot = {"ls": "", "marker": "o", "color": style.INK}
    return [
        Line2D([], [], **dot, label="ran to its end"),
        Line2D([], [], **dot, mfc=style.PAPER, label="pruned or diverged"),
        Line2D([], [], color=style.INK, lw=0.9, label="least so far"),
    ]
