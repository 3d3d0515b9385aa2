"""Each variant of a model against its base: a forest plot of paired ratios."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from seqshift.plotting import panels, style
from seqshift.plotting.g_ratio import CODES

NEEDED = "domain modality variant base measure estimate low high verdict status"
MEASURES = {
    "rmse_id": "RMSE, held-out days",
    "rmse_test": "RMSE, test era",
    "g_ratio": "G-Ratio, corrected",
}
COLOURS = {"worse": style.VERMILLION, "better": style.GREEN, "undecided": style.MUTED}
ROW = 0.17  # inches


@style.styled
def draw(tables: dict[str, pd.DataFrame]) -> Figure:
    """Draw the ratio variant / base per domain, variant and measure."""
    frame = panels.table(tables, "ablations", NEEDED)
    if frame.empty:
        return style.empty("No ablation was compared in this run.")
    groups, slots = panels.groups(frame), _slots(frame)
    rows = len(slots)
    figure = style.blank(style.DOUBLE, (ROW * (rows + 1) + 0.55) * len(groups) + 0.7)
    axes = figure.subplots(
        len(groups), len(MEASURES), squeeze=False, sharex="col", sharey=True
    )  # (group, measure)
    for line, group in zip(axes, groups, strict=True):
        own = panels.pick(frame, group)
        for panel, measure in zip(line, MEASURES, strict=True):
            limits = _limits(frame[frame["measure"] == measure])
            _frame(panel, limits)
            _estimates(panel, own[own["measure"] == measure], slots, limits)
            panel.set_title(MEASURES[measure], fontsize=style.SMALL)
        panels.heading(line[0], " · ".join(group))
    for panel in axes[:, 0]:
        _label(panel, slots)
    words = "ratio variant / base (dimensionless, log scale)"
    figure.supxlabel(words, fontsize=style.NORMAL)
    panels.legend(figure, _handles(frame))
    return figure


def _slots(frame: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Return the row of each (base, variant); a base stands above its variants."""
    slots: dict[tuple[str, str], int] = {}
    for base in style.order(frame["base"]):
        own = frame.loc[frame["base"] == base, "variant"]
        for name in ("", *dict.fromkeys(own)):
            slots[base, name] = len(slots)
    return slots


def _limits(frame: pd.DataFrame) -> tuple[float, float]:
    points = panels.finite(frame["estimate"], pd.Series([1.0]))
    ends = panels.finite(frame["low"], frame["high"], points)
    # One hopeless interval must not squeeze all others: it ends in an arrow.
    room = max(points.max(), 1 / points.min(), 1.05) ** 3
    reach = min(max(ends.max(), 1 / ends.min(), 1.02) ** 1.1, room)
    return 1 / reach, reach


def _frame(panel: Axes, limits: tuple[float, float]):
    panel.axvline(1, color=style.MUTED, lw=0.7)
    panel.tick_params(axis="y", length=0)
    panels.log_axis(panel.xaxis, *limits, room=0.2, keep=(1.0,))


def _estimates(panel: Axes, own: pd.DataFrame, slots, limits):
    held = set(zip(own["base"], own["variant"], strict=True))
    for slot, place in slots.items():
        if slot[1] and slot not in held:
            _say(panel, place, "no run")
    for row in own.to_dict("records"):
        place = slots[row["base"], row["variant"]]
        if not np.isfinite(row["estimate"]):
            _say(panel, place, "no value")
            continue
        colour = COLOURS[row["verdict"]]
        ends = [row["low"], row["high"]]
        if np.isfinite(ends).all():
            panel.plot(np.clip(ends, *limits), [place] * 2, color=colour, lw=1)
            for end, edge, shape in zip(ends, limits, "<>", strict=True):
                if not limits[0] <= end <= limits[1]:
                    look = {"color": colour, "ms": 4, "clip_on": False}
                    panel.plot(edge, place, shape, **look)
        fill = style.PAPER if row["verdict"] == "undecided" else colour
        face = {"mfc": fill, "mec": colour, "mew": 0.9, "ms": 4.2}
        panel.plot(np.clip(row["estimate"], *limits), place, "o", zorder=3, **face)
        if row["status"] != "ok":
            _code(panel, place, row["status"])


def _say(panel: Axes, place: int, text: str):
    """Write in an empty row."""
    put = {"ha": "center", "va": "center", "transform": panel.get_yaxis_transform()}
    put["bbox"] = {"fc": style.PAPER, "ec": "none", "pad": 0.3}
    panel.text(0.5, place, text, fontsize=style.SMALL, color=style.MUTED, **put)


def _code(panel: Axes, place: int, status: str):
    """Write the letter of a status right of a row."""
    put = {"ha": "left", "va": "center", "transform": panel.get_yaxis_transform()}
    text = CODES.get(status, status)
    panel.text(1.01, place, text, fontsize=style.SMALL, color=style.MUTED, **put)


def _label(panel: Axes, slots):
    names = [name.removeprefix(f"{base}-") if name else base for base, name in slots]
    panel.set_yticks([*slots.values()], names)
    for label, (_, name) in zip(panel.get_yticklabels(), slots, strict=True):
        label.set_fontweight("normal" if name else "bold")
    panel.set_ylim(len(slots) - 0.3, -0.7)


def _handles(frame: pd.DataFrame) -> list[Line2D]:
    words = {
        "worse": "variant worse than base",
        "better": "variant better",
        "undecided": "undecided",
    }
    found = []
    for verdict, label in words.items():
        colour = COLOURS[verdict]
        fill = style.PAPER if verdict == "undecided" else colour
        look = {"marker": "o", "mfc": fill, "mec": colour, "color": colour}
        found.append(Line2D([], [], lw=1, label=label, **look))
    held = [one for one in CODES if one in set(frame["status"])]
    for one in held:
        label = f"{CODES[one]}: status {one.replace('_', ' ')}"
        found.append(Line2D([], [], ls="", label=label))
    return found
