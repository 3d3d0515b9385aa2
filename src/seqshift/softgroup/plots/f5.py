"""F5: which share of the gain of right groups is recovered, by kind of world."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MultipleLocator

from seqshift.plotting import panels, style
from seqshift.softgroup.plots import common

SWEEPS = {
    "noise": "noise of a series\n(factor has deviation 1)",
    "short": "share of short histories",
    "lag": "lag inside a cluster (steps)",
    "rows": "series in a batch",
}
ARMS = {
    "soft_single_selected": ("soft, selected", style.BLUE, "o", "-"),
    "seed": ("soft, original's (1 + r) / 2, beta 5", style.ORANGE, "s", "--"),
    "ctrl_shuffle_selected": ("similarity shuffled", style.MUTED, "^", ":"),
    "hard_joint": ("all one group (hard)", style.BLACK, "D", (0, (1, 1.5))),
}
CELL = ["backbone", "dataset", "H"]
COLUMNS = [
    *(*CELL, "world", "arm", "sweep", "value", "recovery", "low", "high"),
    *("gain", "right_gain", "reason"),
]


def table(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the recovery of some arms over each quantity that data sets vary.

    A sweep holds the data sets whose other quantities are those of most of them.
    """
    found = tables["recovery"]
    found = found[found["arm"].isin(ARMS) & found[list(SWEEPS)].notna().all(axis=1)]
    if found.empty:
        return pd.DataFrame(columns=COLUMNS)
    usual = found[list(SWEEPS)].mode().iloc[0]
    frames = []
    for sweep in SWEEPS:
        others = [name for name in SWEEPS if name != sweep]
        alike = (found[others] == usual[others]).all(axis=1)
        frames.append(found[alike].assign(sweep=sweep, value=found[sweep]))
    return pd.concat(frames, ignore_index=True)[COLUMNS]


@style.styled
def draw(frame: pd.DataFrame) -> Figure:
    """Draw recovery with its bootstrap interval: a panel a sweep, a row a backbone."""
    names = list(frame["backbone"].drop_duplicates())
    if not names:
        return style.empty("No world of known groups was forecast in this run.")
    figure = style.blank(style.DOUBLE, 2.0 * len(names) + 0.6)
    grid = figure.subplots(len(names), len(SWEEPS), squeeze=False, sharey=True)
    for line, name in zip(grid, names, strict=True):
        for panel, (sweep, label) in zip(line, SWEEPS.items(), strict=True):
            own = frame[(frame["backbone"] == name) & (frame["sweep"] == sweep)]
            _panel(panel, own)
            panel.set_xlabel(label, fontsize=style.SMALL)
        line[0].yaxis.set_major_locator(MultipleLocator(0.5))
        low, high = line[0].get_ylim()
        line[0].set_ylim(min(low, -0.1), max(high, 1.1))
        line[0].set_ylabel(f"{name}: share recovered", fontsize=style.SMALL)
    panels.legend(figure, _handles())
    return figure


def _panel(panel: Axes, own: pd.DataFrame):
    common.zero(panel)
    panel.axhline(1, color=style.MUTED, lw=0.6, ls=":")
    values = np.sort(own["value"].unique())
    place = {value: at for at, value in enumerate(values)}
    for shift, (arm, (_, colour, mark, line)) in enumerate(ARMS.items()):
        rows = own[(own["arm"] == arm) & own["recovery"].notna()].sort_values("value")
        at = rows["value"].map(place).to_numpy(float) + 0.09 * (shift - 1.5)
        ends = np.abs([rows["recovery"] - rows["low"], rows["high"] - rows["recovery"]])
        look = {"color": colour, "marker": mark, "ls": line, "ms": 3, "capsize": 1.5}
        panel.errorbar(at, rows["recovery"], yerr=ends, lw=0.9, **look)
    panel.set_xticks(range(len(values)), [f"{value:g}" for value in values])
    panel.set_xlim(-0.5, max(len(values) - 0.5, 0.5))
    if not own["recovery"].notna().any():
        style.say(panel, "right groups\ndo not gain\nfor certain")


def _handles() -> list[Line2D]:
    return [
        Line2D([], [], color=colour, marker=mark, ls=line, ms=3, lw=0.9, label=name)
        for name, colour, mark, line in ARMS.values()
    ]
