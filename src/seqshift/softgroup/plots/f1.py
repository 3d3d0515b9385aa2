"""F1: gain against sharpness, one panel a data set, a line a kind of similarity."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from seqshift.plotting import panels, style
from seqshift.softgroup.plots import common

SOFT = r"^soft_single_(?P<kind>.+)_b(?P<beta>.+)$"
SHOWN = ["backbone", "dataset", "H", "world"]


def table(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return gains of soft arms on single series by kind and beta, with their mass.

    Kind `joint` is the hard mask over all series; hard_single is the line of no gain.
    """
    gains, mass = tables["gains"], tables["mass"]
    gains = gains[(gains["metric"] == "sql") & gains["gain"].notna()]
    named = gains["arm"].str.extract(SOFT)
    joint = gains["arm"] == "hard_joint"
    kind, beta = named["kind"].mask(joint, "joint"), named["beta"].astype(float)
    rows = gains.assign(kind=kind, beta=beta.mask(joint, 0.0))
    keys = [*SHOWN[:3], "arm"]
    level = mass.groupby(keys, as_index=False)["mass"].mean()
    rows = rows[kind.notna()].merge(level, on=keys, how="left")
    columns = [*SHOWN, "kind", "beta", "gain", "low", "high", "mass", "seeds", "units"]
    return rows[columns]


@style.styled
def draw(frame: pd.DataFrame) -> Figure:
    """Draw gain with its interval for |r|, other kinds as lines, mass at the right."""
    cells = common.cells(frame)
    if not cells:
        return style.empty("No soft arm was judged in this run.")
    figure, axes = common.panels(len(cells), 1.95, 0.55)
    betas = np.sort(frame.loc[frame["kind"] != "joint", "beta"].unique())
    place = {beta: at for at, beta in enumerate(betas)}
    for at, (panel, (heading, own)) in enumerate(zip(axes, cells, strict=True)):
        panel.set_title(heading, fontsize=style.SMALL)
        _gains(panel, own, place)
        panel.set_xticks(range(len(betas)), [_name(beta) for beta in betas])
        last = at % common.ACROSS == common.ACROSS - 1 or at == len(cells) - 1
        _mass(panel, own[own["kind"] == "corr-abs"], place, last)
        if at % common.ACROSS == 0:
            panel.set_ylabel("gain over single series (%)", fontsize=style.SMALL)
        panel.set_xlabel("beta (sharpness)", fontsize=style.SMALL)
    panels.legend(figure, _handles(set(frame["kind"])))
    return figure


def _gains(panel: Axes, own: pd.DataFrame, place: dict[float, int]):
    common.zero(panel)
    for row in own[own["kind"] == "joint"].itertuples():
        panel.axhline(row.gain, color=style.BLACK, lw=0.9, ls=(0, (1, 1.5)))
    for kind, (_, colour, line, mark) in common.KINDS.items():
        rows = own[own["kind"] == kind].sort_values("beta")
        at = rows["beta"].map(place).to_numpy(float)
        if kind == "corr-abs":
            ends = (rows["low"].to_numpy(float), rows["high"].to_numpy(float))
            panel.fill_between(at, *ends, color=colour, alpha=0.18, lw=0)
        look = {"color": colour, "ls": line, "marker": mark, "ms": 2.8, "lw": 1.0}
        panel.plot(at, rows["gain"], **look)


def _mass(panel: Axes, own: pd.DataFrame, place: dict[float, int], last: bool):
    known = own[own["mass"].notna()]
    if known.empty:
        return
    twin = panel.twinx()
    at = known["beta"].map(place)
    twin.plot(at, known["mass"], color=style.MUTED, lw=0.9, ls=(0, (3, 1)), zorder=0)
    twin.set_ylim(0, 1)
    twin.set_yticks([0, 0.5, 1] if last else [])
    twin.spines["right"].set_visible(last)
    if last:
        twin.set_ylabel("attention on other groups", fontsize=style.SMALL)


def _name(beta: float) -> str:
    return "∞" if np.isinf(beta) else f"{beta:g}".lstrip("0") or "0"


def _handles(kinds: set[str]) -> list[Line2D]:
    found = [
        Line2D([], [], color=colour, ls=line, marker=mark, ms=2.8, lw=1, label=name)
        for kind, (name, colour, line, mark) in common.KINDS.items()
        if kind in kinds
    ]
    joint = {"color": style.BLACK, "lw": 0.9, "ls": (0, (1, 1.5))}
    grey = {"color": style.MUTED, "lw": 0.9, "ls": (0, (3, 1))}
    return [
        *found,
        Line2D([], [], label="all one group (hard)", **joint),
        Line2D([], [], label="attention mass of |r|", **grey),
    ]
