"""F3: gain against the number of windows: the first ones, and random stretches."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from seqshift.plotting import panels, style
from seqshift.softgroup.plots import common

KEYS = ["backbone", "dataset", "H", "world", "arm", "sampling", "windows", "draw"]
LOOKS = {
    "first": (style.VERMILLION, "s", "-"),
    "blocks": (style.BLUE, "o", "--"),
}


def table(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return gains by sample size, the mean over seeds of each draw (CURVE)."""
    curve = tables["curve"]
    worlds = tables["gains"][["backbone", "dataset", "H", "world"]].drop_duplicates()
    rows = curve.merge(worlds, on=["backbone", "dataset", "H"], how="left")
    numbers = ["origins", "gain_pct", "low", "high", "naive_t"]
    mean = rows.groupby(KEYS, sort=True)[numbers].mean().reset_index()
    return mean.rename(columns={"gain_pct": "gain"})


@style.styled
def draw(frame: pd.DataFrame) -> Figure:
    """Draw the first windows with the interval of independent ones, and stretches."""
    frame = frame.assign(dataset=frame["dataset"] + ": " + frame["arm"])
    cells = common.cells(frame)
    if not cells:
        return style.empty("No curve over sample sizes was traced in this run.")
    across = min(2, len(cells))
    figure, axes = common.panels(len(cells), 2.2, 0.55, across)
    for at, (panel, (heading, own)) in enumerate(zip(axes, cells, strict=True)):
        panel.set_title(heading, fontsize=style.SMALL)
        _panel(panel, own)
        panel.set_xlabel("windows", fontsize=style.SMALL)
        if at % across == 0:
            panel.set_ylabel("gain over single series (%)", fontsize=style.SMALL)
    panels.legend(figure, _handles())
    return figure


def _panel(panel: Axes, own: pd.DataFrame):
    common.zero(panel)
    for name, (colour, mark, line) in LOOKS.items():
        rows = own[own["sampling"] == name]
        mean = rows.groupby("windows")[["gain", "low", "high"]].mean()
        if name == "blocks":
            look = {"color": colour, "alpha": 0.35, "ls": "", "ms": 2.4, "mew": 0}
            panel.plot(rows["windows"], rows["gain"], mark, **look)
        ends = [mean["gain"] - mean["low"], mean["high"] - mean["gain"]]
        look = {"color": colour, "marker": mark, "ls": line, "ms": 3, "capsize": 2}
        panel.errorbar(mean.index, mean["gain"], yerr=np.abs(ends), lw=1, **look)
    sizes = np.sort(own["windows"].unique())
    if len(sizes) > 1:
        panels.log_axis(panel.xaxis, sizes[0] * 0.8, sizes[-1] * 1.25, 0.14)
    # Intervals of the shortest stretches would hide all else.
    reach = np.nanquantile(np.abs(own["gain"]), 0.98) * 1.6
    if np.isfinite(reach) and reach > 0:
        panel.set_ylim(-reach, reach)


def _handles() -> list[Line2D]:
    names = {
        "first": "first windows, interval as if independent",
        "blocks": "random stretches of time, mean and EWC interval",
    }
    return [
        Line2D([], [], color=colour, marker=mark, ls=line, ms=3, label=names[name])
        for name, (colour, mark, line) in LOOKS.items()
    ]
