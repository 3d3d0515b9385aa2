"""How well each signal warns of failures a quarter ahead, per domain."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from seqshift.plotting import panels, style
from seqshift.schemas.signals import COS_DRIFT, LABELLED, OWN, SIGNALS_BY_NAME

NEEDED = "domain label lead signal auroc auroc_low auroc_high status reason"
CURVE = "domain label lead signal false_positives true_positives"
LABEL, LEAD = "g-seed", 1
# Curves that bear a name; colour and dashes both tell them apart.
SHOWN = {
    COS_DRIFT: (style.VERMILLION, "-"),
    "untrained": (style.BLACK, (0, (4, 1.5))),
    "input-c2st": (style.BLUE, (0, (6, 1, 1, 1))),
    "disagreement": (style.GREEN, (0, (1, 1))),
    "previous-g": (style.ORANGE, (0, (3, 1, 1, 1, 1, 1))),
}


@style.styled
def draw(tables: dict[str, pd.DataFrame]) -> Figure:
    """Draw ROC curves and areas with intervals, a row a domain."""
    arena = panels.table(tables, "arena", NEEDED)
    arena = arena[(arena["label"] == LABEL) & (arena["lead"] == LEAD)]
    domains = sorted(set(arena["domain"]) - {"all"})
    if not domains:
        return style.empty("No warning signal was measured in this run.")
    roc = panels.table(tables, "roc", CURVE)
    roc = roc[(roc["label"] == LABEL) & (roc["lead"] == LEAD)]
    figure = style.blank(style.DOUBLE, 2.75 * len(domains) + 0.55)
    grid = figure.subplots(len(domains), 2, squeeze=False, width_ratios=(1, 1.25))
    for (left, right), domain in zip(grid, domains, strict=True):
        own = arena[arena["domain"] == domain].set_index("signal")
        left.set_title(domain, loc="left", fontweight="bold")
        if not own["auroc"].notna().any():
            for panel in (left, right):
                style.note(panel, _reason(own))
            continue
        _curves(left, roc[roc["domain"] == domain])
        _areas(right, own)
    panels.legend(figure, _handles())
    return figure


def _reason(own: pd.DataFrame) -> str:
    said = [one for one in own["reason"] if one]
    return "not testable:\n" + (said[0].replace(", fewer", ",\nfewer") if said else "")


def _curves(panel: Axes, roc: pd.DataFrame):
    """Draw the curves of one domain, the unnamed ones behind."""
    by_name = dict(iter(roc.groupby("signal")))
    for name in sorted(by_name, key=lambda one: (one in SHOWN, one == COS_DRIFT)):
        colour, line = SHOWN.get(name, (style.MUTED, "-"))
        look = {"color": colour, "ls": line, "lw": 1.6 if name in SHOWN else 0.5}
        look["alpha"] = 1.0 if name in SHOWN else 0.45
        own = by_name[name]
        panel.plot(own["false_positives"], own["true_positives"], **look)
    panel.plot([0, 1], [0, 1], color=style.MUTED, lw=0.6, ls=":")
    panel.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal")
    panel.set_xticks([0, 0.5, 1])
    panel.set_yticks([0, 0.5, 1])
    panel.set_xlabel("share of calm quarters alarmed", fontsize=style.SMALL)
    panel.set_ylabel("share of failures alarmed", fontsize=style.SMALL)


def _areas(panel: Axes, own: pd.DataFrame):
    """Draw the area under each curve with its interval, signals downwards."""
    names = [name for name in SIGNALS_BY_NAME if name in own.index]
    for place, name in enumerate(names):
        row = own.loc[name]
        colour = SHOWN.get(name, (style.MUTED, ""))[0]
        if not np.isfinite(row["auroc"]):
            panel.text(0.01, place, "not known", color=style.MUTED, va="center",
                       ha="left", fontsize=style.SMALL, style="italic")  # fmt: skip
            continue
        ends = [row["auroc_low"], row["auroc_high"]]
        panel.plot(ends, [place, place], color=colour, lw=1.2, solid_capstyle="butt")
        fill = style.PAPER if name in LABELLED else colour
        shape = "D" if name in OWN else "o"
        panel.plot(row["auroc"], place, shape, mec=colour, mfc=fill, ms=3.6)
    panel.axvline(0.5, color=style.MUTED, lw=0.6, ls=":", zorder=0)
    panel.set_yticks(range(len(names)), names)
    panel.set(xlim=(-0.02, 1.02), ylim=(len(names) - 0.4, -0.6))
    panel.set_xlabel("area under the curve (AUROC)", fontsize=style.SMALL)


def _handles() -> list[Line2D]:
    lines = [
        Line2D([], [], color=colour, ls=line, lw=1.6, label=name)
        for name, (colour, line) in SHOWN.items()
    ]
    ink = {"color": style.MUTED, "ls": "", "ms": 3.6}
    return [
        *lines,
        Line2D([], [], color=style.MUTED, lw=0.5, label="other signals"),
        Line2D([], [], marker="D", label="form of Cos-Drift", **ink),
        Line2D([], [], marker="o", label="label-free rival", **ink),
        Line2D([], [], marker="o", mfc=style.PAPER, label="reads past errors", **ink),
    ]
